/** A view with a list that fills it, and beside it what was opened: its frame. */

import { element } from "../dom.js";
import { change } from "./address.js";

const WAIT = 250; // milliseconds after the last letter

/** A field to search in, which goes through the address. */
export function searchField(name, { label, goDown }) {
  const field = element("input", { type: "search", placeholder: label, "aria-label": label, spellcheck: false });
  let typing;
  field.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => change({ [name]: field.value }), WAIT);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") goDown();
  });
  const set = (text) => {
    if (document.activeElement !== field) field.value = text;
  };
  return { element: field, set, close: () => clearTimeout(typing) };
}

/** A choice between some values, which goes through the address. */
export function choiceField(name, label, options) {
  const made = element("select", { "aria-label": label });
  made.append(...Object.entries(options).map(([value, text]) => element("option", { value }, text)));
  made.addEventListener("change", () => change({ [name]: made.value }));
  const set = (value) => {
    if (!Object.hasOwn(options, value)) made.append(element("option", { value }, value));
    made.value = value;
  };
  return { element: made, set };
}

/**
 * The list and what is opened from it: `openOne(key, show)` opens what has this key in the address,
 * where another one was open before, by `show(place)`, which gives `{ close }`. `over` lies over the
 * list.
 */
export function split(place, { tools, above = [], list, over = [], label }) {
  const detail = element("section", { className: "detail", "aria-label": label });
  const listed = element("div", { className: "listed" }, list.element, ...over);
  place.classList.add("filling");
  place.append(element("div", { className: "tools" }, ...tools), ...above, element("div", { className: "split" }, listed, detail));
  let key = "";
  let opened = null;
  return {
    openOne(wanted, show) {
      place.classList.toggle("is-split", wanted !== "");
      if (wanted === key) return;
      opened?.close();
      key = wanted;
      detail.replaceChildren();
      detail.scrollTop = 0;
      opened = wanted ? show(detail) : null;
    },
    get opened() {
      return opened;
    },
    close: () => opened?.close(),
  };
}
