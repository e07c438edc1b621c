/** What came of an exchange, part by part. */

import { element } from "../dom.js";
import { link } from "./address.js";
import { ask } from "./control.js";
import { counted, number } from "./words.js";

const RECORDS_SHOWN = 200;
const GOOD = new Set(["SUCCESS", "COMPLETE", "COMPLETED", "applied"]);
const BAD = new Set(["FAILED", "NO_MATCH", "failed", "noMatch"]);
const kindOf = (status) => (GOOD.has(status) ? "good" : BAD.has(status) ? "wrong" : "faint");

/** What came of each record of a batch, as far as there is room for it. */
export async function batchVerdicts({ job, batch }, signal) {
  return ask("ledger/records", { query: { job, batch, count: RECORDS_SHOWN }, signal });
}

/** The event, the job or the batch that it made, and what that did. */
export function outcomeShown({ outcome, status }, records) {
  const place = element("section", { className: "came-of-it" }, element("h3", {}, "What came of it"));
  const { refused, event, job, batch, reason, effect, name } = outcome;
  if (refused) place.append(element("p", { className: "wrong" }, refused));
  if (event) {
    place.append(
      element(
        "p",
        {},
        element("strong", { className: kindOf(outcome.status) }, outcome.status),
        ` ${name ?? "event"} `,
        element("a", { href: link("events", { id: event }) }, event),
      ),
    );
    if (reason) place.append(element("p", { className: BAD.has(outcome.status) ? "wrong" : "" }, reason));
  }
  if (effect) place.append(stockTable(effect));
  if (batch) {
    place.append(
      element(
        "p",
        {},
        element("strong", { className: kindOf(outcome.status) }, outcome.status),
        " ",
        element("a", { href: link("jobs", { job, batch }) }, `batch ${batch} of job ${job}`),
      ),
    );
    if (records) place.append(recordsTable(records));
  } else if (job) {
    place.append(element("p", {}, element("a", { href: link("jobs", { job }) }, `job ${job}`)));
  }
  if (place.children.length === 1) {
    place.append(element("p", { className: "faint" }, status === 200 ? "It was read, and changed nothing." : "Nothing."));
  }
  return place;
}

function stockTable({ stock, positions }) {
  const rows = stock.map(({ position, before, after, isNew }) =>
    row(
      element("a", { href: link("stock", { ref: position }) }, position),
      isNew ? "new" : number(before),
      number(after),
      change(after - before),
    ),
  );
  const more = positions - stock.length;
  if (more > 0) rows.push(row(`and ${counted(more, "further position")}`, "", "", ""));
  return table("Stock on hand", ["Position", "Before", "After", "Change"], rows, "numbers");
}

const change = (amount) => (amount > 0 ? `+${number(amount)}` : number(amount));

function recordsTable({ results, hasMore }) {
  const rows = results.map(({ line, productRef, locationRef, type, amount, fate, why, supersededBy }) =>
    row(
      String(line),
      `${productRef ?? "?"} ${locationRef ?? "?"}`,
      `${type} ${amount === null ? "" : number(amount)}`,
      element("span", { className: kindOf(fate) }, fate),
      why ?? (supersededBy ? `superseded by ${supersededBy}` : ""),
    ),
  );
  if (hasMore) rows.push(row("…", `only the first ${RECORDS_SHOWN} are shown`, "", "", ""));
  return table("Records", ["Line", "Product, location", "Type, amount", "Fate", "Why"], rows);
}

/** The rules that it broke, each with what it is about. */
export function rulesShown({ rulesBroken, examined }, findings) {
  if (!rulesBroken.length) {
    return examined ? [] : [element("p", { className: "faint" }, "It has not been held against the rules yet.")];
  }
  const told = new Set(findings.map(({ rule }) => rule));
  const items = [
    ...findings.map(({ rule, pointer, found, expected }) => [rule, `${pointer ? `at ${pointer} ` : ""}found ${found}, expected ${expected}`]),
    ...rulesBroken.filter((rule) => !told.has(rule)).map((rule) => [rule, "the report has kept other examples of it"]),
  ].map(([rule, text]) => element("li", {}, element("a", { href: link("ledger", { rule }) }, rule), ` ${text}`));
  return [element("section", {}, element("h3", {}, "Rules broken"), element("ul", { className: "plain" }, ...items))];
}

/** The faults that struck it. */
export function faultsShown(faults = []) {
  if (!faults.length) return [];
  const items = faults.map(({ rule, kind, point }) => element("li", {}, element("strong", { className: "warn" }, kind), ` at ${point}, by rule ${rule ?? "of this call"}`));
  return [element("section", {}, element("h3", {}, "Struck by"), element("ul", { className: "plain" }, ...items))];
}

function row(...cells) {
  return element("tr", {}, ...cells.map((cell) => element("td", {}, cell)));
}

/** A table in a place that can be scrolled. */
export function table(label, titles, rows, className = "") {
  const head = element("tr", {}, ...titles.map((title) => (title ? element("th", { scope: "col" }, title) : element("td"))));
  const made = element("table", { className, "aria-label": label }, element("thead", {}, head), element("tbody", {}, ...rows));
  return element("div", { className: "scrolled", tabIndex: 0, role: "region", "aria-label": label }, made);
}
