import { asSquaredNorm, globalNorm } from "#core/norm.ts";
import { medianOfSorted, quantileOfSorted } from "#core/quantile.ts";
import type { ToTensors } from "#protocol/dashboard/tensors.ts";
import { ALL_STEPS } from "#store/bucket.ts";
import type { SourcedSeries } from "#store/joined.ts";
import type { Run } from "#store/run.ts";
import { outlineOfRun } from "./layerSamples.ts";

type Outline = Extract<ToTensors, { kind: "outline" }>;

/** What the picture of a run needs before its cells: rows, steps, colours. */
export function describeOutline(run: Run, knownTensors: number): Omit<Outline, "kind" | "id"> {
  const tensors = run.tensors();
  const extents = Array.from(tensors, ([name, series]) => ({ name, bucket: series.buckets(ALL_STEPS, 1)[0] }));
  const buckets = extents.flatMap(({ bucket }) => bucket ?? []);
  const min = buckets.reduce((least, { first }) => Math.min(least, first.step), Infinity);
  const max = buckets.reduce((most, { last }) => Math.max(most, last.step), -Infinity);
  const highs = new Map(extents.map(({ name, bucket }) => [name, Math.max(0, bucket?.high?.value ?? 0)]));
  return {
    groups: knownTensors === tensors.size ? null : groupsOf(run),
    tensors: tensors.size,
    steps: min <= max ? { min, max } : null,
    interval: usualInterval([...tensors.values()]),
    scale: scaleOf(
      buckets.flatMap(({ lowPositive }) => lowPositive?.value ?? []),
      [...highs.values(), ...groupHighs(run, highs)].filter((high) => high > 0),
    ),
  };
}

function groupsOf(run: Run): { name: string; tensors: string[] }[] {
  return outlineOfRun(run).map(({ name, tensors }) => ({ name, tensors: [...tensors] }));
}

// Of the extremes of all rows, so many at each end may lie beyond the colours: one row alone must not flatten all others.
const BEYOND = 0.05;

function scaleOf(lows: readonly number[], highs: readonly number[]): Outline["scale"] {
  const [low = 0, high = 1] = [logQuantile(lows, BEYOND), logQuantile(highs, 1 - BEYOND)];
  return low < high ? { low, high } : { low: low - 1, high: low + 1 };
}

function logQuantile(values: readonly number[], q: number): number | undefined {
  return quantileOfSorted(
    values.map(Math.log10).toSorted((a, b) => a - b),
    q,
  );
}

/** What the norm of a group reaches at most, from the largest norms of its tensors. */
function groupHighs(run: Run, highs: ReadonlyMap<string, number>): readonly number[] {
  return outlineOfRun(run)
    .filter(({ tensors }) => tensors.length > 1)
    .map(({ tensors }) => globalNorm(tensors.map((name) => asSquaredNorm((highs.get(name) ?? 0) ** 2))))
    .filter((high) => high > 0);
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
