import type { Extent } from "./layers.ts";
import type { Scale } from "./paintRow.ts";
import type { ShownRow } from "./rows.ts";

/** A tensor has far smaller norms than a whole block: where all are folded, the blocks alone share the colours. */
export function normScale(
  rows: readonly ShownRow[],
  { scale, foldedScale }: Pick<Extent, "scale" | "foldedScale">,
): Scale {
  return rows.some(({ isInGroup }) => isInGroup) ? scale : foldedScale;
}
