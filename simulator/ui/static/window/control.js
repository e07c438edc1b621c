/** The control API of the world that the page belongs to. */

/** A world with a name is below a path of its own. */
export const base = location.pathname.replace(/\/__ui\/?$/, "");
/** The world without a name, which knows the others. */
export const home = base.replace(/\/__ns\/[^/]+$/, "");
/** The name of this world; null for the one that has none. */
export const world = base === home ? null : decodeURIComponent(base.slice(home.length + 6));

const KEPT_TOKEN = "fluent-sim:admin-token";
const needed = new Set();

/** Why something was not answered, in words. */
export class ControlError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

/** The token of the control API, if one was entered; kept until the tab is closed. */
export const token = {
  get: () => sessionStorage.getItem(KEPT_TOKEN),
  set: (text) => sessionStorage.setItem(KEPT_TOKEN, text),
  drop: () => sessionStorage.removeItem(KEPT_TOKEN),
  /** Call `listener` when a call is refused for want of a token. */
  whenNeeded: (listener) => needed.add(listener),
};

/** The address of a call; what is empty in its query is left out. */
export function address(path, query = {}, at = base) {
  const wanted = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== "",
  );
  const text = new URLSearchParams(wanted).toString();
  return `${at}/__admin/${path}${text ? `?${text}` : ""}`;
}

/**
 * Make a call; returns the JSON that answers it, or the text with `as: "text"`.
 *
 * `body` is sent as JSON unless `type` says otherwise. Throws ControlError with a sentence.
 */
export async function ask(path, { query, method = "GET", body, type, as, at, signal } = {}) {
  const headers = new Headers({ Accept: as === "text" ? "*/*" : "application/json" });
  const known = token.get();
  if (known) headers.set("Authorization", `Bearer ${known}`);
  if (body !== undefined) headers.set("Content-Type", type ?? "application/json");
  const sent = body === undefined || type ? body : JSON.stringify(body);
  let reply, text;
  try {
    reply = await fetch(address(path, query, at), { method, headers, body: sent, signal });
    text = await reply.text();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ControlError("The simulator does not answer. Has it been stopped?");
  }
  if (!reply.ok) {
    if (reply.status === 401) needed.forEach((listener) => listener(Boolean(known)));
    throw new ControlError(reasons(text) || `Answered ${reply.status}.`, reply.status);
  }
  return as === "text" ? text : JSON.parse(text);
}

/** What a refusal says. */
function reasons(text) {
  try {
    const { errors, error_description: description } = JSON.parse(text);
    if (description) return description;
    return errors.map(({ message, detail }) => [message, detail].filter(Boolean).join(" ")).join("\n");
  } catch {
    return text.slice(0, 300);
  }
}
