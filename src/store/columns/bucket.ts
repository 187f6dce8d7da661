import { SAMPLE_KINDS } from "./summary.ts";
import type { SampleKind } from "./summary.ts";

export interface Sample {
  readonly step: number;
  readonly value: number;
}

/** What matters of neighbouring samples: enough to draw them in one pixel column without losing a spike. */
export interface Bucket {
  readonly first: Sample;
  readonly last: Sample;
  /** The smallest and the largest finite value, and the smallest positive one; undefined where there is none. */
  readonly low: Sample | undefined;
  readonly high: Sample | undefined;
  readonly lowPositive: Sample | undefined;
  /** How many samples of each kind, also those that were coarsened away. */
  readonly counts: Readonly<Record<SampleKind, number>>;
}

/** Steps from `from` to below `until`. */
export interface StepWindow {
  readonly from: number;
  readonly until: number;
}

export const ALL_STEPS: StepWindow = { from: -Infinity, until: Infinity };

export const NO_COUNTS: Bucket["counts"] = { positive: 0, zero: 0, negative: 0, nan: 0, posInf: 0, negInf: 0 };

/** Neighbours joined until there are at most `most`. */
export function atMost(buckets: readonly Bucket[], most: number): readonly Bucket[] {
  if (buckets.length <= most) {
    return buckets;
  }
  const size = Math.ceil(buckets.length / Math.max(1, most));
  return Array.from({ length: Math.ceil(buckets.length / size) }, (_, index) =>
    buckets.slice(index * size, (index + 1) * size).reduce(mergeBuckets),
  );
}

export function addCounts(a: Bucket["counts"], b: Bucket["counts"]): Bucket["counts"] {
  const sum: Record<SampleKind, number> = { ...a };
  for (const kind of SAMPLE_KINDS) {
    sum[kind] += b[kind];
  }
  return sum;
}

/** NaN, +Inf and −Inf. */
export function countNonFinite({ nan, posInf, negInf }: Bucket["counts"]): number {
  return nan + posInf + negInf;
}

function mergeBuckets(a: Bucket, b: Bucket): Bucket {
  return {
    first: a.first,
    last: b.last,
    low: least(a.low, b.low),
    high: (b.high?.value ?? -Infinity) > (a.high?.value ?? -Infinity) ? b.high : (a.high ?? b.high),
    lowPositive: least(a.lowPositive, b.lowPositive),
    counts: addCounts(a.counts, b.counts),
  };
}

/** The earlier of equal ones. */
function least(a: Sample | undefined, b: Sample | undefined): Sample | undefined {
  return (b?.value ?? Infinity) < (a?.value ?? Infinity) ? b : (a ?? b);
}
