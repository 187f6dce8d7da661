import type { ClipThreshold } from "#core/log.ts";
import { createSampleCollector } from "#core/series.ts";
import type { SeriesChunk, SeriesKey } from "#core/series.ts";
import { numberIn } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { classify } from "./names.ts";
import { thresholdFrom, thresholdKeyOf } from "./thresholds.ts";
import type { ThresholdKey } from "./thresholds.ts";

/** Turns rows of named values into samples, whatever format they came from. */
export interface RowCollector {
  /** What a key means, looked up once. */
  readonly meaningOf: (name: string) => Meaning;
  readonly addValue: (meaning: Meaning, at: SampleAt, value: number) => void;
  readonly addRow: (fields: Fields, at: SampleAt, stepKey: string | null) => void;
  readonly finish: () => { readonly chunks: SeriesChunk[]; readonly clipThreshold: ClipThreshold | null };
}

export interface Meaning {
  readonly key: SeriesKey;
  readonly threshold: ThresholdKey;
}

export interface SampleAt {
  /** Undefined for a row of settings: it gives no samples. */
  readonly step: number | undefined;
  readonly line: number;
}

export function createRowCollector(): RowCollector {
  const collector = createSampleCollector();
  const meanings = new Map<string, Meaning>();
  let clipThreshold: ClipThreshold | null = null;

  function meaningOf(name: string): Meaning {
    let meaning = meanings.get(name);
    if (meaning === undefined) {
      meaning = { key: classify(name), threshold: thresholdKeyOf(name) };
      meanings.set(name, meaning);
    }
    return meaning;
  }

  function addValue({ key, threshold }: Meaning, { step, line }: SampleAt, value: number): void {
    if (threshold === "always" || (threshold === "inSettings" && step === undefined)) {
      clipThreshold = thresholdFrom(value, { name: key.name, line }) ?? clipThreshold;
    }
    if (step !== undefined) {
      collector.add(key, step, { value, line });
    }
  }

  function addRow(fields: Fields, at: SampleAt, stepKey: string | null): void {
    for (const name of Object.keys(fields)) {
      const meaning = meaningOf(name);
      const value = numberIn(fields[name], meaning.key.kind);
      if (value !== undefined && name !== stepKey) {
        addValue(meaning, at, value);
      }
    }
  }

  return { meaningOf, addValue, addRow, finish: () => ({ chunks: collector.finish(), clipThreshold }) };
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
