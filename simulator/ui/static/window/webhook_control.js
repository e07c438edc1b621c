/** Where events are posted to as they end: webhooks made and dropped, and the key that signs. */

import { element } from "../dom.js";
import { ask } from "./control.js";
import { copyButton } from "./copying.js";
import { deliveriesShown } from "./deliveries.js";
import { KeptRows } from "./kept_rows.js";
import { choice, controlLine, field, section } from "./section.js";
import { number } from "./words.js";
import { adding, dropping } from "./webhook_call.js";

const MOST = 100;
const EVERY = 5; // beats between two looks while nothing happens: another may have made one
const USUAL = { name: "orders", url: "http" + "://127.0.0.1:9000/events" };
const STATUSES = ["SUCCESS", "FAILED", "NO_MATCH"];
const SCHEDULES = [["", "tried again as the switch says"], ...["default", "without_immediate", "exponential", "none"].map((name) => [name, name])];

export function webhookControl(place) {
  let webhooks = [];
  let known = "";
  let beats = 0;
  let looking = null;
  let isOwed = false;
  const { add, action, listCall, refreshCalls, tell } = section(
    place,
    "Webhooks",
    "Each event that a caller has sent is posted as JSON once it has ended, signed, and again where that fails.",
    look,
  );
  const name = field("Name of a webhook", { placeholder: USUAL.name, maxLength: 64 });
  const url = field("URL", { type: "url", placeholder: USUAL.url, className: "url", maxLength: 2000 });
  const names = field("Names of events", { placeholder: "of every name" });
  const types = field("Entity types", { placeholder: "on every entity" });
  const boxes = STATUSES.map((status) => element("input", { type: "checkbox", value: status }));
  const schedule = choice("Retry schedule", SCHEDULES);
  const isVerified = element("input", { type: "checkbox", checked: true });
  const key = element("dl", { className: "copied", hidden: true });
  const none = element("p", { className: "faint" }, "There is no webhook.");
  const rows = new KeptRows("Webhooks", ["Name", "URL", "Events", "What waits", ""]);
  for (const input of [name, url, names, types, ...boxes, schedule, isVerified]) input.addEventListener("input", refreshCalls);

  add(
    controlLine("Post to", name, url, action("Add", () => adding(wanted()), { told: (made) => `${made.name} is told of ${eventsOf(made)}.` })),
    controlLine("Events", names, types, ...boxes.map((box) => element("label", { className: "check" }, box, box.value))),
    controlLine("How", schedule, element("label", { className: "check" }, isVerified, "the certificate has to be in order")),
    controlLine(
      "Key",
      action("Show the public key", () => ({ path: "webhook-key", python: "fluent_oms.webhooks.public_key", cli: "fluent-sim webhooks key" }), { told: keyShown }),
    ),
    key,
    none,
    rows.element,
  );
  listCall(() => ({ label: "Drop", ...dropping(webhooks[0]?.name ?? USUAL.name) }));
  const deliveries = deliveriesShown({ action, listCall, refreshCalls, changed: look });
  add(deliveries.element);

  /** What the fields say. */
  function wanted() {
    return {
      name: name.value.trim() || USUAL.name,
      url: url.value.trim() || USUAL.url,
      names: wordsOf(names),
      statuses: boxes.filter((box) => box.checked).map((box) => box.value),
      entityTypes: wordsOf(types),
      schedule: schedule.value,
      isVerified: isVerified.checked,
    };
  }

  function keyShown({ algorithm, bits, publicKey, pem, headers }) {
    const lines = [["As one line", publicKey], ["As PEM", pem]].map(([title, text]) =>
      element("div", {}, element("dt", {}, title), element("dd", {}, element("code", { className: "cut" }, text), copyButton(text, { about: `Copy the key ${title.toLowerCase()}` }))),
    );
    key.replaceChildren(...lines);
    key.hidden = false;
    return `${algorithm} of ${number(bits)} bits; the signatures are in ${Object.keys(headers).join(" and ")}.`;
  }

  /** Look at all of it; who asks meanwhile is answered by one more look. */
  async function look() {
    if (looking) {
      isOwed = true;
      return looking;
    }
    looking = lookOnce();
    await looking;
    looking = null;
  }

  async function lookOnce() {
    isOwed = false;
    try {
      webhooks = (await ask("webhooks", { query: { count: MOST } })).webhooks;
      none.hidden = webhooks.length > 0;
      rows.show(webhooks, cells);
      await deliveries.look(webhooks.map((each) => each.name));
      isOwed ||= webhooks.some(({ waiting, retrying }) => waiting + retrying);
    } catch (error) {
      tell(error.message, "wrong");
    }
  }

  function cells(each) {
    return [
      each.name,
      element("code", { className: "at-least" }, each.url),
      eventsOf(each),
      waitingOf(each),
      action("Drop", () => dropping(each.name), { sure: "Its deliveries are forgotten.", isListed: false, told: () => `${each.name} is dropped.` }),
    ];
  }

  function beat({ health: { counts } }) {
    const now = JSON.stringify(counts);
    const isNew = now !== known;
    known = now;
    if (!isNew && !isOwed && ++beats % EVERY) return;
    look();
    // An event is posted a moment after the call that sent it.
    if (isNew) isOwed = true;
  }

  return { beat };
}

const wordsOf = (input) => input.value.split(",").map((word) => word.trim()).filter(Boolean);

/** What waits for one, and what there was no room for. */
function waitingOf({ waiting, retrying, dropped }) {
  const parts = [waiting && `${number(waiting)} wait`, retrying && `${number(retrying)} for a retry`, dropped && `${number(dropped)} dropped`];
  return parts.filter(Boolean).join(", ") || "nothing";
}

/** Which events one is told of, in words. */
function eventsOf({ events }) {
  const parts = [events.names?.join(", "), events.entityTypes && `on ${events.entityTypes.join(", ")}`, events.statuses && `ended as ${events.statuses.join(", ")}`];
  return parts.filter(Boolean).join(" ") || "every event";
}
