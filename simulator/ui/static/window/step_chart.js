/** Something that changes in steps, over time: a line, and each change at its place. */

import { element } from "../dom.js";
import { drawn } from "./drawing.js";
import { number } from "./words.js";

const HEIGHT = 220;
const EDGE = { top: 12, right: 16, bottom: 26, left: 64 };
const MOST_DOTS = 400; // more would be a band

/**
 * `changes`: `{ at, value, label, href }`, `at` in milliseconds, in the order of time; each says
 * from when on the value holds. `until`: where the line ends. A change that has an `href` leads
 * there.
 */
export function stepChart({ label, changes, until }) {
  const place = element("figure", { className: "chart" });
  const watching = new ResizeObserver(() => draw());
  watching.observe(place);
  return Object.assign(place, { close: () => watching.disconnect() });

  function draw() {
    const width = place.clientWidth;
    if (width < EDGE.left + EDGE.right + 40) return;
    const first = changes[0]?.at ?? 0;
    const last = Math.max(until ?? 0, changes.at(-1)?.at ?? 0, first + 1);
    const values = changes.map(({ value }) => value);
    const marks = ticks(Math.min(0, ...values), Math.max(1, ...values), 4);
    const x = scale(first, last, EDGE.left, width - EDGE.right);
    const y = scale(marks[0], marks.at(-1), HEIGHT - EDGE.bottom, EDGE.top);
    const chart = drawn(
      "svg",
      { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "group", "aria-label": label },
      ...marks.map((mark) => levelLine(mark, y(mark), width)),
      ...times(first, last, width).map(([at, text, anchor]) =>
        drawn("text", { x: x(at), y: HEIGHT - 8, "text-anchor": anchor, class: "chart-text" }, text),
      ),
      drawn("path", { d: path(changes, x, y, last), class: "chart-line" }),
      ...(changes.length <= MOST_DOTS ? changes.map((change) => dot(change, x, y)) : []),
    );
    place.replaceChildren(chart);
  }
}

function levelLine(value, y, width) {
  return drawn(
    "g",
    { "aria-hidden": "true" },
    drawn("line", { x1: EDGE.left, x2: width - EDGE.right, y1: y, y2: y, class: value ? "chart-level" : "chart-zero" }),
    drawn("text", { x: EDGE.left - 8, y: y + 4, "text-anchor": "end", class: "chart-text" }, number(value)),
  );
}

function dot({ at, value, label, href }, x, y) {
  const circle = drawn("circle", { cx: x(at), cy: y(value), r: 4, class: "chart-dot" }, drawn("title", {}, label));
  return href ? drawn("a", { href, "aria-label": label }, circle) : circle;
}

function path(changes, x, y, last) {
  if (!changes.length) return "";
  const [begin, ...others] = changes;
  const steps = others.map(({ at, value }) => `H${x(at)}V${y(value)}`);
  return `M${x(begin.at)} ${y(begin.value)}${steps.join("")}H${x(last)}`;
}

function scale(from, to, start, end) {
  const factor = (end - start) / (to - from || 1);
  return (value) => Math.round((start + (value - from) * factor) * 10) / 10;
}

/** Round values from below the lowest to above the highest, about `count` of them. */
function ticks(lowest, highest, count) {
  const rough = (highest - lowest) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].find((factor) => factor * power >= rough) * power);
  const found = [];
  for (let at = Math.floor(lowest / step) * step; found.length < 2 || found.at(-1) < highest; at += step) {
    found.push(at);
  }
  return found;
}

/** The first and the last moment, and one between if there is room. */
function times(first, last, width) {
  const isLong = last - first > 86_400_000;
  const text = (at) => {
    const [day, time] = new Date(at).toISOString().split("T");
    return isLong ? `${day} ${time.slice(0, 5)}` : time.slice(0, last - first < 60_000 ? 12 : 8);
  };
  const ends = [[first, text(first), "start"], [last, text(last), "end"]];
  if (width < 520) return ends;
  return [ends[0], [(first + last) / 2, text((first + last) / 2), "middle"], ends[1]];
}
