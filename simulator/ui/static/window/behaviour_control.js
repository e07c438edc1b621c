/** The switches: each open point of the platform, what its values mean, and which one holds. */

import { element } from "../dom.js";
import { ask } from "./control.js";
import { choice, controlLine, field, section } from "./section.js";
import { counted } from "./words.js";

export function behaviourControl(place) {
  let switches = [];
  let last = ["delta.duplicate", "reject"];
  const { add, action, perform, tell, listCall } = section(
    place,
    "Behaviours",
    "Where the documentation leaves a choice: what the simulator does, and why. A change holds from now on.",
    load,
  );
  const search = field("Find a behaviour", { type: "search", placeholder: "Find a behaviour" });
  const onlyChanged = element("input", { type: "checkbox" });
  const about = element("span", { className: "faint" });
  const list = element("div", { className: "behaviours" });
  search.addEventListener("input", draw);
  onlyChanged.addEventListener("change", draw);
  add(
    controlLine(
      "Find",
      search,
      element("label", { className: "check" }, onlyChanged, "other than the profile"),
      about,
      action("Set all as at the start", () => ({ method: "DELETE", path: "behaviours", cli: "fluent-sim behaviours --restore" }), { told: () => "All are as they were at the start." }),
    ),
    list,
  );
  listCall(() => ({ label: "Change a switch", ...changeOf(...last) }));
  load();

  async function load() {
    try {
      switches = (await ask("behaviours")).behaviours;
      draw();
    } catch (error) {
      tell(error.message, "wrong");
    }
  }

  function draw() {
    const wanted = search.value.trim().toLowerCase();
    const found = switches.filter(
      (each) =>
        (!onlyChanged.checked || each.value !== each.default) &&
        `${each.name} ${each.effect}`.toLowerCase().includes(wanted),
    );
    about.textContent = `${found.length} of ${counted(switches.length, "switch", "switches")}`;
    list.replaceChildren(...found.map(shown));
  }

  function shown({ name, value, default: usual, documented, values, effect, evidence, fixed }) {
    const isNumber = values.length === 1;
    const input = isNumber
      ? field(name, { type: "number", value, min: 1, className: "short" })
      : choice(name, values.map((each) => [each, each]));
    input.value = value;
    input.disabled = fixed !== null;
    input.addEventListener("change", () => set(name, input.value));
    const notes = [
      value === usual ? "" : `otherwise ${usual}`,
      documented === usual ? "" : `with the profile documented: ${documented}`,
      isNumber ? values[0] : "",
      fixed ? `cannot be changed now: ${fixed}` : "",
    ].filter(Boolean);
    return element(
      "div",
      { className: value === usual ? "behaviour" : "behaviour changed" },
      element("div", { className: "line spread" }, element("code", {}, name), input),
      element("p", {}, effect),
      element("p", { className: "faint" }, [evidence, ...notes].join(" · ")),
    );
  }

  function set(name, value) {
    last = [name, value];
    perform(() => changeOf(name, value), () => `${name} is ${value} from now on.`);
  }
}

function changeOf(name, value) {
  return {
    method: "PUT",
    path: "behaviours",
    body: { behaviours: { [name]: value } },
    python: `fluent_oms.change_behaviours(${JSON.stringify({ [name]: value })})`,
    cli: `fluent-sim behaviours --set ${name}=${value}`,
  };
}
