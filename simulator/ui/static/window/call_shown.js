/** The call that a control makes, to be copied into a test: as curl, and in other words. */

import { element } from "../dom.js";
import { address, token } from "./control.js";
import { copyButton } from "./copying.js";

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
    words.push("-d", quoted(typeof body === "string" ? body : JSON.stringify(body)));
  }
  return words.join(" ");
}

/**
 * What shows a call, closed at first. `call` gives it by now, as fields of a form change it:
 * `{ method, path, query, body }`, and in other words as `python` and `cli`.
 */
export function callShown(call) {
  const lines = element("dl", { className: "calls" });
  const shown = element("details", { className: "call" }, element("summary", {}, "The call"), lines);
  shown.addEventListener("toggle", refresh);
  return Object.assign(shown, { refresh });

  function refresh() {
    if (!shown.open) return;
    const made = typeof call === "function" ? call() : call;
    const texts = [["curl", curl(made)], ["pytest", made.python], ["shell", made.cli]];
    lines.replaceChildren(
      ...texts
        .filter(([, text]) => text)
        .flatMap(([name, text]) => [
          element("dt", {}, name),
          element("dd", {}, element("code", {}, text), copyButton(text, { about: `Copy as ${name}` })),
        ]),
    );
  }
}
