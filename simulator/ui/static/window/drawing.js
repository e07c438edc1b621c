/** Elements of a drawing. */

import { filled } from "../dom.js";

const SVG = "http://www.w3.org/2000/svg"; // a name, which nobody asks for

/** A new element of a drawing: it has attributes only, but for what begins with `on`. */
export function drawn(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  return filled(made, attributes, children, (name) => name.startsWith("on"));
}
