/** A section of controls: each does one thing, says what came of it, and shows the call it makes. */

import { element } from "../dom.js";
import { callShown } from "./call_shown.js";
import { ask } from "./control.js";
import { pulse } from "./pulse.js";

/**
 * Fills a place with a title and what it is about; returns what controls are made with.
 *
 * `changed` is called after one has done its work.
 */
export function section(place, title, about, changed = () => {}) {
  const calls = [];
  const message = element("p", { className: "message", role: "status" });
  const shown = callShown(() => calls.map((call) => call()));
  const body = element("div", { className: "controls" });
  place.append(element("div", {}, element("h2", {}, title), element("p", { className: "faint" }, about)), body, message, shown);

  function tell(text, kind = "") {
    message.textContent = text;
    message.className = `message ${kind}`;
  }

  async function perform(call, told) {
    tell("…");
    try {
      const { path, ...how } = call();
      const answer = await ask(path, how);
      tell(told(answer), "good");
      await changed(answer);
      shown.refresh();
      pulse.soon();
      return answer;
    } catch (error) {
      tell(error.message, "wrong");
      return null;
    }
  }

  /**
   * A button. `call()` is what it sends, `told(answer)` what is said then; `sure` is asked before
   * what cannot be taken back. Unless `isListed` is false its call stands in the section's list.
   */
  function action(label, call, { told = () => "Done.", sure, kind = "", isListed = true } = {}) {
    if (isListed) calls.push(() => ({ label, ...call() }));
    const button = element("button", { type: "button", className: kind }, label);
    if (!sure) {
      button.addEventListener("click", () => perform(call, told));
      return button;
    }
    const asked = element("span", { className: "sure", role: "group", "aria-label": sure, hidden: true });
    const yes = element("button", { type: "button", className: "danger" }, label);
    const no = element("button", { type: "button" }, "No");
    asked.append(element("span", {}, sure), yes, no);
    const ending = (isSure) => {
      asked.hidden = true;
      button.hidden = false;
      button.focus();
      if (isSure) perform(call, told);
    };
    button.classList.add("danger");
    button.addEventListener("click", () => {
      asked.hidden = false;
      button.hidden = true;
      no.focus();
    });
    yes.addEventListener("click", () => ending(true));
    no.addEventListener("click", () => ending(false));
    asked.addEventListener("keydown", (event) => event.key === "Escape" && ending(false));
    return element("span", { className: "line" }, button, asked);
  }

  return {
    tell,
    action,
    perform,
    add: (...nodes) => body.append(...nodes),
    /** Have a call stand in the section's list that no button of its own makes. */
    listCall: (call) => calls.push(call),
    refreshCalls: () => shown.refresh(),
  };
}

/** A line of controls with a label before it. */
export function controlLine(label, ...controls) {
  return element("div", { className: "control", role: "group", "aria-label": label }, element("span", { className: "faint" }, label), element("div", { className: "line" }, ...controls));
}

/** A field with its label; `type` and the like as properties. */
export function field(label, properties) {
  const made = element("input", { spellcheck: false, autocomplete: "off", "aria-label": label, ...properties });
  return made;
}

/** A choice among `[value, text]`. */
export function choice(label, options) {
  return element(
    "select",
    { "aria-label": label },
    ...options.map(([value, text]) => element("option", { value }, text)),
  );
}
