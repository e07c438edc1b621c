/** Worlds of their own beside this one: made, shown, dropped. */

import { element } from "../dom.js";
import { ask, home, world } from "./control.js";
import { table } from "./outcome.js";
import { choice, controlLine, field, section } from "./section.js";
import { counted, duration } from "./words.js";

export function worldControl(place) {
  const { add, action, refreshCalls, tell } = section(
    place,
    "Worlds",
    "A namespace has an account, credentials, stock, clock and switches of its own.",
    load,
  );
  const name = field("Name of a world", { placeholder: "my-tests", maxLength: 64 });
  const profile = choice("Profile", [["strict", "strict"], ["documented", "documented"]]);
  const seed = choice("Stock", [["none", "no stock"], ["demo", "demo stock"]]);
  const list = element("div", {});
  for (const input of [name, profile, seed]) input.addEventListener("input", refreshCalls);
  const path = (each) => `namespaces/${encodeURIComponent(each)}`;

  add(
    controlLine(
      "Make",
      name,
      profile,
      seed,
      action(
        "Make",
        () => ({
          method: "PUT",
          path: path(name.value || "my-tests"),
          at: home,
          body: { profile: profile.value, seedData: seed.value },
          python: `make_fluent_oms(profile="${profile.value}", seed_data="${seed.value}")`,
          cli: `fluent-sim namespaces make ${name.value || "my-tests"} --profile ${profile.value} --seed-data ${seed.value}`,
        }),
        { told: ({ url }) => `Its base URL is ${url}` },
      ),
    ),
    list,
  );
  load();

  async function load() {
    try {
      draw(await ask("namespaces", { at: home, query: { count: 200 } }));
    } catch (error) {
      tell(error.message, "wrong");
    }
  }

  function draw({ namespaces, total }) {
    const rows = namespaces.map(({ name: each, account, idleSeconds }) =>
      element(
        "tr",
        {},
        ...[
          each === world ? element("strong", {}, `${each}, this one`) : element("a", { href: `${home}/__ns/${encodeURIComponent(each)}/__ui/` }, each),
          account,
          idleSeconds < 60 ? "in use" : `idle for ${duration(idleSeconds)}`,
          action("Drop", () => ({ method: "DELETE", path: path(each), at: home }), { sure: "All that is in it is lost.", isListed: false, told: () => `${each} is dropped.` }),
        ].map((cell) => element("td", {}, cell)),
      ),
    );
    list.replaceChildren(
      ...(rows.length ? [table("Worlds", ["Name", "Account", "", ""], rows)] : [element("p", { className: "faint" }, "There is no other world.")]),
      ...(total > rows.length ? [element("p", { className: "faint" }, `and ${counted(total - rows.length, "more", "more")}`)] : []),
    );
  }
}
