import { medianOfSorted } from "#core/quantile.ts";
import { t } from "@vscode/l10n";

/** Points over which GN302 takes the median of a tensor's share. */
export const DOMINANCE_POINTS = 50;

/** The share of the squared norm from which on one tensor decides the global norm. */
export const DOMINANT_SHARE = 0.8;

// A tensor with most of the parameters has most of the norm by nature.
const MOST_PARAMETERS = 0.5;

/**
 * What GN302 means, for the two who ask it: the rule, point by point while a run grows (`tensors/dominance.ts`), and the
 * clipping advice, once, of the points that count for it (`clipping/dominance.ts`). The median of the shares of the squared
 * norm; 0 with other than the 50 points that are asked for.
 */
export function medianShare(shares: Float64Array): number {
  return shares.length === DOMINANCE_POINTS ? (medianOfSorted(shares.toSorted()) ?? 0) : 0;
}

/** Whether a tensor has half of all parameters or more; NaN or undefined where sizes are not known is a no. */
export function hasMostParameters(sizeShare: number | undefined): boolean {
  return sizeShare !== undefined && sizeShare >= MOST_PARAMETERS;
}

export function dominanceText(name: string, share: number): string {
  return t(
    "{0} carries {1} % of the squared global norm, so global clipping is decided by it.",
    name,
    Math.round(100 * share),
  );
}
