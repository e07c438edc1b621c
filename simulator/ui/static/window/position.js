/** One position: its stock over time, what it holds, and what is available to sell of it. */

import { element } from "../dom.js";
import { change, link } from "./address.js";
import { callShown } from "./call_shown.js";
import { comparison } from "./comparison.js";
import { ask } from "./control.js";
import { exchangeLink } from "./exchange.js";
import { facts, fill, heading, part, shown } from "./opened.js";
import { table } from "./outcome.js";
import { quantitiesShown } from "./quantities.js";
import { stepChart } from "./step_chart.js";
import { virtualsTable } from "./virtuals.js";
import { counted, moment, number, timeOfDay } from "./words.js";

const HISTORY_SHOWN = 200;
const VIRTUALS = 100;

/** Shows a position by its ref; `left` is called by what closes it. */
export function positionShown(place, { ref, catalogue }, left) {
  let comparing = null;
  let chart = null;
  let parameters = new URLSearchParams();
  const one = shown(place, { title: ref, left, load, draw });
  return {
    look: one.look,
    show(wanted) {
      parameters = wanted;
      comparing?.show(parameters);
    },
    close() {
      chart?.close();
      one.close();
    },
  };

  async function load(signal) {
    const path = `positions/${encodeURIComponent(ref)}`;
    const position = await ask(path, { query: { catalogueRef: catalogue, changes: "true" }, signal });
    const query = { productRef: position.productRef, count: VIRTUALS };
    const virtuals = await ask("virtualPositions", { query, signal }).catch((error) => {
      if (error.name === "AbortError") throw error;
      return { results: [], trouble: error.message };
    });
    return { position, virtuals };
  }

  function draw(_, { position, virtuals }) {
    chart?.close();
    chart = chartOf(position);
    comparing = comparison(position);
    comparing.show(parameters);
    const { productRef, locationRef } = position;
    fill(
      place,
      heading(position.ref, left),
      facts([
        ["On hand", element("strong", {}, number(position.onHand))],
        ["Product", element("a", { href: link("stock", { product: productRef }) }, productRef)],
        ["Location", element("a", { href: link("stock", { location: locationRef }) }, locationRef)],
        ["Catalogue", position.catalogueRef],
        ["Status", position.status],
        ["Since", moment(position.createdOn)],
      ]),
      part("On hand over time", chart, position.why && element("p", { className: "faint" }, position.why)),
      part("What changed it", historyTable(position)),
      part("Between two moments", comparing.element),
      part("Quantities", quantitiesShown(position)),
      part("Available to sell", virtualsTable(position, virtuals)),
      element("p", {}, element("a", { href: link("traffic", { product: productRef, location: locationRef }) }, "All requests with a line for it")),
      callShown({
        path: `positions/${encodeURIComponent(position.ref)}`,
        query: { catalogueRef: position.catalogueRef, changes: "true" },
        python: `fluent_oms.position(${JSON.stringify(productRef)}, ${JSON.stringify(locationRef)})`,
      }),
    );
  }
}

function chartOf({ ref, changes, onHand, quantities }) {
  const deltas = refsBySource(quantities);
  const points = changes.map((step) => ({
    at: Date.parse(step.at),
    value: step.after,
    label: `${moment(step.at)}: ${number(step.before)} to ${number(step.after)}, ${causeText(step, deltas)}`,
    href: step.request === null ? undefined : link("traffic", { id: step.request }),
  }));
  return stepChart({ label: `${ref}: ${number(onHand)} on hand`, changes: points });
}

function historyTable({ changes, changesTotal, quantities }) {
  const deltas = refsBySource(quantities);
  const rows = changes
    .slice(-HISTORY_SHOWN)
    .reverse()
    .map((step) =>
      element(
        "tr",
        {},
        element("td", { title: moment(step.at) }, timeShown(step.at, changes.at(-1).at)),
        element("td", { className: "number" }, `${number(step.before)} → ${number(step.after)}`),
        element("td", { className: "number" }, signed(step.after - step.before)),
        element("td", {}, causeShown(step, deltas)),
        element("td", {}, step.request === null ? "" : exchangeLink(step.request, String(step.request))),
        element("td", {}, fromHere(step, "from"), " ", fromHere(step, "to")),
      ),
    );
  const made = table("Changes, newest first", ["Time", "On hand", "Change", "By", "Request", "Compare"], rows, "changes");
  const older = changesTotal - rows.length;
  return older > 0 ? [made, element("p", { className: "faint" }, `${counted(older, "older change")} not shown.`)] : made;
}

/** The time of day; with the day, where that is not the one of the newest. */
function timeShown(at, newest) {
  const [day, time] = [at.slice(0, 10), timeOfDay(at).slice(0, 12)];
  return day === newest.slice(0, 10) ? time : `${day} ${time}`;
}

function fromHere({ at }, name) {
  const button = element("button", { type: "button", className: "copy", "aria-label": `Compare ${name} ${moment(at)}` }, name);
  button.addEventListener("click", () => change({ [name]: at }));
  return button;
}

const signed = (amount) => (amount > 0 ? `+${number(amount)}` : number(amount));

function causeText({ cause, batch, line, source, event }, deltas) {
  if (cause === "batch") return `batch ${batch}, line ${line}`;
  if (cause === "seed") return "seed data";
  if (cause === "delta") {
    const ref = deltas.get(`event ${event} /attributes/deltas/${line}`);
    return ref ? `delta ${ref}` : `delta ${line} of an event`;
  }
  if (cause === "fulfilment") return `item ${line} of an event`;
  return source ?? "a cause that is not known";
}

/** The deltaId of each quantity that an event has set, by what the history calls that place of it. */
function refsBySource(quantities) {
  const found = new Map();
  for (const { ref, history } of quantities) for (const { source } of history) found.set(source, ref);
  return found;
}

function causeShown(step, deltas) {
  const text = causeText(step, deltas);
  if (step.cause === "batch") return element("a", { href: link("jobs", { batch: step.batch }) }, text);
  return step.event ? element("a", { href: link("events", { id: step.event }) }, text) : text;
}
