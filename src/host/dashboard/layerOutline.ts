import { asSquaredNorm, globalNorm } from "#core/norm.ts";
import { medianOfSorted, quantileOfSorted } from "#core/quantile.ts";
import type { ToTensors } from "#protocol/dashboard/tensors.ts";
import { ALL_STEPS } from "#store/columns/bucket.ts";
import type { SourcedSeries } from "#store/series.ts";
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
  const rows = extentsOf(
    run,
    new Map(
      extents.map(({ name, bucket }) => [
        name,
        { low: bucket?.lowPositive?.value ?? 0, high: Math.max(0, bucket?.high?.value ?? 0) },
      ]),
    ),
  );
  return {
    groups: knownTensors === tensors.size ? null : groupsOf(run),
    tensors: tensors.size,
    steps: min <= max ? { min, max } : null,
    interval: usualInterval([...tensors.values()]),
    scale: scaleOf([rows.tensors, rows.groups]),
    foldedScale: scaleOf([[...rows.groups, ...rows.alone]]),
  };
}

function groupsOf(run: Run): { name: string; tensors: string[] }[] {
  return outlineOfRun(run).map(({ name, tensors }) => ({ name, tensors: [...tensors] }));
}

/** The least and the largest norm of a row; 0 where it has none above zero. */
interface Extent {
  readonly low: number;
  readonly high: number;
}

/** Tensors, groups of several, and tensors that are alone in theirs. What a group reaches is known from its tensors' extremes. */
function extentsOf(
  run: Run,
  ofTensors: ReadonlyMap<string, Extent>,
): { readonly tensors: readonly Extent[]; readonly groups: readonly Extent[]; readonly alone: readonly Extent[] } {
  const byGroup = outlineOfRun(run).map((group) => group.tensors.flatMap((name) => ofTensors.get(name) ?? []));
  const groups = byGroup
    .filter(({ length }) => length > 1)
    .map((own) => ({
      low: globalNorm(own.map(({ low }) => asSquaredNorm(low ** 2))),
      high: globalNorm(own.map(({ high }) => asSquaredNorm(high ** 2))),
    }));
  return { tensors: [...ofTensors.values()], groups, alone: byGroup.filter(({ length }) => length === 1).flat() };
}

// Of the extremes of all rows, so many at each end may lie beyond the colours: one row alone must not flatten all others.
const BEYOND = 0.05;

/** Each list reaches its own ends of the colours: a hundred groups must not be lost among ten thousand tensors. */
function scaleOf(lists: readonly (readonly Extent[])[]): Outline["scale"] {
  const lows = lists.flatMap(
    (rows) =>
      logQuantile(
        rows.map(({ low }) => low),
        BEYOND,
      ) ?? [],
  );
  const highs = lists.flatMap(
    (rows) =>
      logQuantile(
        rows.map(({ high }) => high),
        1 - BEYOND,
      ) ?? [],
  );
  const [low, high] = lows.length === 0 || highs.length === 0 ? [0, 1] : [Math.min(...lows), Math.max(...highs)];
  return low < high ? { low, high } : { low: low - 1, high: low + 1 };
}

function logQuantile(values: readonly number[], q: number): number | undefined {
  return quantileOfSorted(
    values
      .filter((value) => value > 0)
      .map(Math.log10)
      .toSorted((a, b) => a - b),
    q,
  );
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
