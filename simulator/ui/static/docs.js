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

  const page = SwaggerUIBundle({
    url: known.description,
    domNode: place,
    deepLinking: true,
    validatorUrl: null,
    persistAuthorization: true,
    plugins: [filledIn],
  });
  page.initOAuth({ clientId: known.clientId, clientSecret: known.clientSecret });
})();
