import type { Numbers } from "#core/numbers.ts";

/** What a sample's value can be. They are counted apart: only a positive one has a place on a logarithmic axis. */
export const SAMPLE_KINDS = ["positive", "zero", "negative", "nan", "posInf", "negInf"] as const;
export type SampleKind = (typeof SAMPLE_KINDS)[number];

/** No sample of a summary is of this sort. */
export const NONE = 2 ** 32 - 1;

/** Values, of which the first stand for several samples each: `weights` is as long as what was coarsened. */
export interface WeightedValues {
  readonly values: Numbers;
  readonly weights: Numbers;
}

/** What matters of neighbouring samples, as indexes of them; NONE where there is no such sample. */
export interface Summary {
  readonly first: number;
  readonly last: number;
  /** The smallest and the largest finite value, and the smallest positive one; the earliest of equal ones. */
  readonly low: number;
  readonly high: number;
  readonly lowPositive: number;
  /** The first sample of each kind. */
  readonly firstOf: Numbers;
  /** How many samples of each kind there are, also those that were coarsened away. */
  readonly counts: Numbers;
}

/** The place of a value's kind in `SAMPLE_KINDS`; the first three are finite. */
export function kindOf(value: number): number {
  if (value > 0) {
    return value === Infinity ? 4 : 0;
  }
  if (value === 0) {
    return 1;
  }
  return Number.isNaN(value) ? 3 : value === -Infinity ? 5 : 2;
}

/** Of two neighbours, in their order. */
export function mergeSummaries({ values }: WeightedValues, a: Summary, b: Summary): Summary {
  const at = (index: number, none: number): number => (index === NONE ? none : (values[index] ?? none));
  return {
    first: a.first,
    last: b.last,
    low: at(b.low, Infinity) < at(a.low, Infinity) || a.low === NONE ? b.low : a.low,
    high: at(b.high, -Infinity) > at(a.high, -Infinity) || a.high === NONE ? b.high : a.high,
    lowPositive:
      at(b.lowPositive, Infinity) < at(a.lowPositive, Infinity) || a.lowPositive === NONE
        ? b.lowPositive
        : a.lowPositive,
    firstOf: a.firstOf.map((first, kind) => Math.min(first, b.firstOf[kind] ?? NONE)),
    counts: a.counts.map((count, kind) => count + (b.counts[kind] ?? 0)),
  };
}

/** The samples that a summary names, ascending, each once: what of them must be kept or drawn. */
export function samplesOf({ first, last, low, high, lowPositive, firstOf }: Summary): number[] {
  const named = [first, last, low, high, lowPositive, ...firstOf].filter((index) => index !== NONE);
  return [...new Set(named)].toSorted((a, b) => a - b);
}
