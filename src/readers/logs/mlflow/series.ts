import type { SeriesChunk } from "#core/series.ts";
import { t } from "@vscode/l10n";
import { isFields } from "../shared/fields.ts";
import { classify } from "../shared/names.ts";
import type { ProblemList } from "#core/problems.ts";

/** A sample as MLflow keeps it. */
export interface MlflowRow {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly value: number;
  readonly step: number;
  /** Zero-based line of its file, or row of its run. */
  readonly line: number;
}

/** What must be remembered of a series between two reads. */
export interface SeriesCarry {
  /** Of the last sample that was given. */
  readonly time: number;
  readonly step: number;
  readonly samples: number;
  /** Every step so far was 0, which is what MLflow writes when none was given. */
  readonly isCounted: boolean;
}

/** Null for what this file did not write. */
export function asSeriesCarry(value: unknown): SeriesCarry | null {
  if (!isFields(value)) {
    return null;
  }
  const { time, step, samples } = value;
  const isWhole = typeof time === "number" && typeof step === "number" && typeof samples === "number";
  return isWhole ? { time, step, samples, isCounted: value["isCounted"] === true } : null;
}

export interface MlflowSeries {
  readonly add: (key: string, rows: readonly MlflowRow[], file?: string) => void;
  readonly finish: () => {
    readonly chunks: readonly SeriesChunk[];
    readonly carries: Readonly<Record<string, SeriesCarry>>;
    /** A sample belongs before one that was given earlier. */
    readonly isLate: boolean;
  };
}

/** Puts the samples of each series in order. Keys may be anything, `__proto__` included. */
export function createMlflowSeries(carryOf: (key: string) => SeriesCarry | null, problems: ProblemList): MlflowSeries {
  const chunks: SeriesChunk[] = [];
  const carries: [string, SeriesCarry][] = [];
  let isLate = false;
  return {
    add(key, rows, file) {
      const carry = carryOf(key) ?? { time: -Infinity, step: -Infinity, samples: 0, isCounted: true };
      const ordered = inOrder(rows);
      const first = ordered[0];
      if (first === undefined) {
        return;
      }
      isLate ||= belongsBefore(first, carry) && carry.samples < MAX_ORDERED_SAMPLES;
      const { steps, isCounted } = stepsOf(ordered, carry);
      if (isCounted && carry.samples < 2 && carry.samples + ordered.length >= 2) {
        problems.add(first.line, t("{0} was logged without steps; its samples are counted instead.", key));
      }
      const last = ordered.at(-1) ?? first;
      carries.push([key, { time: last.time, step: last.step, samples: carry.samples + ordered.length, isCounted }]);
      chunks.push({ ...classify(key), ...(file === undefined ? {} : { file }), ...columnsOf(ordered), steps });
    },
    finish: () => ({ chunks, carries: Object.fromEntries(carries), isLate }),
  };
}

// The samples of longer series keep the order they were written in: putting one in its place reads all of them again.
const MAX_ORDERED_SAMPLES = 1_000_000;
// Threads that log at the same time pass each other by a few samples.
const MAX_LATE_SAMPLES = 1000;

/**
 * MLflow logs from threads, so a sample may be written after later ones: it is older than they are, and of a smaller
 * step. A smaller step alone is a training that was resumed, and stays behind.
 */
function inOrder(rows: readonly MlflowRow[]): MlflowRow[] {
  const ordered: MlflowRow[] = [];
  for (const row of rows) {
    let place = ordered.length;
    for (let before = ordered[place - 1]; before !== undefined && belongsBefore(row, before);) {
      place -= 1;
      before = ordered.length - place < MAX_LATE_SAMPLES ? ordered[place - 1] : undefined;
    }
    ordered.splice(place, 0, row);
  }
  return ordered;
}

type Moment = Pick<MlflowRow, "time" | "step">;

function belongsBefore(row: Moment, other: Moment): boolean {
  return row.time < other.time && row.step < other.step;
}

function stepsOf(rows: readonly MlflowRow[], carry: SeriesCarry): { steps: Float64Array; isCounted: boolean } {
  let { isCounted } = carry;
  const steps = rows.map(({ step }, at) => {
    isCounted &&= step === 0;
    return isCounted ? carry.samples + at : step;
  });
  return { steps: Float64Array.from(steps), isCounted };
}

function columnsOf(rows: readonly MlflowRow[]): Pick<SeriesChunk, "values" | "lines" | "wallTimes"> {
  return {
    values: Float64Array.from(rows, ({ value }) => value),
    lines: Float64Array.from(rows, ({ line }) => line),
    wallTimes: Float64Array.from(rows, ({ time }) => time / 1000),
  };
}
