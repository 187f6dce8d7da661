import type { ClipThreshold, LogFormat } from "#core/log.ts";
import { createSampleCollector } from "#core/sampleCollector.ts";
import type { ColumnAt, SampleColumn } from "#core/sampleCollector.ts";
import type { SampleRows } from "#core/samplePlaces.ts";
import type { SeriesChunk, SeriesKey } from "#core/series.ts";
import { numberIn } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { classify } from "./names.ts";
import { thresholdFrom, thresholdKeyOf } from "../settings/thresholds.ts";
import type { ThresholdKey } from "../settings/thresholds.ts";

/** Turns rows of named values into samples, whatever format they came from. */
export interface RowCollector {
  /** What a key means, looked up once. */
  readonly meaningOf: (name: string) => Meaning;
  readonly addValue: (meaning: Meaning, at: SampleAt, value: number) => void;
  readonly addRow: (fields: Fields, at: SampleAt, stepKey: string | null) => void;
  /** Adds rows that are alike. */
  readonly addRows: (rows: SampleRows, meanings: RowMeanings) => void;
  readonly finish: () => { readonly chunks: SeriesChunk[]; readonly clipThreshold: ClipThreshold | null };
}

export interface Meaning {
  readonly key: SeriesKey;
  readonly threshold: ThresholdKey;
  readonly column: SampleColumn;
}

/** What the numbers of rows mean that are alike. */
export interface RowMeanings {
  /** Which of the numbers is the step. */
  readonly stepAt: number;
  /** In the order in which a row's samples are added. */
  readonly numbers: readonly (ColumnAt & { readonly meaning: Meaning })[];
  /** Each number is of another series, and none a threshold: nothing depends on their order. */
  readonly areApart: boolean;
}

export interface SampleAt {
  /** Undefined for a row of settings: it gives no samples. */
  readonly step: number | undefined;
  readonly line: number;
}

/** The format is that of the log, where words have a meaning of their own in it. */
export function createRowCollector(format?: LogFormat): RowCollector {
  const collector = createSampleCollector();
  const meanings = new Map<string, Meaning>();
  let clipThreshold: ClipThreshold | null = null;

  function meaningOf(name: string): Meaning {
    let meaning = meanings.get(name);
    if (meaning === undefined) {
      const key = classify(name, format);
      meaning = { key, threshold: thresholdKeyOf(name), column: collector.columnOf(key) };
      meanings.set(name, meaning);
    }
    return meaning;
  }

  function addValue({ key, threshold, column }: Meaning, { step, line }: SampleAt, value: number): void {
    if (threshold === "always" || (threshold === "inSettings" && step === undefined)) {
      clipThreshold ??= thresholdFrom(value, { name: key.name, line });
    }
    if (step !== undefined) {
      column.add(step, value, line);
    }
  }

  // Rows mostly have the keys of the row before, in the same places.
  const lastMeanings: Meaning[] = [];

  function meaningAt(place: number, name: string): Meaning {
    const last = lastMeanings[place];
    if (last?.key.name === name) {
      return last;
    }
    const meaning = meaningOf(name);
    lastMeanings[place] = meaning;
    return meaning;
  }

  function addRow(fields: Fields, at: SampleAt, stepKey: string | null): void {
    let place = 0;
    for (const name in fields) {
      const meaning = meaningAt(place, name);
      const value = numberIn(fields[name], meaning.key.kind);
      if (value !== undefined && name !== stepKey) {
        addValue(meaning, at, value);
      }
      place += 1;
    }
  }

  function addRows(rows: SampleRows, { stepAt, numbers, areApart }: RowMeanings): void {
    if (areApart) {
      collector.addRows(rows, stepAt, numbers);
      return;
    }
    const { values, width, count, firstLine } = rows;
    for (let row = 0; row < count; row += 1) {
      const step = values[row * width + stepAt];
      for (const { at, meaning } of numbers) {
        addValue(meaning, { step, line: firstLine + row }, values[row * width + at] ?? Number.NaN);
      }
    }
  }

  return { meaningOf, addValue, addRow, addRows, finish: () => ({ chunks: collector.finish(), clipThreshold }) };
}

/** Of some numbers, each with its meaning. */
export function rowMeanings(
  stepAt: number,
  meanings: readonly (readonly [at: number, meaning: Meaning])[],
): RowMeanings {
  const numbers = meanings.map(([at, meaning]) => ({ at, meaning, column: meaning.column }));
  const areApart = new Set(numbers.map(({ column }) => column)).size === numbers.length;
  const hasThreshold = numbers.some(({ meaning }) => meaning.threshold === "always");
  return { stepAt, numbers, areApart: areApart && !hasThreshold };
}

/** Whether a row says something about training, so that a missing step is worth a word. */
export function hasMetric(fields: Fields, { meaningOf }: Pick<RowCollector, "meaningOf">): boolean {
  return Object.keys(fields).some((name) => {
    const { key } = meaningOf(name);
    return isMetric(key) && numberIn(fields[name], key.kind) !== undefined;
  });
}

/** A norm or a loss: what a training log is recognised by. */
export function isMetric({ kind }: SeriesKey): boolean {
  return kind === "globalNorm" || kind === "tensorNorm" || kind === "loss";
}
