/** The lines of a JSON text: formatted, and each value as it was written. */

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+)/gy;
const KINDS = { '"': "string", t: "boolean", f: "boolean", n: "null" };

/**
 * Each line: `{ pointer, depth, parts }`, a part being `[kind, text]`; the last line of a list or
 * an object has no pointer. `text` is valid JSON.
 *
 * Read from the text and not from what it stands for: a number may have more digits than one of
 * JavaScript keeps, a name may stand twice, and it may nest deeper than a function can call itself.
 */
export function linesOf(text) {
  const tokens = Array.from(text.matchAll(TOKEN), ([, token]) => token);
  const lines = [];
  const around = []; // what is open: { pointer, isList, count, name }
  let at = 0;
  let parts = [];

  const pointer = () => {
    const inside = around.at(-1);
    return inside ? `${inside.pointer}/${inside.isList ? inside.count : inside.name}` : "";
  };
  const end = (where, depth) => {
    const comma = tokens[at] === "," ? "," : "";
    if (comma) {
      at++;
      around.at(-1).count++;
    }
    lines.push({ pointer: where, depth, parts: [...parts, ["", comma]] });
    parts = [];
  };

  while (at < tokens.length) {
    const token = tokens[at++];
    const inside = around.at(-1);
    if (token === "]" || token === "}") {
      around.pop();
      parts.push(["", token]);
      end(null, around.length);
    } else if (inside && !inside.isList && tokens[at] === ":") {
      at++;
      inside.name = JSON.parse(token).replaceAll("~", "~0").replaceAll("/", "~1");
      parts.push(["name", token], ["", ": "]);
    } else if (token === "[" || token === "{") {
      const where = pointer();
      const depth = around.length;
      if (tokens[at] === "]" || tokens[at] === "}") {
        parts.push(["", token + tokens[at++]]);
        end(where, depth);
      } else {
        lines.push({ pointer: where, depth, parts: [...parts, ["", token]] });
        parts = [];
        around.push({ pointer: where, isList: token === "[", count: 0, name: "" });
      }
    } else {
      parts.push([KINDS[token[0]] ?? "number", token]);
      end(pointer(), around.length);
    }
  }
  return lines;
}
