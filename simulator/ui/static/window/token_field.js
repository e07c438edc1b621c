/** Where the token of the control API is entered, when it is asked for. */

import { element } from "../dom.js";
import { ask, token } from "./control.js";

/** A form; `done` is called once a token was entered that is the right one. */
export function tokenField(wasRefused, done) {
  const field = element("input", {
    type: "password",
    name: "token",
    id: "token",
    autocomplete: "off",
    spellcheck: false,
    required: true,
  });
  const message = element("p", { className: "wrong", role: "alert" });
  const form = element(
    "form",
    { className: "sign-in panel" },
    element("h1", {}, "Sign in"),
    element(
      "p",
      {},
      "The control API of this simulator needs its token: the one that ",
      element("code", {}, "--admin-token"),
      " has set, or that was printed at the start. It is kept until this tab is closed.",
    ),
    element("label", { htmlFor: "token" }, "Token"),
    element("div", { className: "line" }, field, element("button", { className: "main" }, "Sign in")),
    message,
  );
  if (wasRefused) message.textContent = "The token is not the right one any more.";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    token.set(field.value.trim());
    try {
      await ask("clock");
      done();
    } catch (error) {
      token.drop();
      message.textContent = error.status === 401 ? "That is not the token." : error.message;
      field.select();
    }
  });
  return form;
}
