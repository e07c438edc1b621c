"use strict";

(() => {
  const place = document.getElementById("swagger-ui");
  const known = place.dataset;

  // Swagger UI leaves user and password empty, and would send the client's id and secret in a
  // header, which Fluent's documentation does not know.
  const FIELDS = {
    oauth_username: known.username,
    oauth_password: known.password,
    password_type: "request-body",
  };

  function fill(id, value) {
    const field = document.getElementById(id);
    if (!field || !value) return;
    // By the prototype's setter: React would not notice what is set on the element itself.
    const prototype = Object.getPrototypeOf(field);
    Object.getOwnPropertyDescriptor(prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
  }

  function filledIn() {
    const oauth2 = (Original, { React }) =>
      class SignIn extends React.Component {
        componentDidMount() {
          for (const [id, value] of Object.entries(FIELDS)) fill(id, value);
        }

        render() {
          return React.createElement(Original, this.props);
        }
      };
    return { wrapComponents: { oauth2 } };
  }

  // Whoever comes from the window is signed in: with what its sign-in was, or what may be shown.
  async function signIn() {
    if (!new URLSearchParams(location.search).has("signIn")) return;
    if (place.hasAttribute("data-is-control")) {
      const kept = sessionStorage.getItem("fluent-sim:admin-token");
      if (kept) page.preauthorizeApiKey("admin", kept);
      return;
    }
    if (!known.password || !known.clientSecret) return;
    const form = new URLSearchParams({
      grant_type: "password",
      client_id: known.clientId,
      client_secret: known.clientSecret,
      username: known.username,
      password: known.password,
    });
    const base = location.pathname.split("/__ui/")[0];
    const reply = await fetch(`${base}/oauth/token`, { method: "POST", body: form });
    if (reply.ok) page.preauthorizeApiKey("bearer", (await reply.json()).access_token);
  }

  const page = SwaggerUIBundle({
    url: known.description,
    domNode: place,
    deepLinking: true,
    validatorUrl: null,
    persistAuthorization: true,
    plugins: [filledIn],
    onComplete: signIn,
  });
  page.initOAuth({ clientId: known.clientId, clientSecret: known.clientSecret });
})();
