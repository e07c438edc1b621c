/** One batch: how far it is, what came of each record and why, how long until all was visible. */

import { element } from "../dom.js";
import { change, link, read } from "./address.js";
import { callShown } from "./call_shown.js";
import { ask, ControlError } from "./control.js";
import { exchangeLink } from "./exchange.js";
import { FATES } from "./fates.js";
import { facts, fill, heading, part, shown } from "./opened.js";
import { Pages } from "./pages.js";
import { RowList } from "./rows.js";
import { moment, number } from "./words.js";

const BATCHES_AT_ONCE = 1_000;

const COLUMNS = [
  { title: "Line", className: "id", cell: ({ line }) => number(line) },
  { title: "Product, location", className: "place", cell: ({ productRef, locationRef }) => `${productRef ?? "?"} at ${locationRef ?? "?"}` },
  { title: "Amount", className: "amount", cell: ({ amount }) => (amount === null ? "" : number(amount)) },
  { title: "Fate", className: "fate", cell: ({ fate }) => element("span", { className: `mark ${FATES[fate][1]}` }, FATES[fate][0]) },
  { title: "Why", className: "why", cell: whyShown },
];

const DROPPED = {
  unchanged: "dropped by Batch Pre-Processing: the stock is so already",
  duplicate: "dropped by Batch Pre-Processing: another record of the batch stands for it",
};

function whyShown({ fate, why, supersededBy, type }) {
  const text = why ?? DROPPED[fate] ?? (supersededBy ? `superseded by ${supersededBy}` : type === "LAST_ON_HAND" ? "" : type);
  return element("span", { className: why ? "wrong" : "faint", title: text }, text);
}

/** Shows a batch by its id, of a job where that is known; `left` is called by what closes it. */
export function batchShown(place, { job, batch }, left) {
  let fate = read().parameters.get("fate") ?? "";
  let known = "";
  const top = element("div", { className: "part-of-it" });
  const chips = element("div", { className: "chips" });
  const pages = new Pages(({ start, count, signal }) => ask("ledger/records", { query: { job, batch, fate, start, count }, signal }), () => list.resize(pages.length));
  const list = new RowList({
    label: "Records",
    className: "records-listed",
    columns: COLUMNS,
    rowAt: (index) => pages.at(index),
    open: ({ productRef, locationRef }) => (location.hash = link("stock", { product: productRef, location: locationRef })),
    needed: (first, last) => pages.need(first, last),
  });
  const one = shown(top, { title: `Batch ${batch}`, left, load, draw });
  place.append(top, chips, list.element, callShown(() => ({
    path: "ledger/records",
    query: { batch, fate },
    cli: `fluent-sim ledger --records --batch ${batch}${fate ? ` --fate ${fate}` : ""}`,
  })));
  pages.restart();
  return { show, look: one.look, close };

  function show(parameters) {
    const wanted = parameters.get("fate") ?? "";
    if (wanted === fate) return;
    fate = wanted;
    list.element.scrollTop = 0;
    pages.restart();
    one.look();
  }

  async function load(signal) {
    for (let start = 0; ; start += BATCHES_AT_ONCE) {
      const page = await ask("batches", { query: { job, start, count: BATCHES_AT_ONCE }, signal });
      const found = page.results.find(({ id }) => id === batch);
      if (found) return { ...found, chosen: fate };
      if (!page.hasMore) throw new ControlError(`There is no batch ${batch}, or it is no longer kept.`, 404);
    }
  }

  function draw(_, found) {
    const { status, done, size, records, event, catalogueRef, source, request, reasons, millisecondsToVisible: time } = found;
    const isComplete = status === "COMPLETE";
    fill(
      top,
      heading(`Batch ${batch} of job ${found.job}`, left),
      facts([
        ["Status", element("strong", { className: isComplete ? "good" : "warn" }, status)],
        ["Job", element("a", { href: link("jobs", { job: found.job }) }, found.job)],
        ["Catalogue", catalogueRef],
        ["Event", event],
        ["Source", source],
        ["Accepted", moment(found.acceptedOn)],
        ["Begun", found.beganOn && moment(found.beganOn)],
        ["All visible", found.visibleOn && moment(found.visibleOn)],
        ["Time to visible", time === null ? "" : element("strong", {}, `${number(time)} ms`)],
        ["Sent with", request === null ? "" : exchangeLink(request)],
      ]),
      part("Why records came to nothing", reasons.length && element("ul", { className: "plain wrong" }, ...reasons.map((reason) => element("li", {}, reason)))),
    );
    if (!isComplete) {
      const bar = element("progress", { value: done, max: size, "aria-label": "Progress" });
      top.append(element("div", { className: "line" }, bar, `${number(done)} of ${number(size)} records`));
    }
    chips.replaceChildren(chip("", size, "all", ""), ...Object.entries(FATES).filter(([name]) => records[name]).map(([name, [text, kind]]) => chip(name, records[name], text, kind)));
    if (!isComplete || known === "waits") pages.refresh();
    known = isComplete ? "complete" : "waits";
    return !isComplete;
  }

  function chip(name, count, text, kind) {
    const made = element("button", { type: "button", className: `chip ${kind}`, "aria-pressed": name === fate }, element("strong", {}, number(count)), ` ${text}`);
    made.addEventListener("click", () => change({ fate: name }));
    return made;
  }

  function close() {
    one.close();
    pages.close();
    list.close();
  }
}
