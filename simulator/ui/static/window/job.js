/** One job: what it is, and its batches. */

import { element } from "../dom.js";
import { link } from "./address.js";
import { callShown } from "./call_shown.js";
import { ask, ControlError } from "./control.js";
import { exchangeLink } from "./exchange.js";
import { fatesShown } from "./fates.js";
import { facts, fill, heading, part, shown } from "./opened.js";
import { table } from "./outcome.js";
import { moment, number } from "./words.js";

const BATCHES_SHOWN = 200;
const JOBS_AT_ONCE = 1_000;

/** Shows a job by its id; `left` is called by what closes it. */
export function jobShown(place, id, left) {
  return shown(place, { title: `Job ${id}`, left, load, draw });

  async function load(signal) {
    const { results: batches, hasMore } = await ask("batches", { query: { job: id, count: BATCHES_SHOWN }, signal });
    return { job: await find(signal), batches, hasMore };
  }

  /** The job among those that are kept, which are listed by their numbers, the newest first. */
  async function find(signal) {
    const newest = (await ask("jobs", { query: { count: 1 }, signal })).results[0];
    const start = Math.max(0, Number(newest?.id) - Number(id) - JOBS_AT_ONCE / 2) || 0;
    const page = await ask("jobs", { query: { start, count: JOBS_AT_ONCE }, signal });
    const job = page.results.find((each) => each.id === id);
    if (!job) throw new ControlError(`There is no job ${id}, or it is no longer kept.`, 404);
    return job;
  }

  function draw(_, { job, batches, hasMore }) {
    fill(
      place,
      heading(`Job ${job.id}: ${job.name}`, left),
      facts([
        ["Status", job.status],
        ["Retailer", job.retailerId],
        ["Created", moment(job.createdOn)],
        ["Batch Pre-Processing", job.preprocessing ? "yes" : "skipped"],
        ["First batch", job.firstBatchOn && moment(job.firstBatchOn)],
        ["Last visible", job.lastVisibleOn && moment(job.lastVisibleOn)],
        ["Created by", job.request === null ? "" : exchangeLink(job.request)],
      ]),
      part("What came of its records", job.batches.total ? fatesShown(job.records) : element("p", { className: "faint" }, "No batch was sent into it yet.")),
      part("Batches, newest first", batches.length && batchesTable(batches), hasMore && element("p", { className: "faint" }, `The newest ${BATCHES_SHOWN} are shown.`)),
      callShown({ path: "batches", query: { job: id }, cli: `fluent-sim jobs --job ${id}` }),
    );
    return batches.some(({ status }) => status !== "COMPLETE");
  }
}

function batchesTable(batches) {
  const rows = batches.map(({ id, job, status, done, size, records, millisecondsToVisible: time }) =>
    element(
      "tr",
      {},
      element("td", {}, element("a", { href: link("jobs", { job, batch: id }) }, `batch ${id}`)),
      element("td", { className: status === "COMPLETE" ? "good" : "warn" }, status),
      element("td", { className: "number" }, `${number(done)} of ${number(size)}`),
      element("td", {}, fatesShown(records)),
      element("td", { className: "number" }, time === null ? "" : `${number(time)} ms`),
    ),
  );
  return table("Batches", ["Batch", "Status", "Done", "Records", "Visible after"], rows, "batches");
}
