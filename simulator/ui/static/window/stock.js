/** Stock: positions by product, location and ref, and each one's whole story. */

import { change } from "./address.js";
import { ask } from "./control.js";
import { element } from "../dom.js";
import { searchField, split } from "./listed.js";
import { Pages } from "./pages.js";
import { positionShown } from "./position.js";
import { RowList } from "./rows.js";
import { counted, moment, number } from "./words.js";

const EVERY = 2; // beats between two looks at what is seen

const COLUMNS = [
  { title: "Product", className: "product", cell: ({ productRef }) => productRef },
  { title: "Location", className: "location", cell: ({ locationRef }) => locationRef },
  { title: "On hand", className: "on-hand", cell: ({ onHand }) => element("span", { className: onHand < 0 ? "wrong" : "" }, number(onHand)) },
  { title: "Status", className: "status", cell: ({ status }) => element("span", { className: status === "ACTIVE" ? "faint" : "warn" }, status) },
  { title: "Changed", className: "at", cell: ({ updatedOn }) => moment(updatedOn).replace(/\.\d+ UTC$/, "") },
];

export const stock = {
  title: "Stock",

  open(place) {
    let filters = null;
    let range = [0, 0];
    let known = "";
    let wasNew = false;
    let beats = 0;
    const about = element("p", { className: "faint about", role: "status" });
    const pages = new Pages(
      ({ start, count, signal }) => ask("positions", { query: { ...filters, start, count, quantities: "false" }, signal }),
      drawn,
    );
    const list = new RowList({
      label: "Positions",
      className: "positions",
      columns: COLUMNS,
      rowAt: (index) => pages.at(index),
      open: ({ ref, catalogueRef }) => change({ ref, catalogue: catalogueRef }, { isStep: true }),
      needed: (first, last) => {
        range = [first, last];
        if (filters) pages.need(first, last);
      },
    });
    const goDown = () => list.element.focus();
    const fields = {
      text: searchField("text", { label: "Find a product, a location or a ref", goDown }),
      product: searchField("product", { label: "Exactly this product", goDown }),
      location: searchField("location", { label: "Exactly this location", goDown }),
    };
    const frame = split(place, {
      tools: [...Object.values(fields).map((field) => field.element), about],
      list,
      label: "Position",
    });

    function drawn() {
      list.resize(pages.length);
      about.classList.toggle("wrong", Boolean(pages.trouble));
      about.textContent = pages.trouble || told();
    }

    function told() {
      const { total, looked } = pages.answer;
      if (total !== null) return total ? counted(total, "position") : emptyText();
      const more = pages.hasMore ? " or more" : "";
      const part = looked.isWhole ? "" : `; ${counted(looked.refs, "ref")} looked at, a longer text finds more`;
      return `${number(pages.length)}${more} found${part}`;
    }

    const emptyText = () => (filters.productRef || filters.locationRef ? "There is no such position." : "There is no stock yet.");

    function show(parameters) {
      const value = (name) => parameters.get(name) ?? "";
      for (const [name, field] of Object.entries(fields)) field.set(value(name));
      // A text is looked for by itself.
      const isText = value("text") !== "";
      const wanted = {
        text: value("text"),
        productRef: isText ? "" : value("product"),
        locationRef: isText ? "" : value("location"),
      };
      if (JSON.stringify(wanted) !== JSON.stringify(filters)) {
        filters = wanted;
        list.element.scrollTop = 0;
        pages.restart();
      }
      const [ref, catalogue] = [value("ref"), value("catalogue")];
      frame.openOne(ref && JSON.stringify([ref, catalogue]), (detail) => positionShown(detail, { ref, catalogue }, left));
      frame.opened?.show(parameters);
    }

    const left = () => {
      change({ ref: null, catalogue: null, from: null, to: null }, { isStep: true });
      list.element.focus();
    };

    function beat({ state }) {
      if (pages.trouble) return void pages.restart();
      const isNew = state !== known;
      // Once more after the last one: it may have been applied a moment later.
      if (!(isNew || wasNew) || ++beats % EVERY) return;
      known = state;
      wasNew = isNew;
      pages.refresh(...range);
      frame.opened?.look();
    }

    function escape() {
      if (!frame.opened) return false;
      left();
      return true;
    }

    function close() {
      Object.values(fields).forEach((field) => field.close());
      pages.close();
      frame.close();
      list.close();
    }

    return { show, beat, escape, close };
  },
};
