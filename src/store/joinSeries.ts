import type { Numbers } from "#core/numbers.ts";
import { addCounts, atMost } from "./columns/bucket.ts";
import type { StepWindow } from "./columns/bucket.ts";
import { joinColumns } from "./columns/column.ts";
import type { NewSamples, Series, SourcedSeries } from "./series.ts";

/** One series of several logs, oldest first. A later log counts from its first step on; what it replaced is a segment. */
export function joinSeries(parts: readonly [SourcedSeries, ...SourcedSeries[]]): SourcedSeries {
  const [first] = parts;
  const last = parts.at(-1) ?? first;
  const sum = (of: (part: Series) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const lastFirst = parts.toReversed();
  const pathAt = (step: number): string => (lastFirst.find((part) => lowestStep(part) <= step) ?? first).pathAt(step);
  return {
    key: first.key,
    path: last.path,
    pathAt,
    placeAt: (step) => firstDefined(lastFirst, (part) => part.placeAt(step)),
    length: () => sum((part) => part.length()),
    steps: () => joinColumns(parts.map((part) => part.steps())),
    values: () => joinColumns(parts.map((part) => part.values())),
    lines: () => joinColumns(parts.map((part) => part.lines())),
    wallTimes: () => joinWallTimes(parts),
    resolution: () => coarsest(parts),
    last: () => firstDefined(lastFirst, (part) => part.last()),
    count: () => sum((part) => part.count()),
    coarsened: () => coarsenedCount(parts),
    since: (count) => samplesSince(parts, count),
    segments: () => countSegments(parts),
    valueAt: (step) => firstDefined(lastFirst, (part) => part.valueAt(step)),
    counts: () => parts.map((part) => part.counts()).reduce(addCounts),
    counted(window) {
      const windows = windowsOf(parts, window);
      const counted = parts.map((part, index) => part.counted(windows[index] ?? window));
      return {
        steps: joinColumns(counted.map(({ steps }) => steps)),
        values: joinColumns(counted.map(({ values }) => values)),
      };
    },
    buckets(window, most) {
      const share = Math.max(1, Math.floor(most / parts.length));
      const windows = windowsOf(parts, window);
      return atMost(
        parts.flatMap((part, index) => part.buckets(windows[index] ?? window, share)),
        most,
      );
    },
    thinned(most) {
      const thinned = parts.map((part) => part.thinned(Math.ceil(most / parts.length)));
      return {
        steps: joinColumns(thinned.map(({ steps }) => steps)),
        values: joinColumns(thinned.map(({ values }) => values)),
      };
    },
  };
}

/** From what step on a log's samples count. */
function lowestStep(part: Series): number {
  return part.buckets({ from: -Infinity, until: Infinity }, 1)[0]?.first.step ?? Infinity;
}

/** The steps of a window in which each part counts. */
function windowsOf(parts: readonly Series[], { from, until }: StepWindow): StepWindow[] {
  let limit = until;
  return parts
    .toReversed()
    .map((part) => {
      const window = { from, until: limit };
      limit = Math.min(limit, lowestStep(part));
      return window;
    })
    .toReversed();
}

function firstDefined<T>(parts: readonly SourcedSeries[], of: (part: SourcedSeries) => T | undefined): T | undefined {
  for (const part of parts) {
    const found = of(part);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function samplesSince(parts: readonly Series[], count: number): NewSamples {
  let before = 0;
  const found = parts.map((part) => {
    const from = count - before;
    before += part.count();
    return part.since(Math.min(Math.max(from, 0), part.count()));
  });
  return {
    steps: joinColumns(found.map(({ steps }) => steps)),
    values: joinColumns(found.map(({ values }) => values)),
    lines: joinColumns(found.map(({ lines }) => lines)),
  };
}

/** Up to the last part that was coarsened. */
function coarsenedCount(parts: readonly Series[]): number {
  let before = 0;
  let coarsened = 0;
  for (const part of parts) {
    coarsened = part.coarsened() > 0 ? before + part.coarsened() : coarsened;
    before += part.count();
  }
  return coarsened;
}

function countSegments(parts: readonly Series[]): number {
  const filled = parts.filter((part) => part.length() > 0);
  return filled.reduce((total, part, index) => {
    const before = filled[index - 1]?.steps().at(-1) ?? Infinity;
    const goesOn = (part.steps()[0] ?? Infinity) >= before;
    return total + part.segments() - Number(goesOn);
  }, 0);
}

function joinWallTimes(parts: readonly Series[]): Numbers | undefined {
  const known = parts.map((part) => part.wallTimes());
  return known.every((times) => times === undefined)
    ? undefined
    : joinColumns(known.map((times, index) => times ?? new Float64Array(parts[index]?.length() ?? 0).fill(Number.NaN)));
}

function coarsest(parts: readonly Series[]): number | undefined {
  const known = parts.map((part) => part.resolution()).filter((one) => one !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
