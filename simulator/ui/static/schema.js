/** The schema that the server tells of itself. */

export const INTROSPECTION = `query Introspection {
  __schema {
    queryType { name }
    mutationType { name }
    types {
      kind name description
      fields(includeDeprecated: true) {
        name description isDeprecated deprecationReason
        args { name description defaultValue type { ...Reference } }
        type { ...Reference }
      }
      inputFields { name description defaultValue type { ...Reference } }
      enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
      possibleTypes { name }
      interfaces { name }
    }
  }
}

fragment Reference on __Type {
  kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }
}
`;

const MOST_LEAVES = 12;

export class Schema {
  #types;
  #roots;

  /** `document` is what the introspection query answers as data. */
  constructor(document) {
    const { types, queryType, mutationType } = document.__schema;
    this.#types = new Map(types.map((type) => [type.name, type]));
    this.#roots = { query: queryType?.name, mutation: mutationType?.name };
  }

  rootOf(operation) {
    return this.#roots[operation];
  }

  type(name) {
    return this.#types.get(name);
  }

  /** Every type that people wrote. */
  get types() {
    return [...this.#types.values()].filter(({ name }) => !name.startsWith("__"));
  }

  field(typeName, name) {
    return this.#types.get(typeName)?.fields?.find((field) => field.name === name);
  }

  /** The name of a type without the lists and non-nulls around it. */
  named(reference) {
    return reference.ofType ? this.named(reference.ofType) : reference.name;
  }

  /** A type as the schema language writes it. */
  written(reference) {
    if (reference.kind === "NON_NULL") return `${this.written(reference.ofType)}!`;
    if (reference.kind === "LIST") return `[${this.written(reference.ofType)}]`;
    return reference.name;
  }

  inputsOf(typeName) {
    return this.#types.get(typeName)?.inputFields ?? [];
  }

  valuesOf(typeName) {
    if (typeName === "Boolean") return ["true", "false"];
    return (this.#types.get(typeName)?.enumValues ?? []).map(({ name }) => name);
  }

  fieldOptions(typeName) {
    const fields = this.#types.get(typeName)?.fields ?? [];
    const options = fields.map(({ name, type }) => ({ name, detail: this.written(type) }));
    return typeName ? [...options, { name: "__typename", detail: "String!" }] : [];
  }

  inputTypes() {
    const kinds = ["SCALAR", "ENUM", "INPUT_OBJECT"];
    return this.types.filter(({ kind }) => kinds.includes(kind)).map(asOption);
  }

  compositeTypes() {
    const kinds = ["OBJECT", "INTERFACE", "UNION"];
    return this.types.filter(({ kind }) => kinds.includes(kind)).map(asOption);
  }

  /** An operation to begin with: a root field, what it must be given, and its plain values. */
  starter(operation, field) {
    const needed = field.args.filter(({ type, defaultValue }) => {
      return type.kind === "NON_NULL" && defaultValue === null;
    });
    const isPaged = field.args.some(({ name }) => name === "first");
    if (needed.length === 0 && !isPaged) {
      needed.push(...field.args.filter(({ name }) => name === "ref")); // one entity is asked for
    }
    const title = field.name[0].toUpperCase() + field.name.slice(1);
    const declared = needed.map(({ name, type }) => `$${name}: ${this.written(type)}`).join(", ");
    const passed = needed.map(({ name }) => `${name}: $${name}`);
    const given = [...(isPaged ? ["first: 10"] : []), ...passed].join(", ");
    const selection = this.#selection(this.named(field.type), "    ", new Set());
    const heading = `${operation} ${title}${declared && `(${declared})`}`;
    return `${heading} {\n  ${field.name}${given && `(${given})`}${selection}\n}\n`;
  }

  #selection(typeName, indent, above) {
    const fields = this.#types.get(typeName)?.fields;
    if (!fields) return "";
    const free = fields.filter(({ args }) => !args.some(({ type }) => type.kind === "NON_NULL"));
    const leaves = free.filter(({ type }) => !this.#types.get(this.named(type)).fields);
    const lines = leaves.slice(0, MOST_LEAVES).map(({ name }) => indent + name);
    for (const name of ["edges", "node", "pageInfo"]) {
      const inner = free.find((field) => field.name === name);
      if (!inner || above.has(typeName)) continue;
      const deeper = new Set([...above, typeName]);
      lines.push(indent + name + this.#selection(this.named(inner.type), `${indent}  `, deeper));
    }
    if (lines.length === 0) lines.push(`${indent}__typename`);
    return ` {\n${lines.join("\n")}\n${indent.slice(2)}}`;
  }
}

const asOption = ({ name, kind }) => ({ name, detail: kind.toLowerCase().replace("_", " ") });
