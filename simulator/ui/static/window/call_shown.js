/** The calls that controls make, to be copied into a test: as curl, and in other words. */

import { element } from "../dom.js";
import { address, base, token } from "./control.js";
import { copyButton } from "./copying.js";

const USUAL = "http" + "://127.0.0.1:4141"; // where a command looks without --url

/** A word of a shell's line. */
export const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** A call as a command. */
export function curl({ method = "GET", path, query, body, type = "application/json", at }) {
  const words = ["curl", "-sS"];
  if (method !== "GET") words.push("-X", method);
  words.push(quoted(location.origin + address(path, query, at)));
  if (token.get()) words.push('-H "Authorization: Bearer $ADMIN_TOKEN"');
  if (body !== undefined) {
    words.push("-H", quoted(`Content-Type: ${type}`));
    words.push("--data-binary", quoted(typeof body === "string" ? body : JSON.stringify(body)));
  }
  return words.join(" ");
}

/** A command of ours, for this simulator. */
function command(text, at = base) {
  const url = location.origin + at;
  return url === USUAL ? text : `${text} --url ${quoted(url)}`;
}

/**
 * What shows calls, closed at first. `calls` is one, or gives one or a list of them by now, as the
 * fields of a form change them: `{ label, method, path, query, body }`, and the same in other words
 * as `python` and `cli`.
 */
export function callShown(calls) {
  const lines = element("div", { className: "calls" });
  const summary = element("summary", {}, typeof calls === "function" ? "The calls" : "The call");
  const shown = element("details", { className: "call" }, summary, lines);
  shown.addEventListener("toggle", refresh);
  return Object.assign(shown, { refresh });

  function refresh() {
    if (!shown.open) return;
    const made = [typeof calls === "function" ? calls() : calls].flat();
    lines.replaceChildren(...made.flatMap(oneShown));
  }
}

function oneShown(call) {
  const texts = [
    ["curl", curl(call)],
    ["pytest", call.python],
    ["shell", call.cli && command(call.cli, call.at)],
  ];
  const shown = texts
    .filter(([, text]) => text)
    .map(([name, text]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, element("code", {}, text), copyButton(text, { about: `Copy as ${name}` }))),
    );
  return [call.label && element("h4", {}, call.label), element("dl", {}, ...shown)].filter(Boolean);
}
