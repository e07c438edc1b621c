/** What a source system believes, dropped on the page as a file, held against stock or ledger. */

import { element } from "../dom.js";
import { callShown } from "./call_shown.js";
import { ask } from "./control.js";
import { announce } from "./copying.js";
import { exchangeLink } from "./exchange.js";
import { table } from "./outcome.js";
import { linesOf, partsOf } from "./parts.js";
import { counted, number } from "./words.js";

const SHOWN = 200;

export function reconcilePanel(place) {
  const picked = element("input", { type: "file", accept: ".csv,.ndjson,.jsonl", id: "believed", className: "aside" });
  const result = element("div", { className: "reconciled", role: "status" });
  const target = element(
    "label",
    { className: "drop", htmlFor: "believed" },
    element("strong", {}, "Drop a CSV here, or choose one"),
    element("span", {}, "with the header ", element("code", {}, "productRef,locationRef,onHand"), " or ", element("code", {}, "deltaId,productRef,locationRef,qty"), "; or NDJSON with these keys"),
  );
  place.append(
    element("h2", {}, "Reconcile"),
    picked,
    target,
    result,
    callShown({
      method: "POST",
      path: "reconcile",
      query: { complete: "true" },
      type: "text/csv",
      body: "productRef,locationRef,onHand\nSKU_1,LOC_1,500\n",
      python: 'fluent_oms.assert_reconciled({("SKU_1", "LOC_1"): 500})',
      cli: "fluent-sim reconcile stock.csv",
    }),
  );
  picked.addEventListener("change", () => picked.files[0] && compare(picked.files[0]));
  for (const name of ["dragenter", "dragover"]) {
    target.addEventListener(name, (event) => {
      event.preventDefault();
      target.classList.add("over");
    });
  }
  target.addEventListener("dragleave", () => target.classList.remove("over"));
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    target.classList.remove("over");
    if (event.dataTransfer.files[0]) compare(event.dataTransfer.files[0]);
  });

  async function compare(file) {
    try {
      const { header, lines, type } = linesOf(await file.text(), file.name);
      const session = `page-${Date.now()}`;
      const parts = [...partsOf(header, lines)];
      let told = null;
      for (const [index, { body, line }] of parts.entries()) {
        const isLast = index === parts.length - 1;
        const query = { session, line, complete: isLast ? "true" : "false", count: SHOWN };
        const answer = await ask("reconcile", { method: "POST", query, body, type });
        told = told ? joined(told, answer) : answer;
        result.textContent = `${number(told.lines)} lines compared ...`;
      }
      draw(file.name, told);
    } catch (error) {
      result.replaceChildren(element("p", { className: "wrong" }, error.message));
    }
    picked.value = "";
  }

  function draw(name, { kind, lines, agreeing, missing, different, faults, faultsTotal, extra = [], extraTotal = 0 }) {
    const found = missing.length + different.length;
    const sentence = [
      `${name}, ${counted(lines, "line")}`,
      `agree: ${number(agreeing)}`,
      `differ: ${number(different.length)}`,
      `missing here: ${number(missing.length)}`,
      `not in the file: ${number(extraTotal)}`,
      `cannot be read: ${number(faultsTotal)}`,
    ].join("; ");
    announce(sentence);
    result.replaceChildren(
      element("p", { className: found || faultsTotal ? "wrong" : "good" }, sentence),
      ...part("Different", different, kind),
      ...part("Missing here", missing, kind),
      ...part("Here, and not in the file", extra, kind),
      ...(faults.length ? [faultsShown(faults)] : []),
    );
  }
}

function joined(before, { lines, agreeing, missing, different, faults, faultsTotal, extra, extraTotal }) {
  return {
    ...before,
    lines: before.lines + lines,
    agreeing: before.agreeing + agreeing,
    missing: [...before.missing, ...missing],
    different: [...before.different, ...different],
    faults: [...before.faults, ...faults],
    faultsTotal: before.faultsTotal + faultsTotal,
    extra,
    extraTotal,
  };
}

function part(title, entries, kind) {
  if (!entries.length) return [];
  const titles = kind === "deltas" ? ["Line", "deltaId", "Product, location", "Meant", "Since", "Why"] : ["Line", "Product, location", "Believed", "Here", "Since", "Why"];
  const rows = entries.slice(0, SHOWN).map((entry) => {
    const place = `${entry.productRef} ${entry.locationRef}`;
    const since = entry.parting?.request ?? entry.request;
    const where = since ? exchangeLink(since) : (entry.parting?.source ?? "");
    const why = entry.why ?? (entry.fates ?? []).join(", ");
    const cells =
      kind === "deltas"
        ? [entry.line ?? "", entry.deltaId, place, number(entry.qty), where, why]
        : [entry.line ?? "", place, entry.believed === undefined ? "" : number(entry.believed), entry.onHand === undefined ? "none" : number(entry.onHand), where, why];
    return element("tr", {}, ...cells.map((cell) => element("td", {}, cell)));
  });
  const more = entries.length > SHOWN ? `, the first ${SHOWN} of ${number(entries.length)}` : "";
  return [element("h3", {}, title + more), table(title, titles, rows)];
}

function faultsShown(faults) {
  const items = faults
    .slice(0, SHOWN)
    .map(({ line, column, found, expected }) => element("li", {}, `line ${line}, column ${column}: found ${found}, expected ${expected}`));
  return element("div", {}, element("h3", {}, "Cannot be read"), element("ul", { className: "plain" }, ...items));
}
