/** One exchange whole: both bodies, what is wrong and where, what came of it, how to send it again. */

import { element } from "../dom.js";
import { link } from "./address.js";
import { ask } from "./control.js";
import { copyButton } from "./copying.js";
import { statusShown } from "./effects.js";
import { isDocument, jsonView } from "./json_view.js";
import { facts, heading, shown } from "./opened.js";
import { batchVerdicts, faultsShown, outcomeShown, rulesShown } from "./outcome.js";
import { moment } from "./words.js";

const PLACE = /(?:at|^) (\/\S*|the document's root)(?: found| is missing)/;
const OPEN = new Set(["PENDING", "RUNNING", "SCHEDULED"]);

/** Shows an exchange by its number; `left` is called by what closes it. */
export function exchangeShown(place, id, left) {
  return { id, ...shown(place, { title: `Request ${id}`, left, load, draw }) };

  async function load(signal) {
    const exchange = await ask(`requests/${encodeURIComponent(id)}`, { signal });
    const findings = await found(exchange, signal);
    const records = exchange.outcome.batch ? await batchVerdicts(exchange.outcome, signal) : null;
    return { exchange, findings, records };
  }

  function draw(_, { exchange, findings, records }) {
    const { method, path, query, status, at, operation, client, outcome, sent, reply, replyBytes } = exchange;
    const again = (form) => () => ask(`requests/${exchange.id}`, { query: { as: form }, as: "text" });
    const marks = [
      ...findings.map(({ rule, pointer, found: what, expected }) => ({ pointer, message: `${rule}: found ${what}, expected ${expected}` })),
      ...refusals(reply),
    ];
    // One whose secrets were taken out is shorter, and whole all the same.
    const isCut = replyBytes > new Blob([reply]).size && !isDocument(reply);
    const cut = isCut ? "only its beginning is kept" : "";
    place.replaceChildren(
      heading(`${method} ${query ? `${path}?${query}` : path}`, left),
      facts([
        ["Request", String(exchange.id)],
        ["Operation", operation],
        ["Status", statusShown(status)],
        ["Answered", moment(at)],
        ["From", `${client.address} ${client.agent}`],
      ]),
      element(
        "div",
        { className: "line" },
        copyButton(again("curl"), { label: "Copy as curl" }),
        copyButton(again("pytest"), { label: "Copy as pytest" }),
      ),
      outcomeShown(exchange, records),
      ...faultsShown(outcome.faults),
      ...rulesShown(exchange, findings),
      jsonView(sent, { label: "Sent", marks: marks.filter(({ pointer }) => pointer !== undefined) }),
      jsonView(reply, { label: "Answered", note: cut }),
    );
    return OPEN.has(outcome.status) || !exchange.examined;
  }
}

/** Where each of its rules was broken, as far as the report has kept it as an example. */
async function found({ id, rulesBroken }, signal) {
  if (!rulesBroken.length) return [];
  const report = await ask("conformance", { query: { select: rulesBroken.join(",") }, signal });
  return report.rules.flatMap(({ rule, examples }) =>
    examples.filter(({ request }) => request.id === id).map((example) => ({ rule, ...example })),
  );
}

/** The places that a refusal names in what was sent. */
function refusals(reply) {
  try {
    return (JSON.parse(reply).errors ?? []).flatMap(({ message, detail }) => {
      const text = [message, detail].filter(Boolean).join(": ");
      const place = PLACE.exec(text)?.[1];
      return place ? [{ pointer: place.startsWith("/") ? place : "", message: text }] : [];
    });
  } catch {
    return [];
  }
}

/** A link to an exchange, by its number. */
export function exchangeLink(id, text = `request ${id}`) {
  return element("a", { href: link("traffic", { id }) }, text);
}
