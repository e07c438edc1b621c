/** Which rules the traffic broke, what came of each delta, and what a source system believes. */

import { element } from "../dom.js";
import { deltasPanel } from "./deltas.js";
import { oncePanel } from "./once.js";
import { reconcilePanel } from "./reconcile.js";
import { rulesPanel } from "./rules.js";

export const ledger = {
  title: "Rules and ledger",

  open(place) {
    const parts = [rulesPanel, deltasPanel, oncePanel, reconcilePanel].map((panel) => {
      const inside = element("section", { className: "panel" });
      place.append(inside);
      return panel(inside) ?? {};
    });
    return {
      show: (parameters) => parts.forEach((part) => part.show?.(parameters)),
      beat: (pulse) => parts.forEach((part) => part.beat?.(pulse)),
      close: () => parts.forEach((part) => part.close?.()),
    };
  },
};
