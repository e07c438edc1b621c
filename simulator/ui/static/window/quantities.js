/** What a position holds, quantity by quantity: what is reserved of it, and who is under whom. */

import { element } from "../dom.js";
import { table } from "./outcome.js";
import { counted, moment, number } from "./words.js";

const OF_OTHERS = new Set(["RESERVED", "SOFT_RESERVE"]);
const DATES = { expectedOn: "expected", expiresOn: "expires" };

/** Those that count and those that are expected; behind them what a count has retired. */
export function quantitiesShown({ quantities, quantitiesTotal }) {
  const live = quantities.filter(isLive);
  const retired = quantities.filter((quantity) => !isLive(quantity));
  const more = quantitiesTotal - quantities.length;
  const closed = retired.length && element("details", {}, element("summary", {}, `${number(retired.length)} that no longer count`), quantitiesTable(retired, "Retired quantities"));
  return [
    live.length ? quantitiesTable(live, "Quantities") : element("p", { className: "faint" }, "None that counts."),
    closed,
    more > 0 && element("p", { className: "faint" }, `${counted(more, "further quantity", "further quantities")}.`),
  ];
}

const isLive = ({ status }) => status === "ACTIVE" || status === "CREATED";

function quantitiesTable(quantities, label) {
  const rows = inOrder(quantities).map(({ quantity, depth }) => rowOf(quantity, depth));
  return table(label, ["Type", "Quantity", "Status", "Ref, and what has set it"], rows, "quantities");
}

/** Each quantity, followed by those under it; one whose parent is not here stands by itself. */
function inOrder(quantities) {
  const refs = new Set(quantities.map(({ ref }) => ref));
  const under = new Map();
  for (const quantity of quantities) {
    const parent = refs.has(quantity.parentRef) ? quantity.parentRef : null;
    under.set(parent, [...(under.get(parent) ?? []), quantity]);
  }
  const found = [];
  const add = (parent, depth) => {
    for (const quantity of under.get(parent) ?? []) {
      found.push({ quantity, depth });
      if (depth < 20) add(quantity.ref, depth + 1);
    }
  };
  add(null, 0);
  return found;
}

function rowOf(each, depth) {
  const { ref, type, status, quantity, parentRef, history } = each;
  const last = history.at(-1);
  const dates = Object.entries(DATES).filter(([name]) => each[name]).map(([name, word]) => `${word} ${moment(each[name])}`);
  const about = [parentRef && `under ${parentRef}`, ...dates].filter(Boolean).join(", ");
  return element(
    "tr",
    {},
    element("td", {}, "  ".repeat(depth) + (depth ? "└ " : ""), type, OF_OTHERS.has(type) && isLive(each) ? element("span", { className: "mark warn" }, "reserved") : ""),
    element("td", { className: "number" }, number(quantity)),
    element("td", {}, status),
    element("td", {}, ref, about && element("small", {}, ` ${about}`), last && element("div", { className: "faint" }, `${last.source}, ${moment(last.at)}`)),
  );
}
