/** The calls that make and drop webhooks, as the fields of the form say, in each of the languages. */

import { quoted } from "./call_shown.js";

/** The path of a webhook. */
export const pathOf = (name) => `webhooks/${encodeURIComponent(name)}`;

/**
 * The call that adds one: `names`, `statuses` and `entityTypes` are lists, of which an empty one
 * chooses nothing; without a `schedule` it is that of the switch.
 */
export function adding({ name, url, names, statuses, entityTypes, schedule, isVerified }) {
  const chosen = Object.entries({ names, statuses, entityTypes }).filter(([, values]) => values.length);
  const body = { url };
  if (chosen.length) body.events = Object.fromEntries(chosen);
  if (schedule) body.retrySchedule = schedule;
  if (!isVerified) body.verifyTls = false;

  const python = [JSON.stringify(url), `name=${JSON.stringify(name)}`];
  for (const [each, values] of chosen) python.push(`${each === "entityTypes" ? "entity_types" : each}=${JSON.stringify(values)}`);
  if (schedule) python.push(`retry_schedule=${JSON.stringify(schedule)}`);
  if (!isVerified) python.push("verify_tls=False");

  const options = { names: "--event", statuses: "--status", entityTypes: "--entity-type" };
  const shell = ["fluent-sim webhooks add", quoted(name), quoted(url)];
  for (const [each, values] of chosen) shell.push(...values.map((value) => `${options[each]} ${quoted(value)}`));
  if (schedule) shell.push(`--retry-schedule ${schedule}`);
  if (!isVerified) shell.push("--any-certificate");

  return {
    method: "PUT",
    path: pathOf(name),
    body,
    python: `fluent_oms.webhooks.add(${python.join(", ")})`,
    cli: shell.join(" "),
  };
}

/** The call that drops one. */
export const dropping = (name) => ({
  method: "DELETE",
  path: pathOf(name),
  python: `fluent_oms.webhooks.drop(${JSON.stringify(name)})`,
  cli: `fluent-sim webhooks drop ${quoted(name)}`,
});
