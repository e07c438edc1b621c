/** A table that is drawn again and again, in which a row that says the same stays what it is. */

import { element } from "../dom.js";
import { table } from "./outcome.js";

export class KeptRows {
  #body;
  #made = new Map();

  constructor(label, titles) {
    this.element = table(label, titles, []);
    this.element.hidden = true;
    this.#body = this.element.querySelector("tbody");
  }

  /**
   * Show these; `cells(each)` are made for what was not there before, or said something else. The
   * focus stays where it was, and while a question is open nothing is drawn.
   */
  show(found, cells) {
    if (this.#body.querySelector(".sure:not([hidden])")) return;
    const focused = document.activeElement;
    const before = this.#made;
    this.#made = new Map();
    for (const each of found) {
      const key = JSON.stringify(each);
      const row = before.get(key) ?? element("tr", {}, ...cells(each).map((cell) => element("td", {}, cell)));
      this.#made.set(key, row);
    }
    this.#body.replaceChildren(...this.#made.values());
    if (focused !== document.activeElement && focused.isConnected) focused.focus();
    this.element.hidden = !found.length;
  }
}
