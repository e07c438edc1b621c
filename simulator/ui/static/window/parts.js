/** A file of any length, as the parts that one call takes. */

const MOST_LINES = 5_000;
const MOST_CHARACTERS = 300_000; // at most three bytes each: a call takes a MiB

/** The lines of a file: of CSV its header, the others each whole, also where a quote spans some. */
export function linesOf(text, name) {
  const raw = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (/\.(ndjson|jsonl)$/i.test(name) || /^\s*\{/.test(text)) {
    return { header: null, lines: numbered(raw, 1), type: "application/x-ndjson" };
  }
  return { header: raw[0], lines: numbered(raw.slice(1), 2), type: "text/csv" };
}

/** `{ line, text }` for each line that is not empty; `line` is the number of its first one. */
function numbered(raw, first) {
  const found = [];
  let open = null;
  raw.forEach((text, index) => {
    if (open) open.text += `\n${text}`;
    else if (text) found.push((open = { line: first + index, text }));
    if (open && (open.text.match(/"/g)?.length ?? 0) % 2 === 0) open = null;
  });
  return found;
}

/** Parts of at most so many lines, each with the header, and the number of its first line. */
export function* partsOf(header, lines) {
  let part = [];
  let size = 0;
  for (const entry of lines) {
    const before = part.at(-1);
    // A part's lines are counted on from its first: where one was left out, another begins.
    const goesOn = !before || before.line + before.text.split("\n").length === entry.line;
    if (part.length === MOST_LINES || size + entry.text.length > MOST_CHARACTERS || !goesOn) {
      yield made(header, part);
      part = [];
      size = 0;
    }
    part.push(entry);
    size += entry.text.length;
  }
  yield made(header, part);
}

function made(header, part) {
  const lines = part.map(({ text }) => text);
  return { line: part[0]?.line ?? 1, body: [...(header === null ? [] : [header]), ...lines, ""].join("\n") };
}
