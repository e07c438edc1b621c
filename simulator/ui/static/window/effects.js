/** What a request did, in a line. */

import { element } from "../dom.js";
import { counted, number } from "./words.js";

/** Of one record, and of several. */
const RECORDS = {
  APPLIED: "changed",
  NEW_QUANTITY: ["new quantity", "new quantities"],
  NEW_POSITION: ["new position", "new positions"],
  UNCHANGED: "unchanged",
  DUPLICATE: ["duplicate", "duplicates"],
  FAILED: "failed",
  NO_MATCH: "no match",
  WAITING: "waiting",
};
const WRONG = new Set(["FAILED", "NO_MATCH"]);
const STOCK_SHOWN = 3;

/** An element: what came of an exchange, the worst of it in red. */
export function effectOf({ outcome, path, query, operation }) {
  const { refused, effect, reason, status, batch, records, event, job } = outcome;
  if (refused) return element("span", { className: "wrong" }, refused);
  if (effect) return effectShown(effect, outcome.name);
  if (batch) return recordsShown(batch, status, records);
  if (event) {
    const text = WRONG.has(status) ? `${status}: ${reason}` : reason || `${outcome.name ?? "event"} ${status}`;
    return element("span", { className: WRONG.has(status) ? "wrong" : "faint" }, text);
  }
  if (job && operation === "createJob") return element("span", {}, `job ${job}`);
  return element("span", { className: "faint" }, query ? `${path}?${query}` : path);
}

function effectShown({ quantities, positions, stock, repeats }, name) {
  const what = name === "INVENTORY_DELTA" ? counted(quantities, "delta") : counted(quantities, "quantity", "quantities");
  const made = element("span", {}, `${what}, ${counted(positions, "position")}: `);
  stock.slice(0, STOCK_SHOWN).forEach((change, index) => made.append(index ? ", " : "", stockShown(change)));
  if (positions > STOCK_SHOWN) made.append(", …");
  if (repeats) made.append(element("span", { className: "warn" }, ` ${counted(repeats, "repeated deltaId")}`));
  return made;
}

/** `D45:LOC_MEL 100 → 110`. */
function stockShown({ position, before, after }) {
  const short = position.split(":").slice(0, 2).join(":");
  return element(
    "span",
    { className: "stock" },
    element("span", { className: "faint" }, `${short} `),
    `${number(before)} → `,
    element("strong", {}, number(after)),
  );
}

function recordsShown(batch, status, records = {}) {
  const made = element("span", {}, `batch ${batch}`);
  const total = Object.values(records).reduce((sum, count) => sum + count, 0);
  if (total) made.append(`, ${counted(total, "record")}: `);
  Object.entries(records).forEach(([verdict, count], index) => {
    made.append(
      index ? ", " : "",
      element("span", { className: WRONG.has(verdict) ? "wrong" : "" }, recordsCounted(count, verdict)),
    );
  });
  if (status && status !== "COMPLETE") made.append(element("span", { className: "warn" }, ` ${status}`));
  return made;
}

function recordsCounted(count, verdict) {
  const words = RECORDS[verdict] ?? verdict;
  return Array.isArray(words) ? counted(count, ...words) : `${number(count)} ${words}`;
}

/** The rules that a request broke and the faults that struck it, as small labels. */
export function marksOf({ rulesBroken, outcome }) {
  const made = element("span", { className: "marks" });
  for (const rule of rulesBroken) made.append(element("span", { className: "mark wrong" }, rule));
  for (const { kind } of outcome.faults ?? []) made.append(element("span", { className: "mark warn" }, kind));
  return made;
}

/** How a status is shown: by its class. */
export function statusShown(status) {
  const kind = status === 0 || status >= 500 ? "warn" : status >= 400 ? "wrong" : "good";
  return element("span", { className: kind }, status === 0 ? "none" : String(status));
}
