/** Whether each change was applied once, also where one was sent again under another deltaId. */

import { element } from "../dom.js";
import { callShown } from "./call_shown.js";
import { ask } from "./control.js";
import { exchangeLink } from "./exchange.js";
import { table } from "./outcome.js";

const CALL = {
  path: "verify",
  method: "POST",
  body: { expectations: [{ effect: "everyDeltaAppliedExactlyOnce" }] },
  python: "fluent_oms.assert_exactly_once()",
};
const VERDICTS = {
  passed: ["good", "Yes: "],
  failed: ["wrong", "No: "],
  unknown: ["warn", "It cannot be told: "],
};

export function oncePanel(place) {
  const stopping = new AbortController();
  const verdict = element("p", { role: "status", className: "faint" }, "Finds a change that was counted twice, and one that never was.");
  const rows = element("div", {});
  const button = element("button", { type: "button" }, "Check now");
  button.addEventListener("click", look);
  place.append(
    element("div", { className: "line spread" }, element("h2", {}, "Was each change applied once?"), button),
    verdict,
    rows,
    callShown(CALL),
  );

  async function look() {
    button.disabled = true;
    try {
      const { results } = await ask(CALL.path, { method: CALL.method, body: CALL.body, signal: stopping.signal });
      draw(results[0]);
    } catch (error) {
      if (error.name === "AbortError") return;
      verdict.className = "wrong";
      verdict.textContent = error.message;
      rows.replaceChildren();
    }
    button.disabled = false;
  }

  function draw({ verdict: judged, reason, nearMisses = [] }) {
    const [kind, word] = VERDICTS[judged];
    verdict.className = kind;
    verdict.textContent = `${word}${reason}.`;
    const lines = nearMisses.flatMap(({ request, differences }) => differences.map((difference) => lineShown(request, difference)));
    rows.replaceChildren(...(lines.length ? [table("Not applied once", ["Delta", "What came of it", "Request"], lines)] : []));
  }

  return { close: () => stopping.abort() };
}

function lineShown(request, { field, found }) {
  const cells = [field.replace(/^delta /, ""), found, request ? exchangeLink(request, String(request)) : ""];
  return element("tr", {}, ...cells.map((cell) => element("td", {}, cell)));
}
