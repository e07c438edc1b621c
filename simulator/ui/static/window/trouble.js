/** The latest exchanges that failed: what somebody who has just come wants to see first. */

import { element } from "../dom.js";
import { link } from "./address.js";
import { ask } from "./control.js";
import { effectOf, statusShown } from "./effects.js";
import { number, timeOfDay } from "./words.js";

const SHOWN = 8;
const LOOKED_THROUGH = 2_000; // so many of the latest: to look for one that is older has its price

/** Fills a place; returns what keeps it up to date with the pulse. */
export function latestTrouble(place) {
  let known = "";
  const list = element("ul", { className: "trouble" });
  const about = element("p", { className: "faint" }, "Nothing has failed.");
  place.append(
    element("div", { className: "line spread" }, element("h2", {}, "Latest failures"), element("a", { href: link("traffic", { status: "failed" }) }, "All of them")),
    about,
    list,
  );

  return async function refresh({ health }) {
    const { requests, failed } = health.counts;
    const now = `${failed} ${health.bounds.find(({ name }) => name === "requests").held ? "" : "none"}`;
    if (now === known) return;
    known = now;
    try {
      const query = { status: "4xx,5xx,0", count: SHOWN, after: Math.max(0, requests - LOOKED_THROUGH) };
      draw((await ask("requests", { query })).results);
    } catch {
      known = ""; // the frame says that it does not answer
    }
  };

  function draw(results) {
    about.hidden = results.length > 0;
    list.replaceChildren(
      ...results.map((row) =>
        element(
          "li",
          {},
          element("span", { className: "faint" }, timeOfDay(row.at).slice(0, 8)),
          statusShown(row.status),
          element("a", { href: link("traffic", { id: row.id }), "aria-label": `Request ${number(row.id)}` }, row.operation),
          element("span", { className: "said" }, effectOf(row)),
        ),
      ),
    );
  }
}
