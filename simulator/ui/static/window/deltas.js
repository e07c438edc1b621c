/** What came of each delta: the totals, and the deltas of a fate or an id. */

import { element } from "../dom.js";
import { change, link } from "./address.js";
import { callShown } from "./call_shown.js";
import { ask } from "./control.js";
import { exchangeLink } from "./exchange.js";
import { RowList } from "./rows.js";
import { counted, number, timeOfDay } from "./words.js";

const PAGE = 100;
const MOST = 3_000;
const EVERY = 2; // beats between two looks
const FATES = {
  applied: ["applied once", "good"],
  appliedAgain: ["applied again", "wrong"],
  repeatSuppressed: ["repeat suppressed", "faint"],
  conflicting: ["under different bodies", "warn"],
  retired: ["retired by a count", "faint"],
  failed: ["failed", "wrong"],
  neverApplied: ["never applied", "wrong"],
  waiting: ["waiting", "warn"],
};
const FILTERS = ["deltaId", "product", "location", "fate"];

const fatesShown = ({ fates }) => {
  const made = element("span", { className: "marks" });
  for (const fate of fates) made.append(element("span", { className: `mark ${FATES[fate][1]}` }, FATES[fate][0]));
  return made;
};

/** What it was sent as, which is no stock where it was refused; several where its bodies differ. */
const sentShown = ({ bodies }) => [...new Set(bodies.map(({ qty }) => (Number.isFinite(qty) ? number(qty) : "–")))].join(", ");

const COLUMNS = [
  { title: "deltaId", className: "delta-id", cell: ({ deltaId }) => deltaId },
  { title: "Product", className: "product", cell: ({ productRef }) => productRef ?? "" },
  { title: "Location", className: "location", cell: ({ locationRef }) => locationRef ?? "" },
  { title: "Sent", className: "amount", cell: sentShown },
  { title: "In stock", className: "in-stock", cell: ({ amount }) => (amount === null ? "–" : number(amount)) },
  { title: "Arrived", className: "arrived", cell: ({ arrived }) => number(arrived) },
  { title: "Fate", className: "fate", cell: fatesShown },
  {
    title: "Requests",
    className: "requests",
    cell: ({ told }) => {
      const made = element("span", {});
      for (const { request, at } of told.filter((each) => each.request)) {
        const where = exchangeLink(request, String(request));
        where.title = `at ${timeOfDay(at)}`;
        made.append(made.childNodes.length ? ", " : "", where);
      }
      return made;
    },
  },
];

export function deltasPanel(place) {
  let filters = {};
  let rows = [];
  let hasMore = false;
  let isAsking = false;
  let known = "";
  let wasNew = false;
  let beats = 0;
  let stopped = false;
  const totals = element("div", { className: "chips" });
  const about = element("p", { className: "faint", role: "status" });
  const list = new RowList({
    label: "Deltas, newest first",
    className: "deltas",
    columns: COLUMNS,
    rowAt: (index) => rows[index],
    open: ({ productRef, locationRef }) => (location.hash = link("stock", { product: productRef, location: locationRef })),
    needed: (_, last) => {
      if (hasMore && last >= rows.length && rows.length < MOST) load(rows.length);
    },
  });
  const fields = FILTERS.slice(0, 3).map((name) => {
    const field = element("input", { type: "search", placeholder: name, "aria-label": name, spellcheck: false });
    field.addEventListener("change", () => change({ [name]: field.value }));
    return field;
  });
  place.append(
    element("div", { className: "line spread" }, element("h2", {}, "Deltas"), element("div", { className: "line" }, ...fields)),
    totals,
    about,
    list.element,
    callShown(() => ({
      path: "ledger",
      query: filters,
      python: filters.deltaId ? `fluent_oms.ledger.find(${JSON.stringify(filters.deltaId)})` : "fluent_oms.assert_exactly_once()",
      cli: "fluent-sim ledger",
    })),
  );

  async function load(start = 0) {
    if (isAsking) return;
    isAsking = true;
    try {
      const answer = await ask("ledger", { query: { ...filters, start: start || null, count: PAGE } });
      if (stopped) return;
      rows = start ? [...rows, ...answer.results] : answer.results;
      hasMore = answer.hasMore;
      showTotals(answer);
      list.resize(rows.length);
    } catch (error) {
      about.textContent = error.message;
      hasMore = false;
    }
    isAsking = false;
  }

  function showTotals({ totals: counts, dropped }) {
    const chips = Object.entries(counts.fates).map(([fate, count]) => {
      const isOn = filters.fate === fate;
      const chip = element(
        "button",
        { type: "button", className: `chip ${count ? FATES[fate][1] : "faint"}`, "aria-pressed": isOn },
        element("strong", {}, number(count)),
        ` ${FATES[fate][0]}`,
      );
      chip.addEventListener("click", () => change({ fate: isOn ? null : fate }));
      return chip;
    });
    const focused = [...totals.children].indexOf(document.activeElement);
    totals.replaceChildren(...chips);
    chips[focused]?.focus();
    const lost = dropped ? `; ${counted(dropped, "older one is", "older ones are")} no longer kept, and counted` : "";
    about.textContent = counts.deltas
      ? `${counted(counts.deltas, "delta")} arrived ${number(counts.arrived)} times, ${number(counts.acknowledged)} times acknowledged${lost}.`
      : "No delta has arrived yet.";
  }

  function show(parameters) {
    const wanted = Object.fromEntries(FILTERS.map((name) => [name, parameters.get(name) ?? ""]));
    fields.forEach((field, index) => (field.value = wanted[FILTERS[index]]));
    if (JSON.stringify(wanted) === JSON.stringify(filters)) return;
    filters = wanted;
    load();
  }

  function beat({ state }) {
    const isNew = state !== known;
    // Once more after the last one: it may have been applied a moment later.
    if (!(isNew || wasNew) || ++beats % EVERY || !list.isAtTop) return;
    known = state;
    wasNew = isNew;
    load();
  }

  return {
    show,
    beat,
    close: () => {
      stopped = true;
      list.close();
    },
  };
}
