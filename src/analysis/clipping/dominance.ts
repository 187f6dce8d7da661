import { medianOfSorted } from "#core/quantile.ts";
import { t } from "@vscode/l10n";
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

const POINTS = 50;
const MIN_SHARE = 0.8;
const MAX_SIZE_SHARE = 0.5;

/** GN302: over the last 50 points one tensor has 0.8 of the squared norm, in the median, with less than half of the parameters. */
export function findDominance(
  { names, rows, start }: TensorNorms,
  elements?: readonly number[],
): Dominance | undefined {
  const length = rows[0]?.length ?? 0;
  const from = Math.max(start, length - POINTS);
  if (length - from < POINTS || rows.length < 2) {
    return undefined;
  }
  const shares = rows.map(() => new Float64Array(length - from));
  for (let step = from; step < length; step += 1) {
    const total = rows.reduce((sum, row) => sum + (row[step] ?? 0) ** 2, 0);
    rows.forEach((row, tensor) => {
      const share = shares[tensor];
      if (share !== undefined) {
        share[step - from] = total === 0 ? 0 : (row[step] ?? 0) ** 2 / total;
      }
    });
  }
  const medians = shares.map((one) => medianOfSorted(one.toSorted()) ?? 0);
  const tensor = medians.findIndex((share) => share >= MIN_SHARE);
  const [name, share] = [names[tensor], medians[tensor]];
  const sizeShare = sizeShareOf(tensor, elements);
  if (name === undefined || share === undefined || (sizeShare ?? 0) >= MAX_SIZE_SHARE) {
    return undefined;
  }
  const percent = Math.round(100 * share);
  const message = t(
    "{0} carries {1} % of the squared global norm, so global clipping is decided by it. Clipping per tensor would leave the others alone.",
    name,
    percent,
  );
  return { name, share, sizeShare, message };
}

function sizeShareOf(tensor: number, elements: readonly number[] | undefined): number | undefined {
  const size = elements?.[tensor];
  return size === undefined || elements === undefined
    ? undefined
    : size / elements.reduce((sum, count) => sum + count, 0);
}
