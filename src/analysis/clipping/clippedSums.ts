import type { Interval } from "./bootstrap.ts";
import type { BinnedTensor, MagnitudeBin } from "./magnitudeBins.ts";

/** Two sums over a tensor's elements that tell what clipping them at ±c does. */
export interface ClippedSums {
  /** Σ min(|x|, c)². */
  readonly squares: Interval;
  /** Σ max(|x| - c, 0). Together with the squares it gives the inner product: Σ |x|·min(|x|, c) = squares + c·excess. */
  readonly excess: Interval;
}

/** What a histogram, the norms and the largest element say of them. Each bound is tight where another is not. */
export function boundClippedSums({ bins, l1, l2, linf }: BinnedTensor, limit: number): ClippedSums {
  const total = l2 * l2;
  if (limit >= linf) {
    return { squares: [total, total], excess: [0, 0] };
  }
  const kept = (size: number): number => Math.min(size, limit);
  const squares = intersect(
    sumOver(bins, (size) => kept(size) ** 2),
    complement(
      total,
      sumOver(bins, (size) => size * size - kept(size) ** 2),
    ),
    [limit * limit, total], // One element is the largest.
  );
  const excess = intersect(
    sumOver(bins, (size) => size - kept(size)),
    complement(l1, sumOver(bins, kept)),
    [linf - limit, l1],
  );
  return linkSums({ squares, excess }, { total, linf, limit });
}

/** x² - c² is (x - c)·(x + c), so that what is gone of the squares is 2c to linf + c times the excess. */
function linkSums(
  { squares, excess }: ClippedSums,
  { total, linf, limit }: { readonly total: number; readonly linf: number; readonly limit: number },
): ClippedSums {
  const [least, most] = [2 * limit, linf + limit];
  const gone = complement(total, squares);
  return {
    squares: intersect(squares, complement(total, [least * excess[0], most * excess[1]])),
    excess: intersect(excess, [gone[0] / most, gone[1] / least]),
  };
}

/** The sum of a function of |x| that does not fall. */
function sumOver(bins: readonly MagnitudeBin[], of: (size: number) => number): Interval {
  return [
    bins.reduce((sum, { low, count }) => sum + count * of(low), 0),
    bins.reduce((sum, { high, count }) => sum + count * of(high), 0),
  ];
}

/** What is left of a total. Where little is, it may be the rounding of what was taken away, which makes it wider. */
function complement(total: number, [low, high]: Interval): Interval {
  return [total - high - ROUNDING * total, total - low + ROUNDING * total];
}

/** Of a sum over all bins in float64. */
const ROUNDING = 2 ** -44;

/** All hold the same number, so what rounding puts beside the others counts as their common end. */
function intersect(...intervals: readonly Interval[]): Interval {
  const low = Math.max(...intervals.map(([start]) => start));
  return [low, Math.max(low, Math.min(...intervals.map(([, end]) => end)))];
}
