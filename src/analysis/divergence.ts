/** Samples of one series, ascending by step. */
export interface ComparedCurve {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** The first step that both curves have and at which they differ. */
export interface Divergence {
  readonly step: number;
  readonly a: number;
  readonly b: number;
  /** |b − a| in parts of the larger of the two; Infinity where only one is a number. */
  readonly difference: number;
}

/**
 * Undefined while two curves agree within `tolerance`, a relative difference. NaN agrees with NaN alone, and an infinity
 * with itself.
 */
export function firstDivergence(a: ComparedCurve, b: ComparedCurve, tolerance: number): Divergence | undefined {
  let other = 0;
  for (let index = 0; index < a.steps.length; index += 1) {
    const step = a.steps[index] ?? Number.NaN;
    while ((b.steps[other] ?? Infinity) < step) {
      other += 1;
    }
    if (b.steps[other] === step) {
      const pair = { a: a.values[index] ?? Number.NaN, b: b.values[other] ?? Number.NaN };
      const difference = differenceOf(pair);
      if (difference > tolerance) {
        return { step, ...pair, difference };
      }
    }
  }
  return undefined;
}

export interface TensorDivergence extends Divergence {
  readonly tensor: string;
}

/** Tensors of both runs in the order in which they begin to differ; of those at one step the most different first. */
export function divergingTensors(
  a: ReadonlyMap<string, () => ComparedCurve>,
  b: ReadonlyMap<string, () => ComparedCurve>,
  tolerance: number,
): readonly TensorDivergence[] {
  const found = Array.from(a).flatMap(([tensor, curve]) => {
    const other = b.get(tensor);
    const divergence = other && firstDivergence(curve(), other(), tolerance);
    return divergence === undefined ? [] : [{ tensor, ...divergence }];
  });
  return found.toSorted((one, two) => (one.step === two.step ? compareDifference(two, one) : one.step - two.step));
}

function differenceOf({ a, b }: Pick<Divergence, "a" | "b">): number {
  if (Object.is(a, b) || a === b) {
    return 0;
  }
  return Number.isFinite(a) && Number.isFinite(b) ? Math.abs(b - a) / Math.max(Math.abs(a), Math.abs(b)) : Infinity;
}

function compareDifference(one: Divergence, two: Divergence): number {
  return one.difference === two.difference ? 0 : one.difference - two.difference;
}
