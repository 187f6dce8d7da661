import { t } from "@vscode/l10n";
import { DOMINANCE_POINTS, DOMINANT_SHARE, dominanceText, hasMostParameters, medianShare } from "../dominantShare.ts";
import type { TensorNorms } from "./tensorNorms.ts";

/** One tensor that decides the global norm, and with it how much every other tensor is clipped. */
export interface Dominance {
  readonly name: string;
  /** Median share of the squared global norm. */
  readonly share: number;
  /** Its share of all parameters, where sizes are known. */
  readonly sizeShare: number | undefined;
  readonly message: string;
}

/** GN302 of the last points that count for clipping advice. Of two tensors one can dominate here: it is the other's limit. */
export function findDominance(
  { names, rows, start }: TensorNorms,
  elements?: readonly number[],
): Dominance | undefined {
  const length = rows[0]?.length ?? 0;
  const from = Math.max(start, length - DOMINANCE_POINTS);
  if (rows.length < 2) {
    return undefined;
  }
  const totals = Float64Array.from({ length: length - from }, (_, at) =>
    rows.reduce((sum, row) => sum + (row[from + at] ?? 0) ** 2, 0),
  );
  const medians = rows.map((row) =>
    medianShare(totals.map((total, at) => (total === 0 ? 0 : (row[from + at] ?? 0) ** 2 / total))),
  );
  const tensor = medians.findIndex((share) => share >= DOMINANT_SHARE);
  const [name, share] = [names[tensor], medians[tensor]];
  const sizeShare = sizeShareOf(tensor, elements);
  if (name === undefined || share === undefined || hasMostParameters(sizeShare)) {
    return undefined;
  }
  const message = t("{0} Clipping per tensor would leave the others alone.", dominanceText(name, share));
  return { name, share, sizeShare, message };
}

function sizeShareOf(tensor: number, elements: readonly number[] | undefined): number | undefined {
  const size = elements?.[tensor];
  return size === undefined || elements === undefined
    ? undefined
    : size / elements.reduce((sum, count) => sum + count, 0);
}
