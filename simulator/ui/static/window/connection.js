/** How a connector reaches this world and signs in; with a first command to try. */

import { element } from "../dom.js";
import { quoted } from "./call_shown.js";
import { ask, base, home, world } from "./control.js";
import { copyButton } from "./copying.js";

const UNTOLD = "as it was set at the start";

/** Fills a place; returns what keeps it up to date with the health. */
export function connection(place) {
  let known = "";
  let own = null;

  async function learn() {
    // A world with a name tells whoever may ask what its callers sign in with.
    own = {};
    if (world === null) return;
    try {
      own = await ask(`namespaces/${encodeURIComponent(world)}`, { at: home });
    } catch {
      own = {};
    }
  }

  return async function refresh({ account, signIn }) {
    if (own === null) await learn();
    const told = { account, ...signIn, ...own };
    const now = JSON.stringify(told);
    if (now === known) return;
    known = now;
    show(place, told);
  };
}

function show(place, { account, retailers, auth, clientId, clientSecret, username, password }) {
  const rows = [
    ["Base URL", location.origin + base],
    ["Account", account],
    ["Retailers", retailers.join(", ")],
    ["Client id", clientId],
    ["Client secret", clientSecret],
    ["User", username],
    ["Password", password],
  ];
  const first = firstCall({ auth, clientId, clientSecret, username, password });
  place.replaceChildren(
    element("h2", {}, "Connect"),
    element(
      "dl",
      { className: "copied" },
      ...rows.map(([name, value]) =>
        element(
          "div",
          {},
          element("dt", {}, name),
          element("dd", {}, ...(value ? [element("code", {}, value), copyButton(value, { about: `Copy ${name}` })] : [UNTOLD])),
        ),
      ),
    ),
    element("h3", {}, auth === "off" ? "No token is needed: a first call" : "Sign in, and the token comes back"),
    element("div", { className: "command" }, element("pre", { tabIndex: 0 }, element("code", {}, first)), copyButton(first, { about: "Copy the command" })),
  );
}

function firstCall({ auth, clientId, clientSecret, username, password }) {
  const url = location.origin + base;
  if (auth === "off") return `curl -sS ${quoted(`${url}/api/v4.1/event?count=10`)}`;
  const form = {
    grant_type: "password",
    client_id: clientId ?? "CLIENT_ID",
    client_secret: clientSecret ?? "CLIENT_SECRET",
    username: username ?? "USER",
    password: password ?? "PASSWORD",
  };
  const fields = Object.entries(form).map(([name, value]) => `  -d ${quoted(`${name}=${value}`)}`);
  return [`curl -sS ${quoted(`${url}/oauth/token`)}`, ...fields].join(" \\\n");
}
