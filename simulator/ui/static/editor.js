/** A text field for GraphQL: coloured, indented, completed. */

import { element } from "./dom.js";
import { KEYWORDS, completions, tokens } from "./graphql.js";

const INDENT = "  ";
const MOST_OPTIONS = 100;

export class Editor {
  #field;
  #colours;
  #list;
  #options = [];
  #chosen = 0;
  #prefix = "";

  /** The schema to complete from; null while it is not known. */
  schema = null;

  /** `changed` is called with the new text, `run` when somebody presses Ctrl-Enter. */
  constructor(frame, { changed, run }) {
    this.#field = frame.querySelector("textarea");
    this.#colours = frame.querySelector("pre");
    this.#list = frame.querySelector("ul");
    this.#field.addEventListener("input", (event) => {
      this.#colour();
      changed(this.text);
      if (event.inputType === "insertText" && /[\w$]/.test(event.data ?? "")) this.#suggest();
      else this.#close();
    });
    this.#field.addEventListener("scroll", () => this.#follow());
    this.#field.addEventListener("blur", () => this.#close());
    this.#field.addEventListener("click", () => this.#close());
    this.#field.addEventListener("keydown", (event) => this.#press(event, run));
  }

  get text() {
    return this.#field.value;
  }

  set text(value) {
    this.#field.value = value;
    this.#field.dispatchEvent(new Event("input"));
  }

  get caret() {
    return this.#field.selectionStart;
  }

  /** Put the caret where a GraphQL error says: line and column from 1. */
  goTo(line, column) {
    const lines = this.text.split("\n").slice(0, line - 1);
    const at = lines.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
    this.#field.focus();
    this.#field.setSelectionRange(at, at + 1);
  }

  #colour() {
    const pieces = [];
    let end = 0;
    for (const { kind, text, start } of tokens(this.text)) {
      pieces.push(this.text.slice(end, start));
      const className = kind === "name" && KEYWORDS.has(text) ? "keyword" : kind;
      pieces.push(element("span", { className }, text));
      end = start + text.length;
    }
    this.#colours.replaceChildren(...pieces, this.text.slice(end), "\n");
    this.#follow();
  }

  #follow() {
    this.#colours.scrollTop = this.#field.scrollTop;
    this.#colours.scrollLeft = this.#field.scrollLeft;
    this.#close();
  }

  #press(event, run) {
    const isOpen = !this.#list.hidden;
    const keys = {
      ArrowDown: () => isOpen && this.#choose(this.#chosen + 1),
      ArrowUp: () => isOpen && this.#choose(this.#chosen - 1),
      Escape: () => isOpen && this.#close(),
      Enter: () => {
        if (event.ctrlKey || event.metaKey) run();
        else if (isOpen) this.#take();
        else this.#breakLine();
      },
      Tab: () => {
        if (event.shiftKey) return false; // leaves the field, as everywhere
        return isOpen ? this.#take() : this.#insert(INDENT);
      },
      " ": () => event.ctrlKey && this.#suggest(),
    };
    if (keys[event.key] && keys[event.key]() !== false) event.preventDefault();
  }

  #insert(text) {
    // It keeps the browser's undo, which setting the value would not.
    document.execCommand("insertText", false, text);
  }

  #breakLine() {
    const before = this.text.slice(0, this.caret);
    const [indent] = /^ */.exec(before.slice(before.lastIndexOf("\n") + 1));
    const isOpening = /[{([]\s*$/.test(before);
    this.#insert(`\n${indent}${isOpening ? INDENT : ""}`);
  }

  #suggest() {
    if (!this.schema) return;
    const { prefix, options } = completions(this.text.slice(0, this.caret), this.schema);
    if (options.length === 0 || (options.length === 1 && options[0].name === prefix)) {
      this.#close();
      return;
    }
    this.#prefix = prefix;
    this.#options = options.slice(0, MOST_OPTIONS);
    this.#list.replaceChildren(
      ...this.#options.map(({ name, detail }, index) => {
        const row = element("li", { role: "option" }, name, element("span", {}, detail ?? ""));
        row.addEventListener("mousedown", (event) => {
          event.preventDefault();
          this.#choose(index);
          this.#take();
        });
        return row;
      }),
    );
    this.#place();
    this.#list.hidden = false;
    this.#choose(0);
  }

  #place() {
    const lines = this.text.slice(0, this.caret).split("\n");
    const style = getComputedStyle(this.#field);
    const row = lines.length * parseFloat(style.lineHeight);
    const top = parseFloat(style.paddingTop) + row - this.#field.scrollTop;
    this.#list.style.top = `${top}px`;
    const column = `${lines.at(-1).length - this.#prefix.length}ch`;
    this.#list.style.left = `calc(${style.paddingLeft} + ${column} - ${this.#field.scrollLeft}px)`;
  }

  #choose(index) {
    const rows = [...this.#list.children];
    this.#chosen = (index + rows.length) % rows.length;
    rows.forEach((row, each) => row.setAttribute("aria-selected", each === this.#chosen));
    rows[this.#chosen].scrollIntoView({ block: "nearest" });
  }

  #take() {
    const { name } = this.#options[this.#chosen];
    this.#field.setSelectionRange(this.caret - this.#prefix.length, this.caret);
    this.#insert(name);
    this.#close();
  }

  #close() {
    this.#list.hidden = true;
  }
}
