/** Norms in ascending order with the running sums from which any threshold's effect follows in O(log n). */
export interface SortedNorms {
  readonly sorted: Float64Array;
  /** `lengths[k]` is the sum of the k smallest norms; n + 1 values. */
  readonly lengths: Float64Array;
  /** `squares[k]` is the sum of the squares of the k smallest; n + 1 values. */
  readonly squares: Float64Array;
  /** `inverses[k]` is the sum of 1/norm over all but the k smallest; n + 1 values. */
  readonly inverses: Float64Array;
}

/** Sorts a copy. The norms are finite and positive: `clipHistoryOf` leaves out and counts what is not. */
export function sortNorms(norms: ArrayLike<number>): SortedNorms {
  return withSums(Float64Array.from(norms).toSorted());
}

/** How many of the norms are at most a limit. */
export function countUpTo(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) <= limit) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function withSums(sorted: Float64Array): SortedNorms {
  const { length } = sorted;
  const lengths = new Float64Array(length + 1);
  const squares = new Float64Array(length + 1);
  const inverses = new Float64Array(length + 1);
  let [lengthSum, squareSum, inverseSum] = [0, 0, 0];
  for (let index = 0; index < length; index += 1) {
    const norm = sorted[index] ?? 0;
    lengthSum += norm;
    squareSum += norm * norm;
    lengths[index + 1] = lengthSum;
    squares[index + 1] = squareSum;
  }
  for (let index = length - 1; index >= 0; index -= 1) {
    inverseSum += 1 / (sorted[index] ?? 1);
    inverses[index] = inverseSum;
  }
  return { sorted, lengths, squares, inverses };
}
