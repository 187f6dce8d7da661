import type { Interval } from "./bootstrap.ts";
import { boundClippedSums } from "./clippedSums.ts";
import type { ClippedSums } from "./clippedSums.ts";
import type { ElementStatistics } from "./elementStatistics.ts";
import { binsOf, inUnitsOf } from "./magnitudeBins.ts";
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

/**
 * Of a gradient in one or more tensors: what is known of each narrows the intervals of the whole. Undefined where an
 * element is not finite, which clipping by value hides or keeps, and where there is no gradient.
 */
export function measureValueClip(tensors: readonly ElementStatistics[], limit: number): ValueClipEffect | undefined {
  const largest = tensors.reduce((size, { linf }) => Math.max(size, linf), 0); // Math.max keeps a NaN.
  const areFinite = tensors.every(({ l1, l2, linf }) => [l1, l2, linf].every(Number.isFinite));
  if (!areFinite || largest === 0) {
    return undefined;
  }
  const elements = tensors.reduce((sum, tensor) => sum + tensor.elements, 0);
  const [fewest, most] = addAll(tensors.map((tensor) => countClipped(tensor, limit)));
  const clippedShare: Interval = [fewest / elements, most / elements];
  if (limit / largest < LEAST_RATIO) {
    return { clippedShare, norm: [0, limit * Math.sqrt(elements)], cosine: [0, 1] };
  }
  // In units of the largest element, so that no square over- or underflows.
  const scaled = tensors.map((tensor) => inUnitsOf(tensor, largest));
  const total = scaled.reduce((sum, { l2 }) => sum + l2 * l2, 0);
  const sums = scaled.map((tensor) => boundClippedSums(tensor, limit / largest));
  const squares = addAll(sums.map((sum) => sum.squares));
  const excess = addAll(sums.map((sum) => sum.excess));
  return {
    clippedShare,
    norm: [Math.sqrt(squares[0]) * largest, Math.sqrt(squares[1]) * largest],
    cosine: boundCosine({ squares, excess }, total, limit / largest),
  };
}

/** Below it squares underflow. Only float64 has elements so far apart. */
const LEAST_RATIO = 2 ** -500;

/**
 * (Q + c·E) / √(Q·T) of the squares Q that are left of T, and the excess E. In Q it falls up to c·E and rises from there.
 * Where the largest element is 1, E is also at least (T - Q) / (1 + c); with that it falls up to c·T.
 */
function boundCosine({ squares, excess }: ClippedSums, total: number, limit: number): Interval {
  const [least, most] = squares;
  const cosineOf = (left: number, cut: number): number => Math.min(1, (left + limit * cut) / Math.sqrt(left * total));
  const inside = (left: number): number => Math.min(Math.max(left, least), most);
  const tied = inside(limit * total);
  const low = Math.max(
    cosineOf(inside(limit * excess[0]), excess[0]),
    cosineOf(tied, Math.max(0, total - tied) / (1 + limit)),
  );
  return [low, Math.max(low, cosineOf(least, excess[1]), cosineOf(most, excess[1]))];
}

/**
 * Elements of the bins whose end is at the limit or above. A power of two is in the bin above it, so that no bin reaches
 * its high end but the last, which ends at the largest element.
 */
function countClipped({ histogram, linf }: ElementStatistics, limit: number): Interval {
  const bins = binsOf(histogram, linf);
  const count = (isClipped: (bin: MagnitudeBin) => boolean): number =>
    bins.reduce((sum, bin) => sum + (isClipped(bin) ? bin.count : 0), 0);
  const surely = count(({ low }) => low >= limit);
  const perhaps = count(({ high }) => high > limit || high === linf);
  return linf < limit ? [0, 0] : [Math.max(1, surely), perhaps];
}

function addAll(intervals: readonly Interval[]): Interval {
  return intervals.reduce(([low, high], interval) => [low + interval[0], high + interval[1]], [0, 0]);
}
