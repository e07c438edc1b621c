/** What goes wrong on purpose: presets, rules, what they have struck. */

import { element } from "../dom.js";
import { ask } from "./control.js";
import { exchangeLink } from "./exchange.js";
import { table } from "./outcome.js";
import { choice, controlLine, field, section } from "./section.js";
import { counted, number, timeOfDay } from "./words.js";

const EXAMPLE = '{"kind": "reset", "point": "after_commit", "match": {"operation": "sendEvent", "nth": 1}}';
const STRIKES = 50;

export function faultControl(place) {
  let known = "";
  const { add, action, refreshCalls, tell } = section(place, "Faults", "What goes wrong on purpose, and where in a call.", load);
  const preset = choice("Preset", []);
  const meaning = element("p", { className: "faint" });
  const seed = field("Seed", { type: "number", value: 0, min: 0, className: "short" });
  const rule = element("textarea", { rows: 3, spellcheck: false, value: EXAMPLE, "aria-label": "A rule as JSON, or a list of them" });
  const armed = element("div", {});
  const struck = element("div", {});
  preset.addEventListener("change", explain);
  for (const input of [seed, rule]) input.addEventListener("input", refreshCalls);
  const told = ({ rules }) => `${counted(rules.length, "rule")} armed.`;
  const words = () => preset.value.replaceAll("-", "_");

  add(
    controlLine(
      "Preset",
      preset,
      seed,
      action("Arm", () => ({ method: "PUT", path: "faults", body: { preset: preset.value, seed: Number(seed.value) }, python: `fluent_oms.faults.${words()}()`, cli: `fluent-sim faults arm ${preset.value} --seed ${seed.value}` }), { told }),
    ),
    meaning,
    controlLine(
      "Rule",
      rule,
      action("Add", () => ({ method: "POST", path: "faults", body: ruleBody(rule.value), python: `fluent_oms.faults.arm(${rule.value.trim()})`, cli: "fluent-sim faults add rule.json" }), { told }),
    ),
    armed,
    struck,
    controlLine("All", action("Remove all rules", () => ({ method: "DELETE", path: "faults", python: "fluent_oms.faults.clear()", cli: "fluent-sim faults clear" }), { told })),
  );

  async function load() {
    try {
      draw(await ask("faults", { query: { count: STRIKES } }));
    } catch (error) {
      tell(error.message, "wrong");
    }
  }

  function draw({ rules, presets, log, fired }) {
    if (!preset.options.length) {
      preset.append(...presets.map(({ name, about }) => element("option", { value: name, title: about }, name)));
      preset.about = Object.fromEntries(presets.map(({ name, about }) => [name, about]));
      explain();
    }
    const rows = rules.map((each) => {
      const { id, kind, point, matched, fired: times, ...more } = each;
      const removing = action("Remove", () => ({ method: "DELETE", path: `faults/${encodeURIComponent(id)}` }), { told, isListed: false });
      return line(id, kind, point ?? "", element("code", {}, JSON.stringify(more)), number(times), removing);
    });
    armed.replaceChildren(...(rows.length ? [table("Armed rules", ["Rule", "Kind", "Point", "Match and more", "Struck", ""], rows)] : [element("p", { className: "faint" }, "No rule is armed.")]));
    const strikes = log.map(({ at, rule: by, kind, point, request }) => line(timeOfDay(at).slice(0, 12), by ?? "of the call", `${kind} at ${point}`, request ? exchangeLink(request) : ""));
    struck.replaceChildren(...(strikes.length ? [table(`${counted(fired, "strike")}, newest first`, ["Time", "Rule", "Fault", "Request"], strikes)] : []));
  }

  function explain() {
    meaning.textContent = preset.about?.[preset.value] ?? "";
    refreshCalls();
  }

  function beat({ health }) {
    const now = JSON.stringify(health.faults);
    if (now === known) return;
    known = now;
    load();
  }

  return { beat };
}

/** What is typed, as the call takes it; what is no JSON goes as it is, to be refused with its place. */
function ruleBody(text) {
  try {
    const typed = JSON.parse(text);
    return typed.rules || typed.preset ? typed : { rules: [typed].flat() };
  } catch {
    throw new Error("The rule is not valid JSON.");
  }
}

function line(...cells) {
  return element("tr", {}, ...cells.map((cell) => element("td", {}, cell)));
}
