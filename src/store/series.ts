import type { Numbers } from "#core/numbers.ts";
import type { SeriesChunk, SeriesKey } from "#core/series.ts";
import type { Bucket, Sample, StepWindow } from "./columns/bucket.ts";

/** Samples as columns of equal length. */
export interface Columns {
  readonly steps: Numbers;
  readonly values: Numbers;
  /** Zero-based lines, or records, of the log. */
  readonly lines: Numbers;
}

/** Samples that came after others; of a single one copies, since to make a view takes longer than to read a row. */
export type NewSamples = { readonly [column in keyof Columns]: Numbers | readonly number[] };

/**
 * All samples of one series, in the order the log gives them. In a long run the oldest may be coarsened: of each block
 * its first and last sample, its extremes and the first of each kind of value are kept.
 */
export interface Series {
  readonly key: SeriesKey;
  /** Samples that are kept; the columns are this long and valid until the next change. */
  length(): number;
  steps(): Numbers;
  values(): Numbers;
  lines(): Numbers;
  /** Seconds since the epoch, NaN where the log has none; undefined when it has none at all. */
  wallTimes(): Numbers | undefined;
  /** Half a unit of the last digit printed, of the coarsest sample; undefined when values are as computed. */
  resolution(): number | undefined;
  last(): Sample | undefined;
  /** Samples that the log gave. */
  count(): number;
  /** Of the samples given, how many of the first ones are no longer kept one by one. */
  coarsened(): number;
  /** The samples given after the first `count`; of coarsened ones only when all are asked for. */
  since(count: number): NewSamples;
  /** How often the step went back, plus one: restarts and resumed runs. */
  segments(): number;
  /**
   * Value at a step; the last one written where a step is logged twice; undefined when it is not logged or, where
   * samples were coarsened, no longer known.
   */
  valueAt(step: number): number | undefined;
  /** How many samples of each kind the log gave. */
  counts(): Bucket["counts"];
  /** What counts in a window of steps, ascending: all samples that a later segment does not replace. */
  counted(window: StepWindow): Pick<Columns, "steps" | "values">;
  /** What counts in a window of steps, in at most `most` buckets of neighbours, ascending. */
  buckets(window: StepWindow, most: number): readonly Bucket[];
  /** All samples or, of more than a few times `most`, those that a picture of `most` columns needs. */
  thinned(most: number): Pick<Columns, "steps" | "values">;
}

/** Where a sample stands. */
export interface LogPlace {
  readonly path: string;
  /** Zero-based. */
  readonly line: number;
}

/** A series of a run, from one log or from several that follow each other. */
export interface SourcedSeries extends Series {
  /** The log it grows from: the last one. */
  readonly path: string;
  /** The log whose sample at a step counts. */
  pathAt(step: number): string;
  /** Where the sample that counts at a step stands; undefined where `valueAt` is, and while the line is not known. */
  placeAt(step: number): LogPlace | undefined;
}

/** The series of one log, which grows and may be coarsened. */
export interface GrowingSeries extends Series {
  append(chunk: SeriesChunk): void;
  /** Index of the last sample at a step that is kept one by one; -1 when there is none. */
  indexAt(step: number): number;
  /** Coarsens the older half of the samples kept one by one, or once more all that were coarsened. */
  coarsen(what: "olderHalf" | "coarsened"): void;
}

/** A series of a run that is one log alone. */
export interface LogSeries extends SourcedSeries, GrowingSeries {}
