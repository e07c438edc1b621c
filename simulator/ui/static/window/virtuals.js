/** What is available to sell of a position, and which controls made it so much. */

import { element } from "../dom.js";
import { link } from "./address.js";
import { table } from "./outcome.js";
import { counted, number } from "./words.js";

/** The virtual positions that follow from a position, each with its sum. */
export function virtualsTable({ ref, locationRef }, { results, hasMore, trouble }) {
  if (trouble) return element("p", { className: "warn" }, trouble);
  const own = results.filter(({ groupRef, workedOut }) => groupRef === locationRef || workedOut?.positions.some((part) => part.ref === ref));
  if (!own.length) return element("p", { className: "faint" }, "Nothing: no virtual catalogue has a position of it.");
  const rows = own.map((virtual) =>
    element(
      "tr",
      {},
      element("td", {}, virtual.catalogueRef),
      element("td", { className: "number" }, element("strong", {}, number(virtual.quantity))),
      element("td", {}, virtual.status),
      element("td", {}, ...workedOut(virtual)),
    ),
  );
  const made = table("Available to sell", ["Virtual catalogue", "Quantity", "Status", "How it was worked out"], rows, "virtuals");
  const ignored = new Map(own.flatMap(({ workedOut: each }) => each?.ignoredControls ?? []).map((each) => [each.ref, each.reason]));
  const lines = [...ignored].map(([control, reason]) => element("li", {}, element("strong", {}, control), ` ${reason}`));
  return [
    made,
    hasMore && element("p", { className: "faint" }, "There are more virtual positions of the product."),
    lines.length && element("div", {}, element("h4", {}, "Controls without effect"), element("ul", { className: "plain warn" }, ...lines)),
  ];
}

function workedOut({ quantity, workedOut: told }) {
  if (!told) return ["made by a mutation, and follows from no stock"];
  const { positions, positionsTotal, controls, threshold, overwritten } = told;
  const parts = positions.map(partShown);
  const more = positionsTotal - positions.length;
  if (more > 0) parts.push(element("div", {}, `and ${counted(more, "further position")}`));
  return [
    ...parts,
    ...controls.map((control) => element("div", {}, `over all locations ${controlText(control)}`)),
    threshold && element("div", {}, `${threshold.value} by ${threshold.type} ${threshold.ref}`),
    overwritten && element("div", { className: "warn" }, `${number(told.quantity)}, over which a mutation wrote ${number(quantity)}`),
  ];
}

function partShown({ ref, onHand, status, counts, controls, adds }) {
  const where = element("a", { href: link("stock", { ref }) }, ref);
  if (!counts) return element("div", { className: "faint" }, where, ` is ${status}, and does not count`);
  const steps = controls.map(controlText);
  return element("div", {}, where, ` ${[`${number(onHand)} on hand`, ...steps].join(", ")}: adds ${number(adds)}`);
}

/** A control in words: what it does, and which one it is. */
function controlText({ ref, type, value }) {
  if (type === "EXCLUSION") return `excluded by ${ref}`;
  return `${value > 0 ? "+" : "−"}${number(Math.abs(value))} by ${type} ${ref}`;
}
