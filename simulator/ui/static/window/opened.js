/** What is opened beside a list: how it begins, and how it is kept up to date. */

import { element } from "../dom.js";

const WAIT = 1_500; // milliseconds between two looks at what has not ended

/** What it is, and what closes it. */
export function heading(text, left) {
  const closing = element("button", { type: "button", className: "close", "aria-label": "Close" }, "✕");
  closing.addEventListener("click", left);
  return element("div", { className: "heading" }, element("h2", {}, text), closing);
}

/** Names and values; a value is a text or an element, one that is empty is left out. */
export function facts(pairs) {
  const told = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  const rows = told.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  return element("dl", { className: "facts" }, ...rows);
}

/** Show these in a place, and nothing else; what is null or false is left out. */
export function fill(place, ...children) {
  place.replaceChildren(...children.flat().filter(Boolean));
}

/** A part with a heading of its own; nothing where there is nothing in it. */
export function part(title, ...children) {
  const inside = children.flat().filter(Boolean);
  return inside.length ? element("section", {}, element("h3", {}, title), ...inside) : null;
}

/**
 * Shows one of a kind. `load(signal)` asks for all that is shown, `draw(place, found)` draws it and
 * says whether it may still change.
 */
export function shown(place, { title, left, load, draw }) {
  const asking = new AbortController();
  let timer = 0;
  look();
  return {
    close() {
      asking.abort();
      clearTimeout(timer);
    },
    look,
  };

  async function look() {
    clearTimeout(timer);
    try {
      const found = await load(asking.signal);
      const goesOn = draw(place, found);
      if (goesOn) timer = setTimeout(look, WAIT);
    } catch (error) {
      if (error.name === "AbortError") return;
      place.replaceChildren(heading(title, left), element("p", { className: "wrong" }, error.message));
    }
  }
}
