import type { Interval } from "./bootstrap.ts";
import type { ElementStatistics } from "./elementStatistics.ts";
import { binsOf } from "./magnitudeBins.ts";
import type { MagnitudeBin } from "./magnitudeBins.ts";

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
  const bins = binsOf(histogram, linf);
  const total = l2 * l2;
  const square = (size: number): number => Math.min(size, limit) ** 2;
  const product = (size: number): number => size * Math.min(size, limit);
  // What clipping takes away bounds what it leaves, because l2 and l1 are exact; each bound is tight where another is not.
  const squares = intersect(
    sumOver(bins, square),
    complement(
      total,
      sumOver(bins, (size) => size * size - square(size)),
    ),
  );
  const products = intersect(
    intersect(
      sumOver(bins, product),
      complement(
        total,
        sumOver(bins, (size) => size * size - product(size)),
      ),
    ),
    complement(limit * l1, sumOfShortfalls(bins, limit)),
  );
  const norm: Interval = [Math.sqrt(Math.max(squares[0], 0)), Math.sqrt(squares[1])];
  return {
    clippedShare: [countAbove(bins, "low", limit) / elements, countAbove(bins, "high", limit) / elements],
    norm,
    cosine: [Math.max(products[0], 0) / (l2 * norm[1]), Math.min(1, products[1] / (l2 * norm[0]))],
  };
}

/** The sum of a function of |x| that does not fall. */
function sumOver(bins: readonly MagnitudeBin[], of: (size: number) => number): Interval {
  return [
    bins.reduce((sum, { low, count }) => sum + count * of(low), 0),
    bins.reduce((sum, { high, count }) => sum + count * of(high), 0),
  ];
}

/** The sum of c·|x| - |x|·min(|x|, c), which rises up to c/2, and falls to 0 at c. */
function sumOfShortfalls(bins: readonly MagnitudeBin[], limit: number): Interval {
  const shortfall = (size: number): number => size * (limit - Math.min(size, limit));
  return [
    bins.reduce((sum, { low, high, count }) => sum + count * Math.min(shortfall(low), shortfall(high)), 0),
    bins.reduce((sum, { low, high, count }) => {
      const highest = Math.min(Math.max(limit / 2, low), high);
      return sum + count * shortfall(highest);
    }, 0),
  ];
}

/**
 * Elements of the bins whose end is at the limit or above. A power of two is in the bin above it, so that no bin reaches
 * its high end but the last, which ends at the largest element.
 */
function countAbove(bins: readonly MagnitudeBin[], end: "low" | "high", limit: number): number {
  const isAbove = (bin: MagnitudeBin, index: number): boolean =>
    bin[end] > limit || (bin[end] === limit && (end === "low" || index === bins.length - 1));
  return bins.reduce((sum, bin, index) => sum + (isAbove(bin, index) ? bin.count : 0), 0);
}

function complement(total: number, [low, high]: Interval): Interval {
  return [total - high, total - low];
}

/** Both hold the same number, so what rounding puts beside the other counts as their common end. */
function intersect(a: Interval, b: Interval): Interval {
  const low = Math.max(a[0], b[0]);
  return [low, Math.max(low, Math.min(a[1], b[1]))];
}
