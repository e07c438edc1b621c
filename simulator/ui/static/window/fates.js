/** What came of records, in the words and colours that all views have for it. */

import { element } from "../dom.js";
import { number } from "./words.js";

/** Each fate, what was rejected first, then what was dropped: its words, and whether it is as it should be. */
export const FATES = {
  failed: ["failed", "wrong"],
  noMatch: ["no match", "wrong"],
  duplicate: ["duplicate", "warn"],
  unchanged: ["unchanged", "faint"],
  applied: ["applied", "good"],
  waiting: ["waiting", "warn"],
};

/** How many records had which fate, in a line. */
export function fatesShown(records, about = "") {
  const made = element("span", { className: "marks" });
  for (const [fate, [text, kind]] of Object.entries(FATES)) {
    if (records[fate]) made.append(element("span", { className: `mark ${kind}` }, `${number(records[fate])} ${text}`));
  }
  if (about) made.append(element("small", {}, about));
  return made;
}
