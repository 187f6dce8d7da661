import type { TensorKind } from "#core/tensor.ts";
import type { ComparisonShown, UpdateRow } from "#protocol/checkpointTabs.ts";
import { t } from "@vscode/l10n";
import { formatShape } from "../text.ts";

/** What became of a tensor from one checkpoint to the other. */
export type Fate = "moved" | "unmoved" | "reshaped" | "added" | "missing" | "not compared";

export const FATES: readonly Fate[] = ["moved", "unmoved", "reshaped", "added", "missing", "not compared"];

const FATE_NAMES: Readonly<Record<Fate, string>> = {
  moved: t("moved"),
  unmoved: t("unmoved"),
  reshaped: t("reshaped"),
  added: t("added"),
  missing: t("missing"),
  "not compared": t("not compared"),
};

export function fateName(fate: Fate): string {
  return FATE_NAMES[fate];
}

export interface CompareRow {
  readonly fate: Fate;
  readonly name: string;
  readonly kind: TensorKind | null;
  readonly shape: string;
  readonly update: UpdateRow | null;
  /** Why there are no numbers. */
  readonly remark: string;
}

/** Every tensor of either checkpoint once. */
export function compareRows({ updates, reshaped, added, missing, unmeasured }: ComparisonShown): readonly CompareRow[] {
  return [
    ...updates.map((update): CompareRow => ({ ...rowOf(update.isUnmoved ? "unmoved" : "moved", update), update })),
    ...reshaped.map(({ name, shapeBefore, shapeAfter: shape }) =>
      rowOf("reshaped", { name, kind: null, shape }, t("was {0}", formatShape(shapeBefore))),
    ),
    ...added.map((tensor) => rowOf("added", tensor, t("only in the second"))),
    ...missing.map((tensor) => rowOf("missing", tensor, t("only in the first"))),
    ...unmeasured.map((tensor) => rowOf("not compared", tensor, tensor.why)),
  ];
}

interface Compared {
  readonly name: string;
  readonly kind: TensorKind | null;
  readonly shape: readonly number[];
}

function rowOf(fate: Fate, { name, kind, shape }: Compared, remark = ""): CompareRow {
  return { fate, name, kind, shape: formatShape(shape), update: null, remark };
}
