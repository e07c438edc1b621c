/** What is shown stands in the address, `#/view?name=value`: it can be shared, and "back" works. */

/** What the address asks for now; somebody may have written it by hand. */
export function read() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  return { view: path, parameters: new URLSearchParams(query) };
}

/** The address of a view; what is empty in its parameters is left out. */
export function link(view, parameters = {}) {
  const wanted = Object.entries(parameters).filter(
    ([, value]) => value !== null && value !== undefined && value !== "",
  );
  const query = new URLSearchParams(wanted).toString();
  return `#/${view}${query ? `?${query}` : ""}`;
}

/** Show a view; it can be gone back from. */
export function go(view, parameters) {
  location.hash = link(view, parameters);
}

/**
 * Change some parameters of the view that is shown; null takes one away.
 *
 * What is typed takes the place of the address before, so that "back" leads out of the view; with
 * `isStep` it can be gone back from.
 */
export function change(changes, { isStep = false } = {}) {
  const { view, parameters } = read();
  const address = link(view, { ...Object.fromEntries(parameters), ...changes });
  if (address === location.hash) return;
  if (isStep) {
    location.hash = address;
  } else {
    history.replaceState(null, "", address);
    dispatchEvent(new HashChangeEvent("hashchange"));
  }
}

/** Call `listener` whenever the address asks for something else. */
export function follow(listener) {
  addEventListener("hashchange", listener);
}
