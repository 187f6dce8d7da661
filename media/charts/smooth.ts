import type { Points } from "./segments.ts";

/**
 * Exponential moving average without the bias of its start (the division by 1 − wⁿ that Adam uses too). On a log axis the
 * logarithms are averaged, so that a spike does not lift the line more than a dip lowers it. What the axis has no place for
 * is not averaged: it stays a gap. `weight` is of the past, 0 (no smoothing) to below 1.
 */
export function smooth({ steps, values }: Points, weight: number, isLog: boolean): Points {
  const smoothed = new Float64Array(values.length);
  let average = 0;
  let share = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    const place = isLog ? Math.log(value) : value;
    if (Number.isFinite(place)) {
      average = weight * average + (1 - weight) * place;
      share = weight * share + (1 - weight);
      smoothed[index] = isLog ? Math.exp(average / share) : average / share;
    } else {
      smoothed[index] = Number.NaN;
    }
  }
  return { steps, values: smoothed };
}
