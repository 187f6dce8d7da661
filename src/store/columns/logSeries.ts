import type { SeriesChunk, SeriesKey } from "#core/series.ts";
import type { Bucket, Sample, StepWindow } from "./bucket.ts";
import { coarsenSeries } from "./coarsenSeries.ts";
import type { Columns, LogPlace, LogSeries, NewSamples } from "../series.ts";
import { bucketsOf, countedIn, countsOf, thinnedTo } from "./picture.ts";
import { createPool } from "./pool.ts";
import type { Pool } from "./pool.ts";
import {
  appendSamples,
  coarsenedCount,
  indexAt,
  lastSample,
  linesOf,
  noSamples,
  samplesSince,
  stepsOf,
  valuesOf,
} from "./samples.ts";
import type { Samples } from "./samples.ts";
import { columnOf, numberAt } from "./table.ts";

/** What the series of a log share. */
export interface SeriesHome {
  readonly path: string;
  readonly pool: Pool;
}

export function createSeries(key: SeriesKey, home: SeriesHome = { path: "", pool: createPool() }): LogSeries {
  return new StoredSeries(key, home);
}

/** A class, since functions of its own would take more memory than the samples: there are millions of series. */
class StoredSeries implements LogSeries {
  readonly key: SeriesKey;
  readonly #home: SeriesHome;
  readonly #samples: Samples;

  constructor(key: SeriesKey, home: SeriesHome) {
    this.key = key;
    this.#home = home;
    this.#samples = noSamples(home.pool);
  }

  get path(): string {
    return this.#home.path;
  }

  pathAt(): string {
    return this.path;
  }

  placeAt(step: number): LogPlace | undefined {
    const line = numberAt(this.#samples, "lines", this.indexAt(step));
    return line === undefined || Number.isNaN(line) ? undefined : { path: this.path, line };
  }

  length(): number {
    return this.#samples.length;
  }

  steps(): Columns["steps"] {
    return stepsOf(this.#samples);
  }

  values(): Columns["values"] {
    return valuesOf(this.#samples);
  }

  lines(): Columns["lines"] {
    return linesOf(this.#samples);
  }

  wallTimes(): Columns["values"] | undefined {
    return columnOf(this.#samples, "wallTimes");
  }

  resolution(): number | undefined {
    return this.#samples.resolution;
  }

  last(): Sample | undefined {
    return lastSample(this.#samples);
  }

  count(): number {
    return this.#samples.count;
  }

  coarsened(): number {
    return coarsenedCount(this.#samples);
  }

  since(count: number): NewSamples {
    return samplesSince(this.#samples, count);
  }

  segments(): number {
    return this.#samples.segmentStarts.length;
  }

  valueAt(step: number): number | undefined {
    return numberAt(this.#samples, "values", this.indexAt(step));
  }

  counts(): Bucket["counts"] {
    return countsOf(this.#samples);
  }

  counted(window: StepWindow): Pick<Columns, "steps" | "values"> {
    return countedIn(this.#samples, window);
  }

  buckets(window: StepWindow, most: number): readonly Bucket[] {
    return bucketsOf(this.#samples, window, most);
  }

  thinned(most: number): Pick<Columns, "steps" | "values"> {
    return thinnedTo(this.#samples, most);
  }

  append(chunk: SeriesChunk): void {
    appendSamples(this.#samples, chunk);
  }

  indexAt(step: number): number {
    return indexAt(this.#samples, step);
  }

  coarsen(what: "olderHalf" | "coarsened"): void {
    coarsenSeries(this.#samples, what);
  }
}
