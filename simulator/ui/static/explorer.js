/** The GraphQL explorer: what is typed goes to the server, what comes back is shown. */

import { element } from "./dom.js";
import { Editor } from "./editor.js";
import { operations } from "./graphql.js";
import { INTROSPECTION, Schema } from "./schema.js";
import { SchemaView } from "./schema_view.js";
import { Session } from "./session.js";

const STARTER = `# Every position, ten at a time.

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
// Headers are not kept between visits: they may hold a token.
const KEPT = { query: "fluent-sim:query", variables: "fluent-sim:variables" };

const place = (id) => document.getElementById(id);
const variables = place("variables");
const headers = place("headers");
const choice = place("operations");
const chosen = choice.querySelector("select");

const session = new Session(loadSchema);
const view = new SchemaView(place("schema"), (text) => {
  const rest = editor.text.trim();
  editor.text = rest ? `${text}\n${rest}\n` : text;
  editor.goTo(1, 1);
});
const editor = new Editor(place("query"), {
  run,
  changed(text) {
    localStorage.setItem(KEPT.query, text);
    offerOperations(text);
  },
});

function offerOperations(text) {
  const names = operations(text).map(({ name }) => name);
  const before = chosen.value;
  choice.hidden = names.length < 2;
  const options = names.map((name) => element("option", { value: name }, name || "(no name)"));
  chosen.replaceChildren(element("option", { value: "" }, "at the cursor"), ...options);
  if (names.includes(before)) chosen.value = before;
}

function operationName() {
  const found = operations(editor.text);
  if (found.length < 2) return undefined;
  const here = found.filter(({ start }) => start <= editor.caret).at(-1) ?? found[0];
  return chosen.value || here.name || undefined;
}

/** The JSON object that is typed in a field; throws an Error with a sentence. */
function typed(field) {
  const text = field.value.trim();
  if (!text) return {};
  const title = field.getAttribute("aria-label");
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${title}: ${error.message}`);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new Error(`${title}: expected an object, {"name": "value"}`);
  }
  return value;
}

async function run() {
  place("status").textContent = "Running ...";
  const begun = performance.now();
  let answer;
  try {
    const request = {
      query: editor.text,
      variables: typed(variables),
      operationName: operationName(),
    };
    answer = await session.graphql(request, typed(headers));
  } catch (error) {
    answer = { status: 0, size: 0, body: { errors: [{ message: error.message }] } };
  }
  const took = Math.round(performance.now() - begun);
  const { status, size, body } = answer;
  const figures = `${status}, ${took} ms, ${size.toLocaleString("en")} characters`;
  place("status").textContent = status ? figures : "Not sent.";
  showErrors(body.errors);
  place("result").textContent = JSON.stringify(body, null, 2);
}

function showErrors(errors) {
  const rows = (Array.isArray(errors) ? errors : []).map(({ message, locations }) => {
    const row = element("li", {}, String(message));
    for (const { line, column } of locations ?? []) {
      const link = element("button", { type: "button" }, `line ${line}, column ${column}`);
      link.addEventListener("click", () => editor.goTo(line, column));
      row.append(" ", link);
    }
    return row;
  });
  place("errors").replaceChildren(...rows);
  place("errors").hidden = rows.length === 0;
}

async function loadSchema() {
  view.tell("Loading the schema ...");
  const { body } = await session.graphql({ query: INTROSPECTION });
  if (!body.data) {
    view.tell(`No schema: ${body.errors?.[0]?.message ?? "the answer has none"}`);
    return;
  }
  editor.schema = new Schema(body.data);
  view.show(editor.schema);
}

place("run").addEventListener("click", run);
variables.addEventListener("input", () => localStorage.setItem(KEPT.variables, variables.value));
editor.text = localStorage.getItem(KEPT.query) || STARTER;
variables.value = localStorage.getItem(KEPT.variables) ?? "";
if (session.mayAsk) loadSchema();
