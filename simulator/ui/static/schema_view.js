/** The schema to read: from the roots to every type, by name. */

import { element } from "./dom.js";

const MOST_FOUND = 60;

export class SchemaView {
  #shown;
  #back;
  #search;
  #schema = null;
  #trail = [];
  #use;

  /** `use` is called with the text of an operation that somebody wants to begin with. */
  constructor(panel, use) {
    this.#use = use;
    this.#shown = panel.querySelector(".shown");
    this.#back = panel.querySelector(".back");
    this.#search = panel.querySelector("input");
    this.#back.addEventListener("click", () => {
      this.#trail.pop();
      this.#render();
    });
    this.#search.addEventListener("input", () => this.#render());
    this.tell("Sign in to see the schema.");
  }

  /** A sentence in place of the schema. */
  tell(text) {
    this.#schema = null;
    this.#trail = [];
    this.#render();
    this.#shown.replaceChildren(element("p", { className: "faint" }, text));
  }

  show(schema) {
    this.#schema = schema;
    this.#trail = [];
    this.#render();
  }

  #go(name) {
    this.#search.value = "";
    this.#trail.push(name);
    this.#render();
  }

  #render() {
    const wanted = this.#search.value.trim().toLowerCase();
    this.#back.disabled = this.#trail.length === 0 || wanted !== "";
    this.#search.disabled = this.#schema === null;
    if (this.#schema === null) return;
    this.#shown.scrollTop = 0;
    if (wanted) this.#shown.replaceChildren(...this.#found(wanted));
    else if (this.#trail.length === 0) this.#shown.replaceChildren(...this.#roots());
    else this.#shown.replaceChildren(...this.#type(this.#schema.type(this.#trail.at(-1))));
  }

  #roots() {
    return ["query", "mutation"].flatMap((operation) => {
      const type = this.#schema.type(this.#schema.rootOf(operation));
      if (!type) return [];
      const heading = operation === "query" ? "Queries" : "Mutations";
      const rows = type.fields.map((field) => this.#field(field, operation));
      return [element("h2", {}, heading), element("dl", {}, ...rows.flat())];
    });
  }

  #found(wanted) {
    const fits = ({ name }) => name.toLowerCase().includes(wanted);
    const types = this.#schema.types.filter(fits);
    const rows = types.map((type) => [element("dt", {}, this.#link(type.name)), description(type)]);
    for (const type of this.#schema.types) {
      for (const field of (type.fields ?? type.inputFields ?? []).filter(fits)) {
        const owner = element("dt", {}, this.#link(type.name), `.${field.name}`);
        rows.push([owner, description(field)]);
      }
    }
    const more = rows.length > MOST_FOUND ? `, of which the first ${MOST_FOUND}` : "";
    const list = element("dl", {}, ...rows.slice(0, MOST_FOUND).flat());
    return [element("p", { className: "faint" }, `${rows.length} found${more}`), list];
  }

  #type(type) {
    const shown = [element("h2", {}, type.name), element("p", {}, type.description ?? "")];
    const operation = ["query", "mutation"].find((each) => this.#schema.rootOf(each) === type.name);
    const others = [...(type.interfaces ?? []), ...(type.possibleTypes ?? [])];
    if (others.length) {
      const links = others.flatMap(({ name }) => [this.#link(name), " "]);
      shown.push(element("p", {}, "See also ", ...links));
    }
    const fields = (type.fields ?? []).flatMap((field) => this.#field(field, operation));
    const inputs = (type.inputFields ?? []).flatMap((input) => [
      element("dt", {}, `${input.name}: `, this.#reference(input.type), byDefault(input)),
      description(input),
    ]);
    const values = (type.enumValues ?? []).flatMap((value) => [
      element("dt", {}, value.name),
      description(value),
    ]);
    shown.push(element("dl", {}, ...fields, ...inputs, ...values));
    return shown;
  }

  #field(field, operation) {
    const term = element("dt", {}, field.name);
    if (field.args.length) {
      const args = field.args.flatMap((argument, index) => [
        index ? ", " : "",
        `${argument.name}: `,
        this.#reference(argument.type),
        byDefault(argument),
      ]);
      term.append(element("span", { className: "faint" }, "(", ...args, ")"));
    }
    term.append(": ", this.#reference(field.type));
    if (operation) {
      const use = element("button", { type: "button", title: "Begin a query with it" }, "Use");
      use.addEventListener("click", () => this.#use(this.#schema.starter(operation, field)));
      term.append(" ", use);
    }
    return [term, description(field)];
  }

  #reference(reference) {
    const written = this.#schema.written(reference);
    const name = this.#schema.named(reference);
    const [before, after] = written.split(name);
    return element("span", {}, before, this.#link(name), after);
  }

  #link(name) {
    const link = element("button", { type: "button", className: "link" }, name);
    link.addEventListener("click", () => this.#go(name));
    return link;
  }
}

function byDefault({ defaultValue }) {
  return defaultValue === null ? "" : ` = ${defaultValue}`;
}

function description({ description: text, isDeprecated, deprecationReason }) {
  const parts = [text ?? ""];
  if (isDeprecated) parts.push(element("em", {}, ` Deprecated. ${deprecationReason ?? ""}`));
  return element("dd", {}, ...parts);
}
