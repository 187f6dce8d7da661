/** What else the steps of a run can be counted in: ascending steps, and a value for each that never falls. */
export interface StepAxis {
  readonly steps: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

// More than a screen has columns; between two of them the axis is straight.
const MOST_POINTS = 8192;

/**
 * An axis from what was logged at each step, in the order of the log. A restart replaces what it repeats; a value that is
 * missing, not finite or smaller than one before is left out. Undefined where fewer than two are left.
 */
export function stepAxis(steps: ArrayLike<number>, values: ArrayLike<number>): StepAxis | undefined {
  const kept: { step: number; value: number }[] = [];
  for (let index = 0; index < steps.length; index += 1) {
    const [step, value] = [steps[index] ?? Number.NaN, values[index] ?? Number.NaN];
    while ((kept.at(-1)?.step ?? -Infinity) >= step) {
      kept.pop();
    }
    if (Number.isFinite(value) && value > (kept.at(-1)?.value ?? -Infinity)) {
      kept.push({ step, value });
    }
  }
  if (kept.length < 2) {
    return undefined;
  }
  const stride = Math.ceil(kept.length / MOST_POINTS);
  const chosen = kept.filter((_, index) => index % stride === 0 || index === kept.length - 1);
  return {
    steps: Float64Array.from(chosen, ({ step }) => step),
    values: Float64Array.from(chosen, ({ value }) => value),
  };
}
