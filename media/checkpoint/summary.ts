import { formatNumber } from "#core/format.ts";
import type { ToCheckpoint } from "#protocol/checkpoint.ts";
import { element } from "../shared/element.ts";
import { nonFiniteCount } from "./rows.ts";
import { formatCount, kindName } from "./text.ts";

type Finished = Extract<ToCheckpoint, { kind: "finished" }>;

/** The global norm of each kind, side by side and never mixed. */
export function globalNorms({ globals }: Finished): HTMLElement {
  return element("dl", { class: "globals" }, globals.map(globalNorm));
}

/** What computed the norms; where it was chosen by rate, with the rates it was chosen from. */
export function engineName({ engine, rates }: Finished): HTMLElement {
  if (rates.length === 0) {
    return element("span", { text: engine });
  }
  const measured = ["Measured once on this machine, with float32 in memory:", ...rates].join("\n");
  return element("span", { class: "has-tooltip", text: engine, attributes: { title: measured } }, [
    element("span", { class: "visually-hidden", text: `. ${measured}` }),
  ]);
}

export function noteList(notes: readonly string[]): HTMLElement {
  const list = element(
    "ul",
    { class: "notes" },
    notes.map((text) => element("li", { text })),
  );
  list.hidden = notes.length === 0;
  return list;
}

function globalNorm({ kind, norms }: Finished["globals"][number]): HTMLElement {
  const broken = nonFiniteCount(norms);
  const parts = [
    `${formatCount(norms.tensors)} tensors`,
    `RMS ${formatNumber(norms.rms)}`,
    `max |x| ${formatNumber(norms.linf)}`,
  ];
  const detail = broken === 0 ? parts : [...parts, `✕ ${formatCount(broken)} NaN/Inf`];
  return element("div", { class: broken === 0 ? "" : "is-broken" }, [
    element("dt", { text: `Global ${kindName(kind)} norm` }),
    element("dd", { text: formatNumber(norms.l2) }),
    element("dd", { class: "detail", text: detail.join(", ") }),
  ]);
}
