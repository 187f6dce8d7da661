import { countWhere } from "#core/numbers.ts";
import type { SeriesKey } from "#core/series.ts";
import type { Roster } from "./roster.ts";
import type { TensorColumns } from "./transpose.ts";
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

/** A tensor's series, and what was taken of it. */
interface Taken {
  /** In the roster. */
  readonly tensor: number;
  readonly series: TensorSeries;
  samples: number;
  lastStep: number;
}

export function createTaker(roster: Roster): Taker {
  const taken: Taken[] = [];
  let listed: { readonly tensors: Tensors; readonly parts: readonly Taken[] } | undefined;

  /** A map that was given before has other series only if it has more: of ten thousand names none is looked up again. */
  function partsOf(tensors: Tensors): readonly Taken[] {
    if (listed?.tensors !== tensors || listed.parts.length !== tensors.size) {
      listed = { tensors, parts: Array.from(tensors, ([name, series]) => partOf(roster.numberOf(name), series)) };
    }
    return listed.parts;
  }

  function partOf(tensor: number, series: TensorSeries): Taken {
    const known = taken[tensor];
    const part = known?.series === series ? known : { tensor, series, samples: 0, lastStep: -Infinity };
    taken[tensor] ??= part;
    return part;
  }

  return {
    take(tensors) {
      const parts = partsOf(tensors);
      if (taken.length !== parts.length || parts.some((part) => part !== taken[part.tensor])) {
        return undefined;
      }
      const grown = parts.filter(({ series, samples }) => series.count() !== samples);
      const columns = grown.map(takeFrom).filter((column) => column !== undefined);
      return columns.length === grown.length ? columns : undefined;
    },
    pathAt: (tensor, step) => taken[roster.numberOf(tensor)]?.series.pathAt(step) ?? "",
  };
}

function takeFrom(part: Taken): TensorColumns | undefined {
  const { tensor, series, samples, lastStep } = part;
  if (series.count() < samples) {
    return undefined;
  }
  const isFirst = samples === 0;
  const fresh = isFirst ? whatCounts(series.since(samples)) : series.since(samples);
  part.samples = series.count();
  part.lastStep = fresh.steps[fresh.steps.length - 1] ?? lastStep;
  if (!isFirst && !goesOn(fresh.steps, lastStep)) {
    return undefined;
  }
  const { steps, values, lines } = measured(fresh, series.resolution());
  return { tensor, steps, values, lines };
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
