import { medianOfSorted, quantileOfSorted } from "#core/quantile.ts";
import type { ToTensors } from "#protocol/dashboard/tensors.ts";
import { ALL_STEPS } from "#store/bucket.ts";
import type { SourcedSeries } from "#store/joined.ts";
import type { Run } from "#store/run.ts";
import { outlineOfRun } from "./layerSamples.ts";

type Outline = Extract<ToTensors, { kind: "outline" }>;

/** What the picture of a run needs before its cells: rows, steps, colours. */
export function describeOutline(run: Run, knownTensors: number): Omit<Outline, "kind" | "id"> {
  const tensors = [...run.tensors().values()];
  const extents = tensors.flatMap((series) => series.buckets(ALL_STEPS, 1));
  const min = extents.reduce((least, { first }) => Math.min(least, first.step), Infinity);
  const max = extents.reduce((most, { last }) => Math.max(most, last.step), -Infinity);
  return {
    groups: knownTensors === tensors.length ? null : groupsOf(run),
    tensors: tensors.length,
    steps: min <= max ? { min, max } : null,
    interval: usualInterval(tensors),
    scale: scaleOf(
      extents.flatMap(({ lowPositive }) => lowPositive?.value ?? []),
      extents.flatMap(({ high }) => (high !== undefined && high.value > 0 ? high.value : [])),
    ),
  };
}

function groupsOf(run: Run): { name: string; tensors: string[] }[] {
  return outlineOfRun(run).map(({ name, tensors }) => ({ name, tensors: [...tensors] }));
}

// Of the extremes of all tensors, so many at each end may lie beyond the colours: one tensor alone must not flatten all others.
const BEYOND = 0.05;

function scaleOf(lows: readonly number[], highs: readonly number[]): Outline["scale"] {
  const log = (values: readonly number[], q: number): number | undefined =>
    quantileOfSorted(
      values.map(Math.log10).toSorted((a, b) => a - b),
      q,
    );
  const [low = 0, high = 1] = [log(lows, BEYOND), log(highs, 1 - BEYOND)];
  return low < high ? { low, high } : { low: low - 1, high: low + 1 };
}

const TENSORS_LOOKED_AT = 64;
const SAMPLES_LOOKED_AT = 256;

/** Median distance of the newest samples, and the median of some tensors: a few that are logged seldom do not count. */
function usualInterval(tensors: readonly SourcedSeries[]): number {
  const distances = tensors.slice(0, TENSORS_LOOKED_AT).flatMap((series) => {
    const steps = series.steps().subarray(-SAMPLES_LOOKED_AT);
    const gaps = Array.from(steps.subarray(1), (step, index) => step - (steps[index] ?? step)).filter((gap) => gap > 0);
    return medianOfSorted(gaps.toSorted((a, b) => a - b)) ?? [];
  });
  return medianOfSorted(distances.toSorted((a, b) => a - b)) ?? 1;
}
