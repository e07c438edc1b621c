/** Every exchange as it comes: what was asked, how it was answered, and what that did. */

import { element } from "../dom.js";
import { change } from "./address.js";
import { effectOf, marksOf, statusShown } from "./effects.js";
import { exchangeShown } from "./exchange.js";
import { Exchanges } from "./exchanges.js";
import { choiceField, searchField, split } from "./listed.js";
import { RowList } from "./rows.js";
import { counted, number, timeOfDay } from "./words.js";

const OPERATIONS = {
  "": "Every operation",
  "sendEvent,sendEventAndWait": "Events",
  createBatch: "Batches",
  createJob: "Jobs",
  "getBatch,getJob,getJobResults,getEvent,findEvents": "Status reads",
  executeGraphql: "GraphQL",
  issueToken: "Sign-ins",
};
const STATUSES = { "": "Every status", "2xx": "Taken", "4xx": "Refused", "4xx,5xx,0": "Failed", 0: "No whole reply" };
const FAILED = "4xx,5xx,0";
const LEAST = 30; // rows that are asked for at the top
const REST = 60; // milliseconds of scrolling for which it is asked once

const COLUMNS = [
  { title: "#", className: "id", cell: ({ id }) => number(id) },
  { title: "Time", className: "at", cell: ({ at }) => timeOfDay(at).slice(0, 12) },
  { title: "Operation", className: "operation", cell: ({ operation, method, path }) => operation || `${method} ${path}` },
  { title: "Status", className: "status", cell: ({ status }) => statusShown(status) },
  { title: "What it did", className: "effect", cell: effectOf },
  { title: "Rules broken, faults", className: "marked-by", cell: marksOf },
];

export const traffic = {
  title: "Traffic",

  open(place) {
    let known = null;
    let range = [0, 0];
    let asking = null;
    let examined = 0;
    const search = searchField("text", { label: "Find in path, body and reply", goDown: () => list.element.focus() });
    const operation = choiceField("operation", "Operation", OPERATIONS);
    const status = choiceField("status", "Status", STATUSES);
    const rule = check("Broke a rule", (isOn) => change({ rule: isOn ? "any" : null }));
    const fault = check("Struck by a fault", (isOn) => change({ fault: isOn ? "any" : null }));
    const about = element("p", { className: "faint about", role: "status" });
    const newer = element("button", { type: "button", className: "newer main", hidden: true });
    const exchanges = new Exchanges(drawn);
    const list = new RowList({
      label: "Exchanges, newest first",
      className: "exchanges",
      columns: COLUMNS,
      rowAt: (index) => exchanges.at(index),
      open: ({ id }) => change({ id }, { isStep: true }),
      needed: (first, last) => {
        range = [first, last];
        asking ??= setTimeout(() => {
          asking = null;
          exchanges.need(...range);
        }, REST);
      },
    });
    const tools = [search, operation, status, rule, fault].map((field) => field.element);
    const frame = split(place, { tools: [...tools, about], list, over: [newer], label: "Exchange" });

    newer.addEventListener("click", () => {
      list.element.scrollTop = 0;
      exchanges.follow(LEAST, examined);
    });

    function drawn(added) {
      list.resize(exchanges.length, added);
      const more = exchanges.hasMore && exchanges.isFiltered ? " or more" : "";
      const lost = exchanges.dropped ? `; ${number(exchanges.dropped)} older ones are no longer kept` : "";
      const count = exchanges.isFiltered ? `${number(exchanges.length)}${more} found` : `${number(exchanges.length)} kept${lost}`;
      about.textContent = exchanges.trouble || (exchanges.length ? count : emptyText());
      about.classList.toggle("wrong", Boolean(exchanges.trouble));
    }

    const emptyText = () => (exchanges.isFiltered ? "Nothing is like that." : "Nothing has come yet. The Overview has a first call.");

    function show(parameters) {
      const value = (name) => parameters.get(name) ?? "";
      search.set(value("text"));
      operation.set(value("operation"));
      status.set(value("status") === "failed" ? FAILED : value("status"));
      rule.set(value("rule") !== "");
      fault.set(value("fault") !== "");
      const filters = Object.fromEntries(
        ["text", "operation", "status", "rule", "fault", "product", "location", "deltaId"].map((name) => [name, value(name)]),
      );
      if (filters.status === "failed") filters.status = FAILED;
      if (JSON.stringify(filters) !== known) {
        known = JSON.stringify(filters);
        exchanges.restart(filters);
      }
      frame.openOne(value("id"), (detail) => exchangeShown(detail, value("id"), left));
    }

    const left = () => {
      change({ id: null }, { isStep: true });
      list.element.focus();
    };

    function beat(pulse) {
      if (exchanges.trouble) return void exchanges.restart(JSON.parse(known));
      const { counts, conformance } = pulse.health;
      const unseen = counts.requests - exchanges.newest;
      examined = counts.requests - (conformance?.waiting ?? 0);
      if (list.isAtTop && !pulse.isPaused) {
        newer.hidden = true;
        if (unseen > 0 || exchanges.lags(examined)) {
          return void exchanges.follow(Math.max(LEAST, range[1]), examined);
        }
        // The log was emptied, or another simulator is there now.
        if (unseen < 0 || (!unseen && exchanges.length && !held(pulse))) exchanges.restart(JSON.parse(known));
      } else {
        newer.hidden = unseen <= 0;
        newer.textContent = `${counted(unseen, "newer one")} ↑`;
      }
      exchanges.refresh(...range);
    }

    function close() {
      search.close();
      clearTimeout(asking);
      frame.close();
      list.close();
    }

    function escape() {
      if (!frame.opened) return false;
      left();
      return true;
    }

    return { show, beat, close, escape };
  },
};

const held = ({ health }) => health.bounds.find(({ name }) => name === "requests").held;

function check(label, chosen) {
  const box = element("input", { type: "checkbox" });
  box.addEventListener("change", () => chosen(box.checked));
  return { element: element("label", { className: "check" }, box, label), set: (isOn) => (box.checked = isOn) };
}
