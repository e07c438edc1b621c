/**
 * A list of which only the rows are drawn that are seen: a million cost what thirty do.
 *
 * To those who hear it, it is a grid: it says how many rows there are, and which one is active.
 */

import { element } from "../dom.js";

const TALLEST = 8_000_000; // pixels that every browser can scroll; beyond, a pixel stands for more
const MARGIN = 6; // rows drawn above and below what is seen
let lists = 0;

export class RowList {
  #columns;
  #rowAt;
  #open;
  #id = `list${++lists}`;
  #length = 0;
  #active = -1;
  #drawn = new Map();
  #frame = 0;
  #rowHeight = 32;
  #viewHeight = 0;

  /**
   * `columns`: `{ title, className, cell(row) }`, a cell being an element or a text.
   * `rowAt(index)`: the row, an object; undefined while it is not here: `needed(first, last)` is
   * called with what is seen. `open(row)`: Enter or a click.
   */
  constructor({ label, className, columns, rowAt, open, needed }) {
    this.#columns = columns;
    this.#rowAt = rowAt;
    this.#open = open;
    this.needed = needed ?? (() => {});
    const head = columns.map(({ title, className: name }) =>
      element("span", { role: "columnheader", className: name }, title),
    );
    this.head = element("div", { role: "row", className: "row head", "aria-rowindex": 1 }, ...head);
    this.rows = element("div", { role: "rowgroup", className: "rows" });
    this.element = element(
      "div",
      { role: "grid", className: `list ${className}`, "aria-label": label, tabIndex: 0 },
      element("div", { role: "rowgroup", className: "heads" }, this.head),
      this.rows,
    );
    this.element.addEventListener("scroll", () => this.redraw());
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.rows.addEventListener("click", (event) => this.#onClick(event));
    this.watching = new ResizeObserver(() => {
      this.#measure();
      this.redraw();
    });
    this.watching.observe(this.element);
  }

  /** The index of the first row that is seen. */
  get first() {
    return Math.floor(this.#scrolled / this.#rowHeight);
  }

  /** How many rows are seen at once. */
  get seen() {
    return Math.ceil(this.#viewHeight / this.#rowHeight) + 1;
  }

  get isAtTop() {
    return this.element.scrollTop < this.#rowHeight;
  }

  /**
   * There are so many rows now, of which `added` are new at the top: what is read stays in its
   * place, unless that is the top itself.
   */
  resize(length, added = 0) {
    const wasAtTop = this.isAtTop;
    const scrolled = this.#scrolled;
    this.#length = length;
    if (this.#active >= 0) this.#active = Math.min(this.#active + added, length - 1);
    this.element.setAttribute("aria-rowcount", length + 1);
    this.rows.style.height = `${this.#height}px`;
    if (added && !wasAtTop) this.#scrollTo(scrolled + added * this.#rowHeight);
    this.redraw();
  }

  /** Draw again, before the next picture: rows that are other objects than before are made anew. */
  redraw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** Make a row the active one, and scroll to it. */
  activate(index) {
    if (!this.#length) return;
    this.#active = Math.max(0, Math.min(index, this.#length - 1));
    const top = this.#active * this.#rowHeight;
    if (top < this.#scrolled) this.#scrollTo(top);
    else if (top + this.#rowHeight > this.#scrolled + this.#viewHeight) {
      this.#scrollTo(top + this.#rowHeight - this.#viewHeight);
    }
    this.redraw();
  }

  close() {
    this.watching.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  get #height() {
    return Math.min(this.#length * this.#rowHeight, TALLEST);
  }

  /** What is asked of the layout, once for each size: not in a frame, which has written by then. */
  #measure() {
    this.#viewHeight = Math.max(0, this.element.clientHeight - this.head.offsetHeight);
    this.#rowHeight = parseFloat(getComputedStyle(this.element).getPropertyValue("--row")) || 32;
    this.rows.style.height = `${this.#height}px`;
  }

  /** Pixels of the whole list for each one that is scrolled. */
  get #ratio() {
    const scrollable = this.#height - this.#viewHeight;
    return scrollable > 0 ? (this.#length * this.#rowHeight - this.#viewHeight) / scrollable : 1;
  }

  get #scrolled() {
    return this.element.scrollTop * this.#ratio;
  }

  #scrollTo(top) {
    this.element.scrollTop = top / this.#ratio;
  }

  #draw() {
    if (!this.#viewHeight) this.#measure();
    const { scrollTop } = this.element;
    const scrolled = scrollTop * this.#ratio;
    const top = Math.floor(scrolled / this.#rowHeight);
    const first = Math.max(0, top - MARGIN);
    const last = Math.min(this.#length, top + this.seen + MARGIN);
    const wanted = new Map();
    for (let index = first; index < last; index++) wanted.set(this.#rowAt(index) ?? index, index);
    const free = [...this.#drawn].filter(([key]) => !wanted.has(key)).map(([, node]) => node);
    const before = this.#drawn;
    let next = this.rows.firstChild;
    let reached = -1;
    this.#drawn = new Map();
    for (const [key, index] of wanted) {
      const known = before.get(key);
      const node = known ?? this.#filled(free.pop() ?? this.#node(), key);
      this.#drawn.set(key, node);
      // In the order in which they are heard; what stays is not moved, but what is filled anew.
      if (known?.index > reached) {
        reached = known.index;
        next = known.nextSibling;
      } else if (node === next) {
        next = next.nextSibling;
      } else {
        this.rows.insertBefore(node, next);
      }
      this.#place(node, index, index * this.#rowHeight + scrollTop - scrolled);
    }
    for (const node of free) node.remove();
    if (this.#active >= first && this.#active < last) {
      this.element.setAttribute("aria-activedescendant", `${this.#id}-${this.#active}`);
    } else {
      this.element.removeAttribute("aria-activedescendant");
    }
    this.needed(first, last);
  }

  /** A row without anything in it. */
  #node() {
    const cells = this.#columns.map(({ className }) => element("span", { role: "gridcell", className }));
    return element("div", { role: "row" }, ...cells);
  }

  /** A row that was another one's, or nobody's, with what this one has; a number is one that is awaited. */
  #filled(node, row) {
    const isHere = typeof row === "object";
    node.className = isHere ? "row" : "row awaited";
    this.#columns.forEach(({ cell }, place) => node.children[place].replaceChildren(isHere ? cell(row) : ""));
    return node;
  }

  /** Where a row lies, and which one it is; what is so already is not written. */
  #place(node, index, top) {
    if (node.top !== top) node.style.transform = `translateY(${top}px)`;
    node.top = top;
    if (node.index !== index) {
      node.index = index;
      node.id = `${this.#id}-${index}`;
      node.setAttribute("aria-rowindex", index + 2);
    }
    const isActive = index === this.#active;
    if (node.isActive !== isActive) node.setAttribute("aria-selected", isActive);
    node.isActive = isActive;
  }

  #onClick(event) {
    const node = event.target.closest(".row");
    if (!node || event.target.closest("a, button")) return;
    this.#active = node.index;
    this.redraw();
    this.#openActive();
  }

  #openActive() {
    const row = this.#rowAt(this.#active);
    if (row) this.#open?.(row);
  }

  #onKey(event) {
    if (event.target !== this.element || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = this.seen - 2;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    if (event.key in steps) this.activate(this.#active < 0 ? this.first : this.#active + steps[event.key]);
    else if (event.key === "Home") this.activate(0);
    else if (event.key === "End") this.activate(this.#length - 1);
    else if (event.key === "Enter" && this.#active >= 0) this.#openActive();
    else return;
    event.preventDefault();
  }
}
