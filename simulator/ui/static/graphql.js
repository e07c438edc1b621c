/** GraphQL as text: its tokens, its operations, and what may stand at a place of it. */

const TOKEN =
  /(?<comment>#[^\n\r]*)|(?<string>"""[^]*?(?:"""|$)|"(?:\\.|[^"\\\n\r])*"?)|(?<variable>\$\w*)|(?<directive>@\w*)|(?<number>-?\d[\w.+-]*)|(?<name>[A-Za-z_]\w*)|(?<mark>\.\.\.|[^\s,])/g;
const OPERATIONS = new Set(["query", "mutation", "subscription"]);

export const KEYWORDS = new Set([...OPERATIONS, "fragment", "on", "true", "false", "null"]);

/** The tokens of a text: kind, text, start. */
export function* tokens(text) {
  for (const found of text.matchAll(TOKEN)) {
    const [kind] = Object.entries(found.groups).find(([, value]) => value !== undefined);
    yield { kind, text: found[0], start: found.index };
  }
}

/** The operations of a document: name (empty where it has none) and where each begins. */
export function operations(text) {
  const found = [];
  let depth = 0;
  let heading = null;
  for (const token of tokens(text)) {
    if (token.kind === "comment") continue;
    if (token.text === "{" && depth === 0) {
      if (heading === null) found.push({ name: "", start: token.start });
      heading = null;
    }
    if ("{([".includes(token.text)) depth += 1;
    else if ("})]".includes(token.text)) depth -= 1;
    else if (depth === 0 && heading === null && OPERATIONS.has(token.text)) {
      heading = { name: "", start: token.start };
      found.push(heading);
    } else if (depth === 0 && heading === null && token.text === "fragment") {
      heading = {};
    } else if (depth === 0 && token.kind === "name" && heading && heading.name === "") {
      heading.name = token.text;
    }
  }
  return found;
}

/**
 * What may stand at the end of `text`: `{prefix, options}`, options of `{name, detail}`.
 *
 * Every open bracket is a frame: of fields (with the type they belong to), of arguments or input
 * fields (with those that may be given), or of a list.
 */
export function completions(text, schema) {
  const seen = [...tokens(text)].filter((token) => token.kind !== "comment");
  const last = seen.at(-1);
  let prefix = "";
  if (last && ["name", "variable"].includes(last.kind) && last.start + last.text.length === text.length) {
    prefix = last.text;
    seen.pop();
  } else if (last?.kind === "string" && !/[^\\]"$/.test(last.text)) {
    return { prefix, options: [] };
  }
  const frames = [{ kind: "document", root: schema.rootOf("query") }];
  const variables = new Set();
  let before = null;
  for (const token of seen) {
    step(frames, token, before, schema);
    if (token.kind === "variable") variables.add(token.text);
    before = token;
  }
  const options = optionsOf(frames.at(-1), before, schema, variables);
  const wanted = prefix.toLowerCase();
  const fitting = options.filter(({ name }) => name.toLowerCase().startsWith(wanted));
  return { prefix, options: fitting };
}

function step(frames, token, before, schema) {
  const frame = frames.at(-1);
  switch (token.text) {
    case "{":
      if (frame.kind === "inputs" || frame.kind === "list") {
        frames.push({ kind: "inputs", inputs: schema.inputsOf(frame.current) });
      } else {
        const type = frame.kind === "document" ? frame.root : frame.condition ?? frame.current;
        frames.push({ kind: "fields", type });
        if (frame.kind === "document") frame.root = schema.rootOf("query");
        frame.condition = undefined;
      }
      return;
    case "(":
      if (frame.kind === "fields") frames.push({ kind: "inputs", inputs: frame.field?.args ?? [] });
      else frames.push({ kind: "variables" });
      return;
    case "[":
      frames.push({ kind: "list", current: frame.current });
      return;
    case "}":
    case ")":
    case "]":
      if (frames.length > 1) frames.pop();
      return;
  }
  if (token.kind !== "name") return;
  if (before?.text === "on") {
    if (frame.kind === "document") frame.root = token.text;
    else frame.condition = token.text;
  } else if (frame.kind === "document" && OPERATIONS.has(token.text)) {
    frame.root = schema.rootOf(token.text);
  } else if (frame.kind === "fields" && before?.text !== "...") {
    frame.field = schema.field(frame.type, token.text);
    frame.current = frame.field && schema.named(frame.field.type);
  } else if (frame.kind === "inputs" && before?.text !== ":") {
    const input = frame.inputs.find(({ name }) => name === token.text);
    frame.current = input && schema.named(input.type);
  }
}

function optionsOf(frame, before, schema, variables) {
  if (before?.text === "on") return schema.compositeTypes();
  if (before?.text === "..." || frame.kind === "document") {
    const words = before?.text === "..." ? ["on"] : ["query", "mutation", "fragment"];
    return words.map((name) => ({ name, detail: "" }));
  }
  if (frame.kind === "fields") return schema.fieldOptions(frame.type);
  if (frame.kind === "variables") return before?.text === ":" ? schema.inputTypes() : [];
  if (frame.kind === "inputs" && before?.text !== ":") {
    return frame.inputs.map(({ name, type }) => ({ name, detail: schema.written(type) }));
  }
  const names = [...schema.valuesOf(frame.current), ...variables];
  return names.map((name) => ({ name, detail: name.startsWith("$") ? "" : frame.current }));
}
