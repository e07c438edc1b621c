/** Starting over, keeping a state by a name, going back to it. */

import { element } from "../dom.js";
import { ask } from "./control.js";
import { table } from "./outcome.js";
import { controlLine, field, section } from "./section.js";
import { counted, moment, number } from "./words.js";

const KEPT = {
  requests: "requests",
  ledger: "ledger",
  conformance: "rules broken",
  faults: "fault rules",
  tokens: "tokens",
};

export function snapshotControl(place) {
  const { add, action, refreshCalls, tell } = section(
    place,
    "State",
    "Stock, jobs, events, clock and switches: begin anew, or keep them by a name and go back.",
    load,
  );
  const also = Object.fromEntries(Object.keys(KEPT).map((name) => [name, element("input", { type: "checkbox" })]));
  const name = field("Name of a snapshot", { value: "before", maxLength: 64 });
  const list = element("div", {});
  for (const input of [...Object.values(also), name]) input.addEventListener("input", refreshCalls);
  const dropped = () => Object.fromEntries(Object.entries(also).filter(([, box]) => box.checked).map(([each]) => [each, "drop"]));
  const at = (each = name.value) => `snapshots/${encodeURIComponent(each)}`;

  add(
    controlLine(
      "Reset",
      action("Reset", () => ({ method: "POST", path: "reset", query: dropped(), python: "fluent_oms.reset()" }), {
        sure: "Stock, jobs and events go back to the start.",
        told: () => "It is as it was at the start.",
      }),
    ),
    controlLine("and drop", ...Object.entries(KEPT).map(([each, text]) => element("label", { className: "check" }, also[each], text))),
    controlLine(
      "Requests",
      action("Forget requests", () => ({ method: "DELETE", path: "requests", python: "fluent_oms.requests.clear()", cli: "fluent-sim requests --forget" }), {
        sure: "What callers have sent is not told any more.",
        told: () => "They are forgotten; stock and events stay.",
      }),
    ),
    controlLine(
      "Snapshot",
      name,
      action("Take", () => ({ method: "PUT", path: at(), python: `fluent_oms.snapshot(${JSON.stringify(name.value)})`, cli: `fluent-sim snapshot take ${name.value}` }), {
        told: ({ positions }) => `Kept, with ${counted(positions, "position")}.`,
      }),
    ),
    list,
  );
  load();

  async function load() {
    try {
      draw((await ask("snapshots", { query: { count: 100 } })).snapshots);
    } catch (error) {
      tell(error.message, "wrong");
    }
  }

  function draw(snapshots) {
    const rows = snapshots.map(({ name: each, takenAt, positions }) =>
      element(
        "tr",
        {},
        ...[
          each,
          moment(takenAt),
          number(positions),
          action("Go back", () => ({ method: "POST", path: `${at(each)}/restore` }), { sure: "The state of now is lost.", isListed: false, told: () => `It is as it was when ${each} was taken.` }),
          action("Drop", () => ({ method: "DELETE", path: at(each) }), { sure: "It is lost.", isListed: false, told: () => `${each} is dropped.` }),
        ].map((cell) => element("td", {}, cell)),
      ),
    );
    list.replaceChildren(...(rows.length ? [table("Snapshots", ["Name", "Taken", "Positions", "", ""], rows)] : []));
  }
}
