/** How fast what was accepted is applied, and having it applied now. */

import { element } from "../dom.js";
import { choice, controlLine, field, section } from "./section.js";
import { counted } from "./words.js";

const MODES = [
  ["immediate", "at once"],
  ["manual", "when it is asked for"],
  ["time", "after some milliseconds"],
];

export function settlingControl(place) {
  const { add, action, refreshCalls } = section(
    place,
    "Settling",
    "When what was accepted becomes visible. Until then it is PENDING.",
  );
  const state = element("p", {});
  const mode = choice("Mode", MODES);
  const delay = field("Milliseconds", { type: "number", value: 500, min: 0, className: "short", hidden: true });
  const units = field("Units", { type: "number", min: 1, value: 1, className: "short" });
  mode.addEventListener("change", () => {
    delay.hidden = mode.value !== "time";
    refreshCalls();
  });
  for (const input of [delay, units]) input.addEventListener("input", refreshCalls);
  const chosen = () => (mode.value === "time" ? { mode: "time", milliseconds: Number(delay.value) } : { mode: mode.value });
  const told = ({ settled, waiting, held }) =>
    settled ? "All is applied." : `Left: ${counted(waiting.events + held.events, "event")}, ${counted(waiting.batches + held.batches, "batch", "batches")}.`;

  add(
    state,
    controlLine(
      "Apply",
      action("Settle all", () => ({ method: "POST", path: "settle", python: "fluent_oms.settle()", cli: "fluent-sim settle" }), { told, kind: "main" }),
      units,
      action("Settle units", () => ({ method: "POST", path: "settle", query: { units: units.value }, cli: `fluent-sim settle --units ${units.value}` }), { told }),
    ),
    controlLine(
      "Mode",
      mode,
      delay,
      action(
        "Choose",
        () => ({
          method: "PUT",
          path: "settling",
          body: chosen(),
          python: `fluent_oms.change_settling("${mode.value}"${mode.value === "time" ? `, milliseconds=${delay.value}` : ""})`,
          cli: `fluent-sim settling ${mode.value}${mode.value === "time" ? ` ${delay.value}` : ""}`,
        }),
        { told: (answer) => `It is applied ${Object.fromEntries(MODES)[answer.mode]}.` },
      ),
    ),
  );

  function beat({ health: { settling, waiting, held } }) {
    const line = held.events + held.batches
      ? `${counted(held.events, "event")} and ${counted(held.batches, "batch", "batches")} are held back`
      : `${counted(waiting.events, "event")} and ${counted(waiting.batches, "batch", "batches")} wait`;
    state.textContent = `What was accepted is applied ${Object.fromEntries(MODES)[settling]}; ${line}.`;
  }

  return { beat };
}
