import { formatNumber } from "#core/format.ts";
import type { TensorKind } from "#core/tensor.ts";
import type { ToCheckpoint } from "#protocol/checkpoint.ts";
import { t } from "@vscode/l10n";
import { element } from "../shared/element.ts";
import { createNotes } from "./notes.ts";
import { nonFiniteCount } from "./rows.ts";
import { formatCount, globalNormName } from "./text.ts";

type Finished = Extract<ToCheckpoint, { kind: "finished" }>;

/** What stands above the table once it is known: the global norms, and notes. */
export interface Summary {
  readonly elements: readonly HTMLElement[];
  /** Before the norms are computed, or again. */
  readonly open: (notes: readonly string[], takenAs: TensorKind) => void;
  readonly finish: (finished: Finished) => void;
  /** Groups the norms anew, as tensors that nothing tells are of this kind. */
  readonly takeAs: (kind: TensorKind) => void;
}

export function createSummary(): Summary {
  const globals = element("div", { class: "summary" });
  const notes = createNotes();
  let finished: Finished | undefined;
  let takenAs: TensorKind = "weight";
  return {
    elements: [globals, notes.element],
    open(texts, kind) {
      finished = undefined;
      takenAs = kind;
      notes.show(texts);
      draw();
    },
    finish(message) {
      finished = message;
      notes.show(message.notes); // With those of the index.
      draw();
    },
    takeAs(kind) {
      takenAs = kind;
      draw();
    },
  };

  function draw(): void {
    globals.replaceChildren(...(finished === undefined ? [] : [globalNorms(finished, takenAs)]));
  }
}

/** The global norm of each kind, side by side and never mixed. */
function globalNorms({ groupings }: Finished, takenAs: TensorKind): HTMLElement {
  const [asFound] = groupings;
  const { globals } = groupings.find((grouping) => grouping.takenAs === takenAs) ?? asFound ?? { globals: [] };
  return element("dl", { class: "globals" }, globals.map(globalNorm));
}

/** What computed the norms; where it was chosen by rate, with the rates it was chosen from. */
export function engineName({ engine, rates }: Finished): HTMLElement {
  if (rates.length === 0) {
    return element("span", { text: engine });
  }
  const measured = [t("Measured once on this machine, with float32 in memory:"), ...rates].join("\n");
  return element("span", { class: "has-tooltip", text: engine, attributes: { title: measured } }, [
    element("span", { class: "visually-hidden", text: `. ${measured}` }),
  ]);
}

function globalNorm({ kind, norms }: Finished["groupings"][number]["globals"][number]): HTMLElement {
  const broken = nonFiniteCount(norms);
  const parts = [
    norms.tensors === 1 ? t("1 tensor") : t("{0} tensors", formatCount(norms.tensors)),
    `RMS ${formatNumber(norms.rms)}`,
    t("max |x| {0}", formatNumber(norms.linf)),
  ];
  const detail = broken === 0 ? parts : [...parts, `✕ ${formatCount(broken)} NaN/Inf`];
  return element("div", { class: broken === 0 ? "" : "is-broken" }, [
    element("dt", { text: globalNormName(kind) }),
    element("dd", { text: formatNumber(norms.l2) }),
    element("dd", { class: "detail", text: detail.join(", ") }),
  ]);
}
