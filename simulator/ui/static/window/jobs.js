/** Jobs and their batches: how far they are, what came of each record, how long it took. */

import { element } from "../dom.js";
import { change } from "./address.js";
import { batchShown } from "./batch.js";
import { ask } from "./control.js";
import { fatesShown } from "./fates.js";
import { jobShown } from "./job.js";
import { choiceField, split } from "./listed.js";
import { Pages } from "./pages.js";
import { RowList } from "./rows.js";
import { counted, moment, number } from "./words.js";

const KINDS = { "": "Jobs", batches: "Batches", "PENDING,RUNNING": "Batches that are not COMPLETE" };

const JOB_COLUMNS = [
  { title: "Job", className: "id", cell: ({ id }) => id },
  { title: "Name", className: "name-of", cell: ({ name }) => name },
  { title: "Status", className: "status", cell: ({ status }) => element("span", { className: status === "OPEN" ? "good" : "faint" }, status) },
  { title: "Batches", className: "amount", cell: ({ batches }) => `${number(batches.COMPLETE)} of ${number(batches.total)}` },
  { title: "Records", className: "records", cell: ({ records, counted: some, batches }) => fatesShown(records, some < batches.total ? `of the last ${number(some)} batches` : "") },
  { title: "Created", className: "at", cell: ({ createdOn }) => moment(createdOn).replace(/\.\d+ UTC$/, "") },
];

const BATCH_COLUMNS = [
  { title: "Batch", className: "id", cell: ({ id }) => id },
  { title: "Job", className: "name-of", cell: ({ job }) => `job ${job}` },
  { title: "Status", className: "status", cell: ({ status }) => element("span", { className: status === "COMPLETE" ? "good" : "warn" }, status) },
  { title: "Done", className: "amount", cell: ({ done, size }) => `${number(done)} of ${number(size)}` },
  { title: "Records", className: "records", cell: ({ records }) => fatesShown(records) },
  { title: "Visible after", className: "at", cell: ({ millisecondsToVisible: time }) => (time === null ? "" : `${number(time)} ms`) },
];

export const jobs = {
  title: "Jobs",

  open(place) {
    let kind = null;
    let known = "";
    let records = 0;
    let wasNew = false;
    let list, pages, frame;
    const about = element("p", { className: "faint about", role: "status" });
    const kinds = choiceField("list", "What is listed", KINDS);

    /** The list of a kind, in the place of another one. */
    function begin(wanted) {
      close();
      place.replaceChildren();
      kind = wanted;
      const isOfBatches = kind !== "";
      const path = isOfBatches ? "batches" : "jobs";
      const status = kind === "batches" ? "" : kind;
      pages = new Pages(({ start, count, signal }) => ask(path, { query: { status, start, count }, signal }), drawn);
      list = new RowList({
        label: isOfBatches ? "Batches, newest first" : "Jobs, newest first",
        className: "jobs-listed",
        columns: isOfBatches ? BATCH_COLUMNS : JOB_COLUMNS,
        rowAt: (index) => pages.at(index),
        open: ({ id, job }) => change(isOfBatches ? { job, batch: id } : { job: id, batch: null }, { isStep: true }),
        needed: (first, last) => pages.need(first, last),
      });
      frame = split(place, { tools: [kinds.element, about], list, label: "Job" });
      pages.restart();
    }

    function drawn(added) {
      list.resize(pages.length, added);
      about.classList.toggle("wrong", Boolean(pages.trouble));
      about.textContent = pages.trouble || told();
    }

    function told() {
      const word = kind === "" ? ["job"] : ["batch", "batches"];
      const more = pages.hasMore ? " or more" : "";
      const { dropped } = pages.answer;
      const lost = dropped ? `; ${counted(dropped, "older one is", "older ones are")} no longer kept` : "";
      if (!pages.length) return kind === "" ? "No job was created yet." : "There is no such batch.";
      return `${counted(pages.length, ...word)}${more}${lost}`;
    }

    function show(parameters) {
      const value = (name) => parameters.get(name) ?? "";
      kinds.set(value("list"));
      if (kind !== value("list")) begin(value("list"));
      const [job, batch] = [value("job"), value("batch")];
      frame.openOne(
        (job || batch) && JSON.stringify([job, batch]),
        (detail) => (batch ? batchShown(detail, { job, batch }, left) : jobShown(detail, job, left)),
      );
      frame.opened?.show?.(parameters);
    }

    const left = () => {
      change({ job: null, batch: null, fate: null }, { isStep: true });
      list.element.focus();
    };

    function beat({ state, health }) {
      if (pages.trouble) return void pages.restart();
      const isNew = state !== known;
      known = state;
      // Once more after the last one: it may have been applied a moment later.
      if ((isNew || wasNew || isOpen()) && list.isAtTop) pages.refresh();
      if (health.counts.records !== records) frame.opened?.look();
      records = health.counts.records;
      wasNew = isNew;
    }

    function isOpen() {
      for (let index = 0; index < Math.min(pages.length, list.seen); index++) {
        const row = pages.at(index);
        if (row?.records.waiting) return true;
      }
      return false;
    }

    function escape() {
      if (!frame.opened) return false;
      left();
      return true;
    }

    function close() {
      pages?.close();
      frame?.close();
      list?.close();
    }

    return { show, beat, escape, close };
  },
};
