/** Buttons that copy a text. */

import { element } from "../dom.js";

const SHOWN = 1_500;

/** A button that copies what `text` is, or what it gives, by then. */
export function copyButton(text, { label = "Copy", about = label } = {}) {
  const button = element("button", { type: "button", className: "copy", "aria-label": about }, label);
  button.addEventListener("click", async (event) => {
    event.stopPropagation();
    try {
      await write(typeof text === "function" ? await text() : text);
      tell(button, "Copied");
    } catch (error) {
      tell(button, "Not copied", error.message);
    }
  });
  return button;

  function tell(place, word, why = "") {
    place.textContent = word;
    place.title = why;
    announce(word);
    setTimeout(() => (place.textContent = label), SHOWN);
  }
}

/** Say a word to whoever hears the page. */
export function announce(text) {
  document.getElementById("announced").textContent = text;
}

async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // A page that is not of this machine and comes without TLS has no clipboard.
  const field = element("textarea", { value: text, className: "aside" });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("The browser does not let this page copy.");
}
