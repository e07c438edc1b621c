/** What a webhook was told: each delivery with its attempts and answers, to have it told again. */

import { element } from "../dom.js";
import { link } from "./address.js";
import { quoted } from "./call_shown.js";
import { ask } from "./control.js";
import { copyButton } from "./copying.js";
import { KeptRows } from "./kept_rows.js";
import { choice, controlLine } from "./section.js";
import { timeOfDay } from "./words.js";
import { pathOf } from "./webhook_call.js";

const MOST = 50;
const SHOWN = 200; // characters of an answer
const STATUSES = [["", "of every status"], ...["WAITING", "RETRYING", "DELIVERED", "FAILED", "DROPPED"].map((status) => [status, status])];
const KINDS = { DELIVERED: "good", RETRYING: "warn", WAITING: "faint" };
const TITLES = ["#", "Ended", "Event", "Status", "Attempts", ""];

/** The part of the section that shows them; `changed()` has all of it looked at again. */
export function deliveriesShown({ action, listCall, refreshCalls, changed }) {
  const webhook = choice("Webhook", []);
  const status = choice("Status of deliveries", STATUSES);
  const about = element("span", { className: "faint" });
  const rows = new KeptRows("Deliveries, newest first", TITLES);
  const shown = element("div", { className: "controls", hidden: true }, controlLine("Told", webhook, status, about), rows.element);
  let last = "1";
  for (const field of [webhook, status]) {
    field.addEventListener("change", () => {
      refreshCalls();
      changed();
    });
  }
  listCall(() => ({ label: "What it was told", ...search() }));
  listCall(() => ({ label: "Redeliver", ...redelivery(last) }));

  const search = () => {
    const [name, wanted] = [webhook.value || "orders", status.value];
    return {
      path: `${pathOf(name)}/deliveries`,
      query: { status: wanted, count: MOST },
      python: `fluent_oms.webhooks.deliveries(${JSON.stringify(name)}${wanted && `, status="${wanted}"`})`,
      cli: `fluent-sim webhooks deliveries ${quoted(name)}${wanted && ` --status ${wanted}`}`,
    };
  };

  const redelivery = (id) => {
    const name = webhook.value || "orders";
    return {
      method: "POST",
      path: `${pathOf(name)}/deliveries/${id}/redeliver`,
      cli: `fluent-sim webhooks redeliver ${quoted(name)} ${id}`,
    };
  };

  /** Look at those of the one that is chosen, of these. */
  async function look(names) {
    offer(names);
    shown.hidden = !names.length;
    if (!names.length) return;
    const { path, query } = search();
    const { deliveries, hasMore, total } = await ask(path, { query });
    last = deliveries[0]?.id ?? last;
    about.textContent = !total ? "Nothing yet." : hasMore ? `the last ${MOST} of ${total}` : "";
    rows.show(deliveries.map((each) => ({ ...each, webhook: webhook.value })), cells);
  }

  function offer(names) {
    if ([...webhook.options].map(({ value }) => value).join() === names.join()) return;
    const before = webhook.value;
    webhook.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
    if (names.includes(before)) webhook.value = before;
    refreshCalls();
  }

  function cells({ id, createdAt, eventId, eventName, status: how, attempts, nextAttemptAt, redeliveryOf, bodyBytes }) {
    const again = redeliveryOf && element("small", {}, ` again of ${redeliveryOf}`);
    const next = nextAttemptAt && element("li", { className: "faint" }, `next at ${timeOfDay(nextAttemptAt).slice(0, 12)}`);
    const path = `${pathOf(webhook.value)}/deliveries/${id}`;
    return [
      id,
      timeOfDay(createdAt).slice(0, 12),
      element("span", {}, element("a", { href: link("events", { id: eventId }) }, eventName), again),
      element("span", { className: `mark ${KINDS[how] ?? "wrong"}` }, how),
      element("ul", { className: "plain" }, ...attempts.map(attemptShown), next),
      element(
        "div",
        { className: "line" },
        // Of a long body the list says nothing: it is asked for when it is wanted.
        bodyBytes ? copyButton(async () => (await ask(path)).body, { label: "Copy body" }) : null,
        action("Redeliver", () => redelivery(id), { isListed: false, told: (made) => `${eventName} is posted once more, as delivery ${made.id}.` }),
      ),
    ];
  }

  return { element: shown, look };
}

function attemptShown({ at, status, problem, answer }) {
  const isGood = status >= 200 && status < 300;
  return element(
    "li",
    {},
    `${timeOfDay(at).slice(0, 12)} `,
    element("strong", { className: isGood ? "good" : "wrong" }, String(status ?? problem)),
    answer && element("code", { title: answer }, ` ${answer.slice(0, SHOWN)}`),
  );
}
