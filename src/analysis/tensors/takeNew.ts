import { countWhere } from "#core/numbers.ts";
import type { SeriesKey } from "#core/series.ts";
import type { Roster } from "./roster.ts";
import type { TensorColumns } from "./transpose.ts";
import { createTensorNumbers } from "./tensorNumbers.ts";
import { whatCounts } from "./whatCounts.ts";
import type { Samples } from "./whatCounts.ts";

/** A tensor's norms in a run that grows. */
export interface TensorSeries {
  count(): number;
  /** The samples after the first `count`, in the order of the log. */
  since(count: number): Samples;
  /** Where values were printed: a 0.000 says no more than that the norm is smaller than this. */
  resolution(): number | undefined;
  pathAt(step: number): string;
  readonly key: Pick<SeriesKey, "axis">;
}

type Tensors = ReadonlyMap<string, TensorSeries>;

/** Takes from each series of a run what was not taken before. */
export interface Taker {
  /** Of the tensors that have grown; undefined when one went back to an earlier step, or is another series now. */
  readonly take: (tensors: Tensors) => readonly TensorColumns[] | undefined;
  readonly pathAt: (tensor: string, step: number) => string;
}

export function createTaker(roster: Roster): Taker {
  // By their numbers in the roster: of each of millions of tensors as little as can be.
  const series: TensorSeries[] = [];
  const taken = createTensorNumbers();
  const lastSteps = createTensorNumbers();
  let listed: Tensors | undefined;

  /** False when a tensor has another series now, or is missing. */
  function list(tensors: Tensors): boolean {
    // A map that was given before has other series only if it has more: of ten thousand names none is looked up again.
    if (listed !== tensors || series.length !== tensors.size) {
      for (const [name, one] of tensors) {
        series[roster.numberOf(name)] ??= one;
      }
      listed = tensors;
      return (
        series.length === tensors.size && series.every((one, tensor) => one === tensors.get(roster.nameOf(tensor)))
      );
    }
    return true;
  }

  function takeFrom(one: TensorSeries, tensor: number): TensorColumns | undefined {
    const [count, before, lastStep] = [one.count(), taken.of(tensor), lastSteps.of(tensor)];
    const isFirst = before === 0;
    const samples = isFirst ? whatCounts(one.since(before)) : one.since(before);
    taken.set(tensor, count);
    lastSteps.set(tensor, samples.steps[samples.steps.length - 1] ?? lastStep);
    if (count < before || !(isFirst || goesOn(samples.steps, lastStep))) {
      return undefined;
    }
    const { steps, values, lines } = measured(samples, one.resolution());
    return { tensor, steps, values, lines };
  }

  return {
    take(tensors) {
      if (!list(tensors)) {
        return undefined;
      }
      const columns: TensorColumns[] = [];
      for (const [tensor, one] of series.entries()) {
        if (one.count() !== taken.of(tensor)) {
          const column = takeFrom(one, tensor);
          if (column === undefined) {
            return undefined;
          }
          columns.push(column);
        }
      }
      return columns;
    },
    pathAt: (tensor, step) => series[roster.numberOf(tensor)]?.pathAt(step) ?? "",
  };
}

function goesOn(steps: ArrayLike<number>, lastStep: number): boolean {
  let before = lastStep;
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index] ?? Number.NaN;
    if (!(step >= before)) {
      return false;
    }
    before = step;
  }
  return true;
}

/** Without what is no norm: -1 stands for one that could not be computed, and a printed 0.000 may be anything small. */
function measured(samples: Samples, resolution: number | undefined): Samples {
  const isPlaceholder = resolution === undefined ? isNegative : isNegativeOrZero;
  if (countWhere(samples.values, isPlaceholder) === 0) {
    return samples;
  }
  const kept = (column: ArrayLike<number>): number[] =>
    Array.from(column).filter((_, index) => !isPlaceholder(samples.values[index] ?? Number.NaN));
  return { steps: kept(samples.steps), values: kept(samples.values), lines: kept(samples.lines) };
}

function isNegative(norm: number): boolean {
  return norm < 0 && Number.isFinite(norm);
}

function isNegativeOrZero(norm: number): boolean {
  return norm <= 0 && Number.isFinite(norm);
}
