/** The rules that the traffic broke: how often, where first and last, and what to do. */

import { element } from "../dom.js";
import { link } from "./address.js";
import { callShown } from "./call_shown.js";
import { ask } from "./control.js";
import { exchangeLink } from "./exchange.js";
import { table } from "./outcome.js";
import { counted, number, timeOfDay } from "./words.js";

const VERDICTS = {
  passed: ["good", "No rule is broken."],
  failed: ["wrong", "Rules are broken."],
  incomplete: ["warn", "There is no verdict yet."],
};

export function rulesPanel(place) {
  let chosen = "";
  let known = "";
  let isAsking = false;
  const verdict = element("p", { role: "status" });
  const rows = element("div", {});
  const again = element("button", { type: "button", hidden: true });
  again.addEventListener("click", load);
  place.append(
    element("div", { className: "line spread" }, element("h2", {}, "Rules"), again),
    verdict,
    rows,
    callShown({ path: "conformance", python: "fluent_oms.assert_conformant()", cli: "fluent-sim report" }),
  );

  async function load() {
    if (isAsking) return;
    isAsking = true;
    try {
      draw(await ask("conformance"));
    } catch (error) {
      verdict.className = "wrong";
      verdict.textContent = error.message;
      rows.replaceChildren();
    }
    isAsking = false;
  }

  function draw(report) {
    const [kind, text] = VERDICTS[report.verdict];
    const why = report.checks.map(({ message }) => message).join(" ");
    verdict.className = kind;
    verdict.textContent = [text, why, ...report.notes].filter(Boolean).join(" ");
    const byRule = new Map(report.rules.map((rule) => [rule.rule, rule]));
    const lines = report.findings.map((finding) => ruleShown(finding, byRule.get(finding.rule)));
    rows.replaceChildren(
      ...(lines.length ? [table("Rules broken", ["Rule", "What is wrong, and what to do", "Times", "First", "Last"], lines, "rules")] : []),
    );
    rows.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  }

  function ruleShown({ rule, severity, title, pointer, found, expected, hint }, { times, first, last }) {
    const cells = [
      element("span", { className: `mark ${severity === "error" ? "wrong" : "warn"}`, title: severity }, rule),
      element(
        "div",
        {},
        element("strong", {}, title),
        element("p", { className: "faint" }, `${pointer ? `at ${pointer} ` : ""}found ${found}, expected ${expected}`),
        element("p", {}, hint),
      ),
      element("a", { href: link("traffic", { rule }), title: "The requests" }, number(times)),
      placeOf(first),
      placeOf(last),
    ];
    const made = element("tr", { className: rule === chosen ? "chosen" : "" });
    made.append(...cells.map((cell) => element("td", {}, cell)));
    return made;
  }

  function beat({ health }) {
    const now = JSON.stringify([health.conformance, health.conformance?.waiting ? 0 : health.counts.requests]);
    const waiting = health.conformance?.waiting ?? 0;
    // To ask for the report has all that waits examined, which would not be free under load.
    again.hidden = !waiting;
    again.textContent = `Look at ${counted(waiting, "request")} more`;
    if (known && (now === known || waiting)) return;
    known = now;
    load();
  }

  return {
    beat,
    show: (parameters) => {
      chosen = parameters.get("rule") ?? "";
      if (known) load();
    },
  };
}

function placeOf({ id, at, atEnd }) {
  return element("span", {}, exchangeLink(id, `${atEnd ? "after " : ""}${number(id)}`), element("small", {}, ` ${timeOfDay(at).slice(0, 8)}`));
}
