/** One bin of a histogram. */
export interface Bin {
  readonly left: number;
  readonly right: number;
  readonly count: number;
}

/**
 * What the L2 norm of the values in a histogram must be near to: every value is taken for the middle of its bin.
 * Undefined for a histogram of nothing; NaN where a bin is.
 */
export function normOfBins(bins: Iterable<Bin>): number | undefined {
  let squares = 0;
  let isEmpty = true;
  for (const { left, right, count } of bins) {
    if (count !== 0) {
      squares += count * ((left + right) / 2) ** 2;
      isEmpty = false;
    }
  }
  return isEmpty ? undefined : Math.sqrt(squares);
}

/** Rows of left, right and count, as TensorBoard's histogram plugin stores them. */
export function* binsOfRows(numbers: readonly number[]): Generator<Bin> {
  for (let at = 0; at + 2 < numbers.length; at += 3) {
    yield { left: numbers[at] ?? Number.NaN, right: numbers[at + 1] ?? Number.NaN, count: numbers[at + 2] ?? 0 };
  }
}

/** Counts between edges, one more edge than counts, as Weights & Biases stores them. */
export function* binsOfEdges(counts: readonly number[], edgeAt: (index: number) => number): Generator<Bin> {
  for (const [index, count] of counts.entries()) {
    yield { left: edgeAt(index), right: edgeAt(index + 1), count };
  }
}
