"use strict";

(() => {
  const STARTER = `# Ctrl-Enter runs the query.
# Ctrl-Space completes what you type.
# The buttons on the left show the schema,
# and build a query from what you tick.

query Positions {
  inventoryPositions(first: 10) {
    edges {
      node {
        ref
        productRef
        locationRef
        onHand
        status
      }
      cursor
    }
    pageInfo {
      hasNextPage
    }
  }
}
`;
  const STORED_QUERY = "graphiql:query"; // where GraphiQL keeps the query between visits

  const form = document.getElementById("sign-in"); // absent when calls need no token
  const account = document.getElementById("signed-in");
  const message = document.getElementById("message");
  let token = null;

  const failure = (text) => ({ errors: [{ message: text }] });

  async function answer(request) {
    const reply = await request;
    const text = await reply.text();
    try {
      return { status: reply.status, body: JSON.parse(text) };
    } catch {
      return { status: reply.status, body: failure(`${reply.status}: ${text.slice(0, 500)}`) };
    }
  }

  function fetcherWith(bearer) {
    return async (parameters, { headers: typed = {} } = {}) => {
      const headers = new Headers({ "Content-Type": "application/json" });
      if (bearer) headers.set("Authorization", `Bearer ${bearer}`);
      for (const [name, value] of Object.entries(typed)) headers.set(name, value);
      if (form && !headers.has("Authorization")) {
        return failure("Sign in first, at the top of the page.");
      }
      try {
        const request = { method: "POST", headers, body: JSON.stringify(parameters) };
        const { status, body } = await answer(fetch("/graphql", request));
        const sentOwn = bearer && headers.get("Authorization") === `Bearer ${bearer}`;
        if (status === 401 && sentOwn && token === bearer) {
          signOut("The token is no longer valid: sign in again.");
        }
        return body;
      } catch (error) {
        return failure(`The simulator did not answer: ${error.message}`);
      }
    };
  }

  function Explorer({ fetcher, schema }) {
    const [query, setQuery] = React.useState(() => localStorage.getItem(STORED_QUERY) || STARTER);
    const builder = GraphiQLPluginExplorer.useExplorerPlugin({ query, onEdit: setQuery });
    return React.createElement(
      GraphiQL,
      {
        fetcher,
        schema,
        query,
        onEditQuery: setQuery,
        defaultQuery: STARTER,
        plugins: [builder],
        showPersistHeadersSettings: false,
      },
      React.createElement(GraphiQL.Logo, null, "fluent-oms-simulator"),
    );
  }

  function render() {
    const mayAsk = !form || token !== null;
    const properties = {
      fetcher: fetcherWith(token),
      schema: mayAsk ? undefined : null, // undefined: GraphiQL asks for it; null: there is none
    };
    const explorer = React.createElement(Explorer, properties);
    ReactDOM.render(explorer, document.getElementById("explorer"));
  }

  function show(text = "") {
    form.hidden = token !== null;
    account.hidden = token === null;
    message.textContent = text;
  }

  async function signIn() {
    const fields = new URLSearchParams(new FormData(form));
    fields.set("grant_type", "password");
    try {
      const { status, body } = await answer(
        fetch("/oauth/token", { method: "POST", body: fields }),
      );
      if (status !== 200) {
        show(`Not signed in: ${body.error_description || body.errors?.[0]?.message || status}`);
        return;
      }
      token = body.access_token;
    } catch (error) {
      show(`The simulator did not answer: ${error.message}`);
      return;
    }
    account.querySelector("strong").textContent = fields.get("username");
    show();
    account.querySelector("button").focus();
    render();
  }

  function signOut(text) {
    token = null;
    show(text);
    render();
  }

  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      signIn();
    });
    account.querySelector("button").addEventListener("click", () => signOut());
    form.querySelector("button").focus();
  }
  render();
})();
