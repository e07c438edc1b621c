/** Is it up, how to connect, what comes in: all of it from the pulse. */

import { element } from "../dom.js";
import { link } from "./address.js";
import { connection } from "./connection.js";
import { latestTrouble } from "./trouble.js";
import { counted, duration, moment, number, rate } from "./words.js";

const MOST_FULL = 0.5; // from which share on something bounded is worth a look

export const overview = {
  title: "Overview",

  open(place) {
    const figures = {};
    const figure = (name, label, view, parameters) => {
      const value = element("strong", {});
      const about = element("small", {});
      figures[name] = { value, about };
      const inside = [element("span", {}, label), value, about];
      return view
        ? element("a", { className: "figure", href: link(view, parameters) }, ...inside)
        : element("div", { className: "figure" }, ...inside);
    };
    const headline = element("h2", { className: "headline" });
    const facts = element("dl", { className: "facts" });
    const connecting = element("section", { className: "panel connect" });
    const bounds = element("section", { className: "panel bounds" });
    const failed = element("section", { className: "panel" });
    place.append(
      element("div", { className: "head" }, headline, facts),
      element(
        "div",
        { className: "figures" },
        figure("requests", "Requests a second", "traffic"),
        figure("deltas", "Deltas a second", "ledger"),
        figure("records", "Records a second", "jobs"),
        figure("failed", "Refused or lost", "traffic", { status: "failed" }),
        figure("queue", "Not applied yet"),
        figure("conformance", "Rules", "ledger"),
        figure("faults", "Faults armed", "controls"),
        figure("positions", "Positions", "stock"),
      ),
      element("div", { className: "columns" }, connecting, element("div", { className: "stacked" }, failed, bounds)),
    );
    const connect = connection(connecting);
    const trouble = latestTrouble(failed);

    function set(name, value, about = "", kind = "") {
      const { value: strong, about: small } = figures[name];
      strong.textContent = value;
      small.textContent = about;
      strong.className = kind;
    }

    function beat(pulse) {
      const { health } = pulse;
      headline.textContent = pulse.lost ? "Not answering" : `Up for ${duration(health.uptime)}`;
      showFacts(facts, health);
      showFigures(pulse, set);
      showBounds(bounds, health.bounds);
      connect(health);
      trouble(pulse);
    }

    return { beat };
  },
};

function showFacts(place, { clock, profile, settling, version, account }) {
  const pace = clock.frozen ? "stands still" : clock.rate === 1 ? "" : `${number(clock.rate)} times as fast`;
  const facts = [
    ["Its time", `${moment(clock.now)}${pace && `, ${pace}`}`],
    ["Profile", profile],
    ["Settling", settling],
    ["Account", account],
    ["Version", version],
  ];
  place.replaceChildren(
    ...facts.map(([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value)),
    ),
  );
}

function showFigures(pulse, set) {
  const { counts, waiting, held, keptByFaults, faults, conformance, catalogues } = pulse.health;
  for (const name of ["requests", "deltas", "records"]) {
    set(name, rate(pulse.rate(name)), `${number(counts[name])} in all`);
  }
  const share = counts.requests ? (100 * counts.failed) / counts.requests : 0;
  set("failed", number(counts.failed), counts.failed ? `${share.toFixed(1)} % of all` : "", counts.failed ? "warn" : "");
  const queued = waiting.events + waiting.batches;
  const kept = held.events + held.batches + keptByFaults.events + keptByFaults.batches;
  set("queue", number(queued), kept ? `and ${number(kept)} held back` : "");
  set("faults", number(faults.rules), `${counted(faults.fired, "strike")} so far`, faults.rules ? "warn" : "");
  const positions = catalogues.reduce((sum, catalogue) => sum + catalogue.positions, 0);
  set("positions", number(positions), counted(pulse.health.cataloguesTotal, "catalogue"));
  set("conformance", ...verdict(conformance, counts));
}

function verdict(conformance, { requests }) {
  if (!conformance) return ["off", "not examined"];
  const { errors, warnings, waiting } = conformance;
  const late = waiting ? `, ${counted(waiting, "request")} to be looked at` : "";
  if (errors) return [counted(errors, "broken", "broken"), `${counted(warnings, "warning")}${late}`, "wrong"];
  if (warnings) return [counted(warnings, "warning"), `no error${late}`, "warn"];
  return requests ? ["kept", `none broken${late}`, "good"] : ["–", "nothing has come yet"];
}

function showBounds(place, bounds) {
  const worth = bounds.filter(({ held, limit, lost }) => lost || held / limit >= MOST_FULL);
  const rows = worth.map(({ what, held, limit, lost, beyond }) =>
    element(
      "li",
      {},
      element("span", {}, what),
      element("meter", { value: held / limit, high: 0.9, max: 1, "aria-label": what }),
      element("small", {}, lost ? `${number(lost)} lost: ${beyond}` : `${Math.round((100 * held) / limit)} % full: then ${beyond}`),
    ),
  );
  const inside = rows.length
    ? element("ul", {}, ...rows)
    : element("p", { className: "faint" }, "Nothing is more than half full, and nothing was lost.");
  place.replaceChildren(element("h2", {}, "What it holds"), inside);
}
