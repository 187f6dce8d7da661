import type { Finding } from "#core/finding.ts";
import { countWhere } from "#core/numbers.ts";
import type { SeriesKey } from "#core/series.ts";
import type { TensorColumns } from "./transpose.ts";
import { createRoster } from "./roster.ts";
import type { Roster } from "./roster.ts";
import { createTensorWatch } from "./watch.ts";
import type { TensorWatch, WatchOptions } from "./watch.ts";
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

/** The findings on the tensors of one run. */
export interface TensorFollower {
  /** Judges what is new. A log that went back to an earlier step, or was read late, is judged anew as a whole. */
  readonly update: (tensors: ReadonlyMap<string, TensorSeries>) => void;
  readonly findings: () => readonly Finding[];
}

/** What was taken of each tensor, by its number in the roster. */
interface Followed {
  readonly series: TensorSeries[];
  /** Samples that were judged. */
  readonly judged: number[];
  readonly lastStep: number[];
}

const NOTHING_NEW: TensorColumns = { tensor: -1, steps: [], values: [], lines: [] };

export function followTensors(options: WatchOptions): TensorFollower {
  let roster = createRoster();
  let watch = createTensorWatch(roster, options);
  let followed: Followed = { series: [], judged: [], lastStep: [] };
  let findings: readonly Finding[] = [];

  /** New samples of a tensor; undefined when it went back to an earlier step or is another series now. */
  function newSamples(tensor: number, series: TensorSeries): TensorColumns | undefined {
    const known = (followed.series[tensor] ??= series);
    const judged = (followed.judged[tensor] ??= 0);
    const count = series.count();
    if (known !== series || count < judged) {
      return undefined;
    }
    if (count === judged) {
      return NOTHING_NEW;
    }
    const samples = series.since(judged);
    const isFirst = judged === 0;
    followed.judged[tensor] = count;
    const columns = isFirst ? whatCounts(samples) : samples;
    const lastStep = followed.lastStep[tensor] ?? -Infinity;
    const isAscending = isFirst || goesOn(columns.steps, lastStep);
    followed.lastStep[tensor] = columns.steps[columns.steps.length - 1] ?? lastStep;
    return isAscending ? { tensor, ...measured(columns, series.resolution()) } : undefined;
  }

  function add(tensors: ReadonlyMap<string, TensorSeries>): "nothing" | "new" | "outdated" {
    const columns = Array.from(tensors, ([name, series], index) => newSamples(numberIn(roster, name, index), series));
    const known = columns.filter((column) => column !== undefined);
    const grown = known.filter((column) => column !== NOTHING_NEW);
    if (followed.series.length !== tensors.size || known.length < columns.length) {
      return "outdated";
    }
    if (grown.length === 0) {
      return "nothing";
    }
    return watch.add(grown) ? "new" : "outdated";
  }

  function startAnew(tensors: ReadonlyMap<string, TensorSeries>): TensorWatch {
    const [first] = tensors.values();
    roster = createRoster(first?.key.axis);
    followed = { series: [], judged: [], lastStep: [] };
    return createTensorWatch(roster, options);
  }

  return {
    update(tensors) {
      const outcome = add(tensors);
      if (outcome === "outdated") {
        watch = startAnew(tensors);
        add(tensors);
      }
      if (outcome !== "nothing") {
        findings = watch.findings((name, step) => followed.series[roster.numberOf(name)]?.pathAt(step) ?? "");
      }
    },
    findings: () => findings,
  };
}

/** Most often tensors come in the roster's order: then none of ten thousand has to be looked up. */
function numberIn(roster: Roster, name: string, index: number): number {
  return roster.nameOf(index) === name ? index : roster.numberOf(name);
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
  const isPlaceholder = (value: number): boolean =>
    (value < 0 && Number.isFinite(value)) || (value === 0 && resolution !== undefined);
  if (countWhere(samples.values, isPlaceholder) === 0) {
    return samples;
  }
  const kept = (column: ArrayLike<number>): number[] =>
    Array.from(column).filter((_, index) => !isPlaceholder(samples.values[index] ?? Number.NaN));
  return { steps: kept(samples.steps), values: kept(samples.values), lines: kept(samples.lines) };
}
