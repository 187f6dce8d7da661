import type { Numbers } from "#core/numbers.ts";
import type { SeriesChunk } from "#core/series.ts";
import type { Sample } from "./bucket.ts";
import type { Pool } from "./pool.ts";
import { LEAST_FOR_PYRAMID, createPyramid } from "./pyramid.ts";
import type { Pyramid } from "./pyramid.ts";
import { lastIndexOf, restarts } from "./segments.ts";
import type { NewSamples } from "../series.ts";
import type { WeightedValues } from "./summary.ts";
import { appendRows, columnOf, emptyTable, numberAt } from "./table.ts";
import type { Table } from "./table.ts";

/** The samples of a series, and what is known of them. A run has tens of thousands: nothing here is made before it is needed. */
export interface Samples extends Table {
  /** How many the log gave. */
  count: number;
  /** How many of the first ones kept stand for several, by their weights. */
  coarse: number;
  resolution: number | undefined;
  /** Indexes at which the step went back, and the first one; not to be changed in place. */
  segmentStarts: readonly number[];
  /** Undefined while there are few samples. */
  pyramid: Pyramid | undefined;
  /** The index that was looked up last. */
  known: number;
}

const NONE_YET: readonly number[] = [];
const ONE_SEGMENT: readonly number[] = [0];
const NO_NUMBERS: Numbers = new Float64Array();
const NO_WEIGHTS = new Uint32Array();

export function noSamples(pool: Pool): Samples {
  return {
    ...emptyTable(pool),
    count: 0,
    coarse: 0,
    resolution: undefined,
    segmentStarts: NONE_YET,
    pyramid: undefined,
    known: 0,
  };
}

export function appendSamples(samples: Samples, chunk: SeriesChunk): void {
  const before = numberAt(samples, "steps", samples.length - 1) ?? Infinity;
  const found = restarts(before, chunk.steps);
  if (found.length > 0) {
    const starts = found.map((index) => samples.length + index);
    const isFirst = samples.length === 0 && found.length === 1;
    samples.segmentStarts = isFirst ? ONE_SEGMENT : [...samples.segmentStarts, ...starts];
  }
  appendRows(samples, chunk);
  samples.count += chunk.steps.length;
  if (chunk.resolution !== undefined) {
    samples.resolution = Math.max(samples.resolution ?? 0, chunk.resolution);
  }
  growPyramid(samples);
}

/** To be called when there are more samples, or others. */
export function growPyramid(samples: Samples): void {
  if (samples.length >= LEAST_FOR_PYRAMID) {
    samples.pyramid ??= createPyramid(() => weightedValues(samples));
    samples.pyramid.grow(samples.length);
  }
}

export function stepsOf(samples: Samples): Numbers {
  return columnOf(samples, "steps") ?? NO_NUMBERS;
}

export function valuesOf(samples: Samples): Numbers {
  return columnOf(samples, "values") ?? NO_NUMBERS;
}

export function linesOf(samples: Samples): Numbers {
  return columnOf(samples, "lines") ?? NO_NUMBERS;
}

export function weightedValues(samples: Samples): WeightedValues {
  const weights = samples.coarse === 0 ? NO_WEIGHTS : (columnOf(samples, "weights") ?? NO_WEIGHTS);
  return { values: valuesOf(samples), weights: weights.subarray(0, samples.coarse) };
}

export function lastSample(samples: Samples): Sample | undefined {
  const last = samples.length - 1;
  const [step, value] = [numberAt(samples, "steps", last), numberAt(samples, "values", last)];
  return step === undefined || value === undefined ? undefined : { step, value };
}

export function coarsenedCount({ count, length, coarse }: Samples): number {
  return count - (length - coarse);
}

export function samplesSince(samples: Samples, count: number): NewSamples {
  const from = count <= 0 ? 0 : samples.coarse + Math.max(0, count - coarsenedCount(samples));
  if (from === samples.length - 1) {
    const only = (name: "steps" | "values" | "lines"): number[] => [numberAt(samples, name, from) ?? Number.NaN];
    return { steps: only("steps"), values: only("values"), lines: only("lines") };
  }
  return {
    steps: columnOf(samples, "steps", from) ?? NO_NUMBERS,
    values: columnOf(samples, "values", from) ?? NO_NUMBERS,
    lines: columnOf(samples, "lines", from) ?? NO_NUMBERS,
  };
}

/** Of the last sample at a step that is kept one by one; -1 when there is none. Most look up one step after the other. */
export function indexAt(samples: Samples, step: number): number {
  const next = samples.known + 1;
  const isNext =
    samples.segmentStarts.length === 1 &&
    next >= samples.coarse &&
    numberAt(samples, "steps", next) === step &&
    numberAt(samples, "steps", next + 1) !== step;
  samples.known = isNext
    ? next
    : lastIndexOf(stepsOf(samples), step, { starts: samples.segmentStarts, from: samples.coarse });
  return samples.known;
}
