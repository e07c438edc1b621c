/** The frame of the page: which view is shown, whether the simulator answers, which world this is. */

import { element } from "../dom.js";
import { follow, link, read } from "./address.js";
import { ask, base, home, token, world } from "./control.js";
import { controls } from "./controls.js";
import { announce } from "./copying.js";
import { events } from "./events.js";
import { jobs } from "./jobs.js";
import { ledger } from "./ledger.js";
import { overview } from "./overview.js";
import { pulse } from "./pulse.js";
import { stock } from "./stock.js";
import { tokenField } from "./token_field.js";
import { traffic } from "./traffic.js";

/** Every view, by its name in the address, in the order in which they stand in the page. */
const VIEWS = { overview, traffic, stock, jobs, events, ledger, controls };
const FIRST = "overview";

const place = document.getElementById("view");
const tabs = document.getElementById("views");
const state = document.getElementById("state");
const pausing = document.getElementById("pause");
const worlds = document.getElementById("worlds");
let shown = null; // { name, view }

function showAddress() {
  const { view: asked, parameters } = read();
  const name = Object.hasOwn(VIEWS, asked) ? asked : FIRST;
  if (shown?.name !== name) {
    close();
    const inside = element("div", { className: `view ${name}` });
    place.replaceChildren(element("h1", { className: "aside" }, VIEWS[name].title), inside);
    shown = { name, view: VIEWS[name].open(inside) };
    document.title = `${VIEWS[name].title} - ${world ?? "Fluent OMS simulator"}`;
    for (const tab of tabs.children) {
      if (tab.dataset.view !== name) tab.removeAttribute("aria-current");
      else {
        tab.setAttribute("aria-current", "page");
        // By hand: scrollIntoView would have the keyboard go on from there.
        tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
      }
    }
    announce(VIEWS[name].title);
    scrollTo(0, 0);
  }
  shown.view.show?.(parameters);
  if (pulse.health?.counts) shown.view.beat?.(pulse);
}

function close() {
  shown?.view.close?.();
  shown = null;
}

function beat() {
  const [name, text] = pulse.lost
    ? ["lost", "Not answering"]
    : pulse.isPaused
      ? ["paused", "Paused"]
      : ["live", "Live"];
  state.className = name;
  if (state.textContent !== text) state.textContent = text;
  state.title = pulse.lost ?? "";
  pausing.textContent = pulse.isPaused ? "Go on" : "Pause";
  if (!pulse.health) return;
  if (!pulse.health.counts) return signIn(false);
  shown?.view.beat?.(pulse);
}

function signIn(wasRefused) {
  if (place.querySelector(".sign-in")) return;
  close();
  token.drop();
  pulse.pause();
  const form = tokenField(wasRefused, () => {
    pulse.health = null;
    pulse.resume();
    form.remove();
    showAddress();
    listWorlds();
  });
  place.replaceChildren(form);
  form.querySelector("input").focus();
}

/** The worlds of the server, this one chosen; another one has a page of its own. */
async function listWorlds() {
  const names = [];
  try {
    const { namespaces } = await ask("namespaces", { at: home, query: { count: 1_000 } });
    names.push(...namespaces.map(({ name }) => name));
  } catch {
    // Whoever may not ask, or is not answered, stays where he is.
  }
  if (world !== null && !names.includes(world)) names.unshift(world);
  const options = [["", "default world"], ...names.map((name) => [name, name])];
  worlds.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
  worlds.value = world ?? "";
}

worlds.addEventListener("focus", listWorlds);
worlds.addEventListener("change", () => {
  const below = worlds.value ? `/__ns/${encodeURIComponent(worlds.value)}` : "";
  location.href = `${home}${below}/__ui/${location.hash.split("?")[0]}`;
});
pausing.addEventListener("click", () => (pulse.isPaused ? pulse.resume() : pulse.pause()));
document.getElementById("skip").addEventListener("click", () => place.focus());
for (const aside of document.querySelectorAll("[data-page]")) aside.href = base + aside.dataset.page;
for (const [name, { title }] of Object.entries(VIEWS)) {
  const tab = element("a", { href: link(name) }, title);
  tab.dataset.view = name;
  tabs.append(tab);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target.closest("input, textarea, select");
  if (event.key === "/" && !isTyping) {
    const search = place.querySelector("input[type=search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape") {
    if (shown?.view.escape?.() || !isTyping) return;
    event.target.blur();
  }
});

token.whenNeeded(signIn);
pulse.follow(beat);
follow(showAddress);
showAddress();
pulse.start();
listWorlds();
