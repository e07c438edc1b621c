/** What a person can do to the simulator: one section for each thing. */

import { element } from "../dom.js";
import { behaviourControl } from "./behaviour_control.js";
import { clockControl } from "./clock_control.js";
import { faultControl } from "./fault_control.js";
import { settlingControl } from "./settling_control.js";
import { snapshotControl } from "./snapshot_control.js";
import { webhookControl } from "./webhook_control.js";
import { worldControl } from "./world_control.js";

/** The sections, in their order; each fills a panel and may return `{ beat, close }`. */
const SECTIONS = [clockControl, settlingControl, faultControl, snapshotControl, worldControl];
/** Those that take the whole width. */
const WIDE = [webhookControl, behaviourControl];

export const controls = {
  title: "Controls",

  open(place) {
    const columns = element("div", { className: "columns" });
    place.append(columns);
    const parts = [
      ...SECTIONS.map((fill) => [fill, columns]),
      ...WIDE.map((fill) => [fill, place]),
    ].map(([fill, around]) => {
      const panel = element("section", { className: "panel" });
      around.append(panel);
      return fill(panel) ?? {};
    });
    return {
      beat: (pulse) => parts.forEach((part) => part.beat?.(pulse)),
      close: () => parts.forEach((part) => part.close?.()),
    };
  },
};
