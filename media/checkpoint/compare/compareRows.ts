import type { TensorKind } from "#core/tensor.ts";
import type { ComparisonShown, UpdateRow } from "#protocol/checkpointTabs.ts";
import { formatShape } from "../text.ts";

/** What became of a tensor from one checkpoint to the other. */
export type Fate = "moved" | "unmoved" | "reshaped" | "added" | "missing" | "not compared";

export const FATES: readonly Fate[] = ["moved", "unmoved", "reshaped", "added", "missing", "not compared"];

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
  const rowOf = (
    fate: Fate,
    { name, kind, shape }: { name: string; kind: TensorKind; shape: readonly number[] },
    remark = "",
  ): CompareRow => ({ fate, name, kind, shape: formatShape(shape), update: null, remark });
  return [
    ...updates.map((update): CompareRow => ({ ...rowOf(update.isUnmoved ? "unmoved" : "moved", update), update })),
    ...reshaped.map(({ name, shapeBefore, shapeAfter }): CompareRow => ({
      fate: "reshaped",
      name,
      kind: null,
      shape: formatShape(shapeAfter),
      update: null,
      remark: `was ${formatShape(shapeBefore)}`,
    })),
    ...added.map((tensor) => rowOf("added", tensor, "only in the second")),
    ...missing.map((tensor) => rowOf("missing", tensor, "only in the first")),
    ...unmeasured.map((tensor) => rowOf("not compared", tensor, tensor.why)),
  ];
}
