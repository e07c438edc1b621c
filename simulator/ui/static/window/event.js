/** One event: what was sent, what came of it, and step by step how. */

import { element } from "../dom.js";
import { link } from "./address.js";
import { callShown } from "./call_shown.js";
import { ask } from "./control.js";
import { exchangeLink } from "./exchange.js";
import { FATES, fatesShown } from "./fates.js";
import { jsonView } from "./json_view.js";
import { facts, fill, heading, part, shown } from "./opened.js";
import { counted, moment, number, timeOfDay } from "./words.js";

const WAITS = new Set(["PENDING", "SCHEDULED"]);
const PLACE = /(\/attributes\/\S*?)(?::|\s|$)/;
const KINDS = { SUCCESS: "good", COMPLETE: "good", FAILED: "wrong", NO_MATCH: "wrong" };

/** Shows an event by its id; `left` is called by what closes it. */
export function eventShown(place, id, left) {
  return shown(place, {
    title: `Event ${id}`,
    left,
    load: (signal) => ask(`events/${encodeURIComponent(id)}`, { signal }),
    draw,
  });

  function draw(_, event) {
    const { name, status, reason, advice, batch, request, story, storyTotal, sent } = event;
    const kind = KINDS[status] ?? "warn";
    const at = PLACE.exec(reason ?? "")?.[1];
    fill(
      place,
      heading(name, left),
      facts([
        ["Status", element("strong", { className: kind }, status)],
        ["For", `${event.entityType} ${event.entityRef ?? ""}`],
        ["Retailer", event.retailerId],
        ["Accepted", moment(event.acceptedOn)],
        ["Scheduled", event.scheduledOn && moment(event.scheduledOn)],
        ["Ended", event.endedOn && moment(event.endedOn)],
        ["Sent with", request === null ? "" : exchangeLink(request)],
        ["Id", id],
      ]),
      part("What came of it", reason && element("p", { className: kind === "wrong" ? "wrong" : "" }, reason)),
      advice && element("p", { className: "advice" }, element("strong", {}, "What to do: "), advice),
      batch && part("Its records", fatesShown(batch.records), recordsLinks(batch)),
      part("Step by step", story.length && storyShown(event), storyTotal > story.length && element("p", { className: "faint" }, `${counted(storyTotal - story.length, "further step")} not shown.`)),
      sent !== null && jsonView(sent, { label: "Sent", marks: at && kind === "wrong" ? [{ pointer: at, message: reason }] : [] }),
      callShown({ path: `events/${id}`, cli: `fluent-sim events ${id}` }),
    );
    return WAITS.has(status);
  }
}

function recordsLinks({ id, job, records }) {
  const fates = Object.keys(FATES).filter((fate) => records[fate]);
  const links = fates.map((fate) => element("a", { href: link("jobs", { job, batch: id, fate }) }, FATES[fate][0]));
  return element("p", { className: "line" }, element("a", { href: link("jobs", { job, batch: id }) }, `batch ${id} of job ${job}`), ...links);
}

/** The audit rows: what the rules did, in the order of happening. */
function storyShown({ story }) {
  let last = "";
  const steps = story.map((row) => {
    const time = timeOfDay(row.generatedOn).slice(0, 12);
    const isNew = time !== last;
    last = time;
    const isInside = row.category === "rule" || row.category === "ACTION";
    return element(
      "li",
      { className: `${isInside ? "inside" : ""} ${KINDS[row.eventStatus] === "wrong" ? "wrong" : ""}` },
      element("span", { className: "faint" }, isNew ? time : ""),
      element("span", { className: "mark faint" }, row.category),
      element("span", {}, element("strong", {}, row.name ?? ""), ` ${row.context.entityRef ?? ""}`, told(row)),
    );
  });
  return element("ol", { className: "story" }, ...steps);
}

/** What is said of a step, and what it saw or was given. */
function told({ outcome, attributes }) {
  const given = Object.fromEntries((attributes ?? []).map(({ name, value }) => [name, value]));
  const { onHand } = given.entity ?? {};
  const message = given.message === outcome ? "" : given.message;
  const text = [outcome, Number.isInteger(onHand) && `${number(onHand)} on hand`, message].filter(Boolean).join(", ");
  return text ? element("span", { className: "faint" }, ` ${text}`) : "";
}
