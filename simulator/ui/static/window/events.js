/** The event log: what came to nothing first, with what to do about it; then all of it. */

import { element } from "../dom.js";
import { change, link } from "./address.js";
import { ask } from "./control.js";
import { eventShown } from "./event.js";
import { exchangeLink } from "./exchange.js";
import { choiceField, searchField, split } from "./listed.js";
import { Pages } from "./pages.js";
import { RowList } from "./rows.js";
import { counted, number, timeOfDay } from "./words.js";

const BAD = "NO_MATCH,FAILED";
const WORST_SHOWN = 3;
const STATUSES = {
  "": "Every status",
  [BAD]: "Came to nothing",
  FAILED: "FAILED",
  NO_MATCH: "NO_MATCH",
  "SUCCESS,COMPLETE": "Applied",
  "PENDING,SCHEDULED": "Waiting",
};
const KINDS = { SUCCESS: "good", COMPLETE: "good", FAILED: "wrong", NO_MATCH: "wrong" };

const statusMark = (status) => element("span", { className: `mark ${KINDS[status] ?? "warn"}` }, status);

const COLUMNS = [
  { title: "Accepted", className: "at", cell: ({ acceptedOn }) => timeOfDay(acceptedOn).slice(0, 12) },
  { title: "Status", className: "status", cell: ({ status }) => statusMark(status) },
  { title: "Name", className: "name-of", cell: ({ name }) => name },
  { title: "What came of it", className: "why", cell: ({ reason, status }) => element("span", { className: KINDS[status] === "wrong" ? "wrong" : "" }, reason ?? "") },
  { title: "Sent with", className: "request", cell: ({ request }) => (request === null ? "" : exchangeLink(request, `request ${number(request)}`)) },
];

export const events = {
  title: "Events",

  open(place) {
    let filters = null;
    let known = "";
    let wasNew = false;
    let stopped = false;
    const about = element("p", { className: "faint about", role: "status" });
    const worst = element("section", { className: "panel worst", "aria-label": "What came to nothing", hidden: true });
    const pages = new Pages(asked, drawn);
    const list = new RowList({
      label: "Events, newest first",
      className: "events-listed",
      columns: COLUMNS,
      rowAt: (index) => pages.at(index),
      open: ({ id }) => change({ id }, { isStep: true }),
      needed: (first, last) => filters && pages.need(first, last),
    });
    const text = searchField("text", { label: "Find in id, body and reason", goDown: () => list.element.focus() });
    const status = choiceField("status", "Status", STATUSES);
    const frame = split(place, { tools: [text.element, status.element, about], above: [worst], list, label: "Event" });

    /** A page: those behind the last one that is here, so that none shifts as more come. */
    function asked({ start, count, signal }) {
      const before = start ? pages.at(start - 1)?.id : null;
      return ask("events", { query: { ...filters, before, start: before ? null : start, count }, signal });
    }

    function drawn(added) {
      list.resize(pages.length, added);
      about.classList.toggle("wrong", Boolean(pages.trouble));
      about.textContent = pages.trouble || told();
    }

    function told() {
      const { kept, dropped } = pages.answer;
      const lost = dropped ? `; ${counted(dropped, "older one is", "older ones are")} no longer kept` : "";
      if (!pages.length) return kept ? "Nothing is like that." : "No event has come yet.";
      const isWhole = !Object.values(filters).some(Boolean);
      return isWhole ? `${counted(kept, "event")}${lost}` : `${number(pages.length)}${pages.hasMore ? " or more" : ""} found`;
    }

    async function showWorst() {
      try {
        const { results, hasMore } = await ask("events", { query: { status: BAD, count: WORST_SHOWN } });
        if (stopped) return;
        worst.hidden = !results.length;
        worst.replaceChildren(
          element(
            "div",
            { className: "line spread" },
            element("h2", {}, "Came to nothing, newest first"),
            element("a", { href: link("events", { status: BAD }) }, hasMore ? "All of them" : "Only these"),
          ),
          element("ul", { className: "plain" }, ...results.map(worstShown)),
        );
      } catch {
        worst.hidden = true; // the list says why
      }
    }

    function worstShown({ id, status: how, name, reason, advice }) {
      return element(
        "li",
        {},
        element("div", { className: "line" }, statusMark(how), element("a", { href: link("events", { id }) }, name), element("span", { className: "wrong" }, reason)),
        element("p", {}, advice),
      );
    }

    function show(parameters) {
      const value = (name) => parameters.get(name) ?? "";
      text.set(value("text"));
      status.set(value("status"));
      const wanted = { text: value("text"), status: value("status"), name: value("name"), entityRef: value("entityRef") };
      if (JSON.stringify(wanted) !== JSON.stringify(filters)) {
        filters = wanted;
        list.element.scrollTop = 0;
        pages.restart();
      }
      // Who has chosen what is listed, or opened one, needs no other list above it.
      place.classList.toggle("is-plain", !Object.values(filters).some(Boolean) && !value("id"));
      frame.openOne(value("id"), (detail) => eventShown(detail, value("id"), left));
    }

    const left = () => {
      change({ id: null }, { isStep: true });
      list.element.focus();
    };

    function beat({ state }) {
      if (pages.trouble) return void pages.restart();
      const isNew = state !== known;
      known = state;
      // Once more after the last one: it may have been applied a moment later.
      if ((isNew || wasNew) && list.isAtTop) {
        pages.refresh();
        showWorst();
      }
      wasNew = isNew;
    }

    function escape() {
      if (!frame.opened) return false;
      left();
      return true;
    }

    function close() {
      stopped = true;
      text.close();
      pages.close();
      frame.close();
      list.close();
    }

    return { show, beat, escape, close };
  },
};
