/** What is summed over the pairs of elements of two tensors of one shape. */
export type PairMeasure = "change" | "moments";

/** Sums over pairs as plain numbers, so that threads can share them. The last one is a maximum, the others add up. */
export type PairSums = Float64Array;

/** Numbers for each piece; a measure may leave some at 0. */
export const PAIR_FIELDS = 32;

const MAXIMUM = PAIR_FIELDS - 1;

/** What a measure must know beside the elements, the same for all pieces of a tensor. */
export interface PairScales {
  /** Adam's m̂/√v̂ for m/√v: √(1−β2^t)/(1−β1^t). */
  readonly ratio: number;
  /** Adam's ε beside √v instead of √v̂: ε·√(1−β2^t). */
  readonly epsilon: number;
}

export const NO_SCALES: PairScales = { ratio: 1, epsilon: 0 };

/** Those of no pair: zeros. */
export function noSums(): PairSums {
  return new Float64Array(PAIR_FIELDS);
}

/** Adds the sums of the next piece; to be called in the order of the pieces. NaN stays. */
export function addSums(total: PairSums, sums: PairSums): void {
  for (let field = 0; field < MAXIMUM; field += 1) {
    total[field] = (total[field] ?? 0) + (sums[field] ?? 0);
  }
  total[MAXIMUM] = Math.max(total[MAXIMUM] ?? 0, sums[MAXIMUM] ?? 0);
}

/** In the one place that is not added up. */
export function setMaximum(sums: PairSums, largest: number): void {
  sums[MAXIMUM] = largest;
}

export function maximumOf(sums: PairSums): number {
  return sums[MAXIMUM] ?? Number.NaN;
}
