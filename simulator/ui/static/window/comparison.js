/** What a position had on hand at two moments, and all that changed it between them. */

import { element } from "../dom.js";
import { change } from "./address.js";
import { counted, number } from "./words.js";

/** Its fields and what they say; the moments stand in the address, as `from` and `to`. */
export function comparison({ changes, changesTotal, knownAfter }) {
  const said = element("p", { role: "status" });
  const [from, to] = ["from", "to"].map((name) => {
    const field = element("input", { type: "datetime-local", step: "0.001", className: "moment", "aria-label": `${name} (UTC)` });
    field.addEventListener("change", () => change({ [name]: field.value ? `${field.value}Z` : null }));
    return field;
  });
  const line = element("div", { className: "line" }, element("label", {}, "from"), from, element("label", {}, "to"), to, element("small", {}, "UTC"));
  return { element: element("div", {}, line, said), show };

  function show(parameters) {
    const times = { from: parameters.get("from") || changes[0]?.at, to: parameters.get("to") || changes.at(-1)?.at };
    for (const [name, field] of [["from", from], ["to", to]]) {
      const at = Date.parse(times[name]);
      if (document.activeElement !== field && !Number.isNaN(at)) field.value = new Date(at).toISOString().slice(0, -1);
    }
    said.textContent = told(Date.parse(times.from), Date.parse(times.to));
  }

  function told(first, last) {
    if (Number.isNaN(first) || Number.isNaN(last)) return "Nothing has changed it yet.";
    const [start, end] = [first, last].sort((a, b) => a - b);
    const [before, after] = [at(start), at(end)];
    if (before === null) return "What it was then is not known: its history does not reach back so far.";
    const between = changes.filter((step) => Date.parse(step.at) > start && Date.parse(step.at) <= end);
    const amount = after - before;
    return `${number(before)} → ${number(after)} (${amount > 0 ? "+" : ""}${number(amount)}), by ${counted(between.length, "change")}.`;
  }

  /** What it had then; null where that is not known. */
  function at(time) {
    if (knownAfter && time <= Date.parse(knownAfter)) return null;
    const step = changes.findLast((each) => Date.parse(each.at) <= time);
    if (step) return step.after;
    return changesTotal > changes.length ? null : (changes[0]?.before ?? 0);
  }
}
