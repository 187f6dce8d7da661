/** Samples in the order of a log, as columns of equal length. */
export interface Samples {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** Zero-based lines of the log. */
  readonly lines: ArrayLike<number>;
}

/** The samples that a later restart does not replace, by ascending step: one that goes back to a step replaces all from there. */
export function whatCounts({ steps, values, lines }: Samples): Samples {
  const kept: number[] = [];
  let limit = Infinity;
  let following = Infinity;
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const step = steps[index] ?? Number.NaN;
    if (step > following) {
      limit = Math.min(limit, following); // The sample after this one went back: a segment ends here.
    }
    if (step < limit) {
      kept.push(index);
    }
    following = step;
  }
  if (kept.length === steps.length) {
    return { steps, values, lines };
  }
  const inOrder = (column: ArrayLike<number>): number[] =>
    kept.toReversed().map((index) => column[index] ?? Number.NaN);
  return { steps: inOrder(steps), values: inOrder(values), lines: inOrder(lines) };
}
