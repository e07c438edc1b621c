/** What is opened beside a list: how it begins, and how it is kept up to date. */

import { element } from "../dom.js";
import { pulse } from "./pulse.js";

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
  let isLooking = false;
  let drawn = "";
  let goesOn = false;
  look();
  return {
    close() {
      asking.abort();
      clearTimeout(timer);
    },
    look,
  };

  async function look() {
    if (isLooking) return;
    isLooking = true;
    clearTimeout(timer);
    try {
      const found = await load(asking.signal);
      if (asking.signal.aborted) return;
      const text = JSON.stringify(found);
      // The same again is left as it is: somebody may be reading it, or have chosen a text in it.
      if (text !== drawn) goesOn = draw(place, found);
      drawn = text;
      if (goesOn) later();
    } catch (error) {
      if (error.name === "AbortError") return;
      const isLost = error.status === 0;
      if (isLost) later();
      // What was drawn stays while there is no answer, which the frame tells.
      if (!(isLost && drawn)) {
        drawn = "";
        place.replaceChildren(heading(title, left), element("p", { className: "wrong" }, error.message));
      }
    }
    isLooking = false;
  }

  function later() {
    timer = setTimeout(() => (document.hidden || pulse.isPaused ? later() : look()), WAIT);
  }
}
