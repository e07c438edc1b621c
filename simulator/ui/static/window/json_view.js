/** A body as it is read best: formatted, each fault marked at the place that it is about. */

import { element } from "../dom.js";
import { copyButton } from "./copying.js";
import { linesOf } from "./json_lines.js";
import { bytes, counted } from "./words.js";

const LINES_AT_ONCE = 400;
const LINES_AROUND = 3; // of a place beyond those, so many before and behind it

/**
 * Shows `text`; `marks` are `{ pointer, message }`, by JSON pointers (RFC 6901).
 *
 * What is no JSON is shown as it is. Of a long body the beginning is shown and what is marked; the
 * rest when it is asked for.
 */
export function jsonView(text, { label, marks = [], note = "" }) {
  const place = element("div", { className: "json", role: "region", "aria-label": label });
  let isFormatted = true;
  let most = LINES_AT_ONCE;
  const lines = isDocument(text) ? linesOf(text) : null;
  const switching = element("button", { type: "button", className: "copy" }, "As sent");
  switching.hidden = !lines;
  switching.addEventListener("click", () => {
    isFormatted = !isFormatted;
    switching.textContent = isFormatted ? "As sent" : "Formatted";
    draw();
  });
  const body = element("pre", { tabIndex: 0, "aria-label": label });
  const size = [bytes(new Blob([text]).size), note].filter(Boolean).join(", ");
  place.append(
    element(
      "div",
      { className: "line" },
      element("h3", {}, label),
      element("small", {}, size),
      switching,
      copyButton(text, { about: `Copy ${label.toLowerCase()}` }),
    ),
    body,
  );
  draw();
  return place;

  function draw() {
    if (!isFormatted || !lines) {
      body.replaceChildren(element("code", {}, text || "empty"));
      return;
    }
    const marked = new Map();
    for (const mark of marks) {
      const index = nearest(lines, mark.pointer);
      marked.set(index, [...(marked.get(index) ?? []), mark.message]);
    }
    const drawn = [];
    let left = 0;
    lines.forEach((line, index) => {
      const isNear = [...marked.keys()].some((at) => Math.abs(at - index) <= LINES_AROUND);
      if (index >= most && !isNear) return void left++;
      if (left && drawn.length && index >= most && !drawn.at(-1).dataset?.gap) drawn.push(gap());
      drawn.push(lineShown(line, marked.get(index)));
    });
    if (left) drawn.push(moreButton(left));
    body.replaceChildren(...drawn);
  }

  function moreButton(left) {
    const more = element("button", { type: "button", className: "more" }, `Show ${counted(left, "further line")}`);
    more.addEventListener("click", () => {
      most += Math.max(LINES_AT_ONCE, most);
      draw();
    });
    return more;
  }
}

const gap = () => {
  const made = element("span", { className: "json-line faint" }, "…");
  made.dataset.gap = "true";
  return made;
};

/** Whether it is a list or an object, and whole. */
export function isDocument(text) {
  try {
    const parsed = JSON.parse(text);
    return parsed !== null && typeof parsed === "object";
  } catch {
    return false;
  }
}

/** The line of a pointer, or of the nearest place above it that is there: a field may be missing. */
function nearest(lines, pointer) {
  for (let wanted = pointer; ; wanted = wanted.slice(0, wanted.lastIndexOf("/"))) {
    const found = lines.findIndex((line) => line.pointer === wanted);
    if (found >= 0 || !wanted) return Math.max(0, found);
  }
}

function lineShown({ depth, parts }, messages) {
  const inside = parts.map(([kind, text]) => (kind ? element("span", { className: `json-${kind}` }, text) : text));
  const line = element("span", { className: "json-line" }, "  ".repeat(depth), ...inside, "\n");
  if (!messages) return line;
  line.className += " marked";
  return element(
    "span",
    {},
    line,
    ...messages.map((message) => element("span", { className: "json-fault" }, `${message}\n`)),
  );
}
