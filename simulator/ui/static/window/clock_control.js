/** The simulator's time: stopped, moved on, set. */

import { element } from "../dom.js";
import { controlLine, field, section } from "./section.js";
import { moment, number } from "./words.js";

const DAY = 86_400_000;

export function clockControl(place) {
  let clock = { milliseconds: 0, frozen: false, rate: 1 };
  let knownAt = 0;
  const { add, action, refreshCalls } = section(
    place,
    "Clock",
    "Tokens, the midnight at which jobs close, scheduled events and every timestamp go by it.",
  );
  const now = element("strong", { className: "clock" });
  const pace = element("span", { className: "faint" });
  const put = (body, python, cli) => () => ({ method: "PUT", path: "clock", body, python, cli });
  const advance = (part, amount, cli) => ({
    method: "POST",
    path: "clock/advance",
    body: { [part]: amount },
    python: `fluent_oms.clock.advance(${part}=${amount})`,
    cli: `fluent-sim clock advance ${cli}`,
  });
  const hours = field("Hours", { type: "number", value: 1, min: 0, step: "any", className: "short" });
  const wanted = field("Moment", { placeholder: "2026-11-26T23:59:58Z", className: "moment" });
  const rate = field("Times as fast", { type: "number", value: 60, min: 0.000001, step: "any", className: "short" });
  const toMidnight = () => {
    const since = clock.frozen ? 0 : (performance.now() - knownAt) * clock.rate;
    return DAY - (Math.round(clock.milliseconds + since) % DAY);
  };
  const told = (answer) => {
    know(answer);
    return `It is ${moment(answer.now)}.`;
  };
  for (const input of [hours, wanted, rate]) input.addEventListener("input", refreshCalls);

  add(
    element("p", {}, now, " ", pace),
    controlLine(
      "Course",
      action("Freeze", put({ frozen: true }, "fluent_oms.clock.freeze()", "fluent-sim clock freeze"), { told }),
      action("Go on", put({ frozen: false }, "fluent_oms.clock.go_on()", "fluent-sim clock unfreeze"), { told }),
      action("Follow the machine", () => ({ method: "DELETE", path: "clock", python: "fluent_oms.clock.follow_machine()", cli: "fluent-sim clock follow" }), { told }),
    ),
    controlLine(
      "Move on",
      hours,
      action("Advance hours", () => advance("hours", Number(hours.value), `--hours ${hours.value}`), { told }),
      action("To the next midnight", () => advance("milliseconds", toMidnight(), `--milliseconds ${toMidnight()}`), { told }),
    ),
    controlLine(
      "Set",
      wanted,
      action("Set", () => put({ now: wanted.value }, `fluent_oms.clock.set("${wanted.value}")`, `fluent-sim clock set ${wanted.value}`)(), { told }),
    ),
    controlLine(
      "Rate",
      rate,
      action("Times as fast", () => put({ rate: Number(rate.value) }, `fluent_oms.clock.go_on(rate=${rate.value})`, `fluent-sim clock run ${rate.value}`)(), { told }),
    ),
  );

  function beat({ health }) {
    if (health.clock.now !== clock.now) know(health.clock);
  }

  function know(told) {
    clock = told;
    knownAt = performance.now();
    now.textContent = moment(clock.now);
    pace.textContent = clock.frozen ? "stands still" : clock.rate === 1 ? "" : `${number(clock.rate)} times as fast`;
    if (!wanted.value) wanted.value = `${clock.now.slice(0, 19)}Z`;
  }

  return { beat };
}
