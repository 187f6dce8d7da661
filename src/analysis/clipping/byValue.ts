import type { MagnitudeHistogram } from "#core/tensor.ts";
import type { Interval } from "./bootstrap.ts";

/** What `gradlens norms --full` knows of the elements of a gradient. */
export interface ElementStatistics {
  readonly elements: number;
  readonly l1: number;
  readonly l2: number;
  readonly linf: number;
  readonly histogram: MagnitudeHistogram;
}

/**
 * What clipping every element to [-c, c] would do to one gradient. A histogram only tells between which powers of two
 * an element lies, so each number is an interval that the true one is in, up to the rounding of the sums.
 */
export interface ValueClipEffect {
  /** Share of the elements with |x| ≥ c: exact when c is a power of two. */
  readonly clippedShare: Interval;
  /** L2 norm after clipping. */
  readonly norm: Interval;
  /** Of the clipped gradient with the gradient: clipping by value turns it. */
  readonly cosine: Interval;
}

/** Undefined where an element is not finite, which clipping by value hides or keeps, and where there is no gradient. */
export function measureValueClip(statistics: ElementStatistics, limit: number): ValueClipEffect | undefined {
  const { elements, l1, l2, linf, histogram } = statistics;
  if (!Number.isFinite(l2) || !Number.isFinite(linf) || l2 === 0) {
    return undefined;
  }
  const { below, across, above } = splitBins(binsOf(histogram, linf), limit, linf);
  const total = l2 * l2;
  const cut = (value: number): number => Math.min(value, limit);
  // Two ways to bound Σ over the elements below c: from their bins, and as what the exact total leaves of the others.
  const kept = boundsOf([...below, ...across], ({ low, high }) => [cut(low) ** 2, cut(high) ** 2]);
  const left = boundsOf([...across, ...above], ({ low, high }) => [
    low * low - cut(low) ** 2,
    high * high - cut(high) ** 2,
  ]);
  const flat = limit * limit * countOf(above);
  const squares = intersect([kept[0] + flat, kept[1] + flat], [total - left[1], total - left[0]]);
  const keptDot = boundsOf([...below, ...across], ({ low, high }) => [low * cut(low), high * cut(high)]);
  const long = intersect(
    boundsOf(above, ({ low, high }) => [low, high]),
    complement(
      l1,
      boundsOf([...below, ...across], ({ low, high }) => [low, high]),
    ),
  );
  const leftDot = boundsOf([...across, ...above], ({ low, high }) => [
    low * (low - cut(low)),
    high * (high - cut(high)),
  ]);
  const dot = intersect(
    [keptDot[0] + limit * long[0], keptDot[1] + limit * long[1]],
    [total - leftDot[1], total - leftDot[0]],
  );
  const norm: Interval = [Math.sqrt(Math.max(squares[0], 0)), Math.sqrt(squares[1])];
  return {
    clippedShare: [countOf(above) / elements, (countOf(above) + countOf(across)) / elements],
    norm,
    cosine: [Math.max(dot[0], 0) / (l2 * norm[1]), Math.min(1, dot[1] / (l2 * norm[0]))],
  };
}

/** Statistics of several tensors taken together. */
export function joinStatistics(parts: readonly ElementStatistics[]): ElementStatistics {
  const sum = (of: (part: ElementStatistics) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const filled = parts.map(({ histogram }) => histogram).filter(({ counts }) => counts.length > 0);
  const firstExponent = filled.reduce((first, one) => Math.min(first, one.firstExponent), Infinity);
  const end = filled.reduce((last, one) => Math.max(last, one.firstExponent + one.counts.length), -Infinity);
  const counts = Array<number>(Math.max(0, end - firstExponent)).fill(0);
  for (const one of filled) {
    one.counts.forEach((count, index) => {
      const at = one.firstExponent - firstExponent + index;
      counts[at] = (counts[at] ?? 0) + count;
    });
  }
  return {
    elements: sum(({ elements }) => elements),
    l1: sum(({ l1 }) => l1),
    l2: Math.sqrt(sum(({ l2 }) => l2 * l2)),
    linf: parts.reduce((largest, { linf }) => Math.max(largest, linf), 0), // Math.max keeps a NaN.
    histogram: { firstExponent: counts.length === 0 ? 0 : firstExponent, counts },
  };
}

/** So many elements with low ≤ |x| ≤ high. */
interface Bin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

// The outermost bins also hold what lies beyond them.
const [SMALLEST_EXPONENT, LARGEST_EXPONENT] = [-149, 128];

function binsOf({ firstExponent, counts }: MagnitudeHistogram, linf: number): readonly Bin[] {
  return counts.map((count, index) => {
    const exponent = firstExponent + index;
    const low = exponent === SMALLEST_EXPONENT ? 0 : 2 ** exponent;
    return { low, high: exponent === LARGEST_EXPONENT ? linf : Math.min(2 ** (exponent + 1), linf), count };
  });
}

/** Powers of two belong to the bin above them, the largest element to its own. */
function splitBins(
  bins: readonly Bin[],
  limit: number,
  linf: number,
): Readonly<Record<"below" | "across" | "above", readonly Bin[]>> {
  const reaches = ({ high }: Bin): boolean => high > limit || (high === linf && high === limit);
  return {
    below: bins.filter((bin) => bin.low < limit && !reaches(bin)),
    across: bins.filter((bin) => bin.low < limit && reaches(bin)),
    above: bins.filter(({ low }) => low >= limit),
  };
}

function boundsOf(bins: readonly Bin[], each: (bin: Bin) => Interval): Interval {
  const bounds = bins.map((bin) => ({ count: bin.count, interval: each(bin) }));
  return [
    bounds.reduce((sum, { count, interval }) => sum + count * interval[0], 0),
    bounds.reduce((sum, { count, interval }) => sum + count * interval[1], 0),
  ];
}

function countOf(bins: readonly Bin[]): number {
  return bins.reduce((sum, { count }) => sum + count, 0);
}

function complement(total: number, [low, high]: Interval): Interval {
  return [total - high, total - low];
}

/** Both hold the same number, so what rounding puts beside the other counts as their common end. */
function intersect(a: Interval, b: Interval): Interval {
  const low = Math.max(a[0], b[0]);
  return [low, Math.max(low, Math.min(a[1], b[1]))];
}
