/** Who is signed in on the page, and the requests that need it. */

// A simulator with a name is below a path of its own.
const base = location.pathname.split("/__ui/")[0];

const failure = (text) => ({ errors: [{ message: text }] });

async function ask(address, options) {
  const reply = await fetch(address, options);
  const text = await reply.text();
  try {
    return { status: reply.status, size: text.length, body: JSON.parse(text) };
  } catch {
    const body = failure(`${reply.status}: ${text.slice(0, 500)}`);
    return { status: reply.status, size: text.length, body };
  }
}

export class Session {
  #form = document.getElementById("sign-in"); // absent when calls need no token
  #account = document.getElementById("signed-in");
  #message = document.getElementById("message");
  #token = null;

  /** `changed` is called when somebody has signed in. */
  constructor(changed) {
    if (!this.#form) return;
    this.#form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await this.#signIn()) changed();
    });
    this.#account.querySelector("button").addEventListener("click", () => this.#signOut());
    this.#form.querySelector("button").focus();
    // Whoever comes from the window is signed in, where the page may show with what.
    const isAsked = new URLSearchParams(location.search).has("signIn");
    if (isAsked && this.#form.checkValidity()) queueMicrotask(() => this.#form.requestSubmit());
  }

  get mayAsk() {
    return !this.#form || this.#token !== null;
  }

  /** Send a GraphQL request; typed headers win over the page's own. */
  async graphql(request, typed = {}) {
    const used = this.#token;
    const headers = new Headers({ "Content-Type": "application/json" });
    if (used) headers.set("Authorization", `Bearer ${used}`);
    try {
      for (const [name, value] of Object.entries(typed)) headers.set(name, value);
      if (this.#form && !headers.has("Authorization")) {
        return { status: 0, size: 0, body: failure("Sign in first, at the top of the page.") };
      }
      const body = JSON.stringify(request);
      const answer = await ask(`${base}/graphql`, { method: "POST", headers, body });
      const isOwn = used && headers.get("Authorization") === `Bearer ${used}`;
      if (answer.status === 401 && isOwn && this.#token === used) {
        this.#signOut("The token is no longer valid: sign in again.");
      }
      return answer;
    } catch (error) {
      return { status: 0, size: 0, body: failure(`Not sent or not answered: ${error.message}`) };
    }
  }

  async #signIn() {
    const fields = new URLSearchParams(new FormData(this.#form));
    fields.set("grant_type", "password");
    try {
      const { status, body } = await ask(`${base}/oauth/token`, { method: "POST", body: fields });
      if (status !== 200) {
        const why = body.error_description || body.errors?.[0]?.message || status;
        this.#show(`Not signed in: ${why}`);
        return false;
      }
      this.#token = body.access_token;
    } catch (error) {
      this.#show(`The simulator did not answer: ${error.message}`);
      return false;
    }
    this.#account.querySelector("strong").textContent = fields.get("username");
    this.#show();
    return true;
  }

  #signOut(text) {
    this.#token = null;
    this.#show(text);
  }

  #show(text = "") {
    this.#form.hidden = this.#token !== null;
    this.#account.hidden = this.#token === null;
    this.#message.textContent = text;
  }
}
