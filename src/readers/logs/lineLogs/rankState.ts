import { readCarry } from "../shared/carry.ts";
import { isFields } from "../shared/fields.ts";
import { rankOfOther } from "./lineRecord.ts";
import type { LineRecord, LineSample, Metrics } from "./lineRecord.ts";

/** What the sorter of ranks remembers between two reads. */
export interface SorterState {
  readonly rank: string | null;
  readonly step: number | null;
  readonly metrics: Metrics;
  readonly waiting: Map<string, LineRecord>;
}

/** As JSON text, which has no NaN: values travel as they print. */
export function printedState({ rank, step, metrics, waiting }: SorterState): unknown {
  return { rank, step, metrics, waiting: [...waiting.values()].map(printed) };
}

function printed({ step, rank, line, samples }: LineRecord): unknown {
  return { step, rank, line, samples: samples.map(printedSample) };
}

function printedSample({ name, value, isMetric, resolution }: LineSample): unknown {
  return [name, Object.is(value, -0) ? "-0" : String(value), isMetric, resolution];
}

export function readState(earlier: unknown): SorterState {
  const fields = isFields(earlier) ? earlier : {};
  const { rank, step, metrics, waiting } = fields;
  const records = Array.isArray(waiting) ? waiting.map(readRecord).filter((record) => record !== undefined) : [];
  return {
    rank: typeof rank === "string" ? rank : null,
    step: typeof step === "number" ? step : null,
    metrics: isFields(metrics) ? Object.fromEntries(Object.entries(metrics).map(([k, v]) => [k, String(v)])) : {},
    waiting: new Map(records.map((record) => [rankOfOther(record), record])),
  };
}

/** Far on in a log, of all that a sorter remembers at its start, the rank that speaks for the run still holds. */
export function ranksFarOn(carryAtStart: string): string {
  return JSON.stringify({ ranks: { rank: readState(readCarry(carryAtStart)["ranks"]).rank } });
}

function readRecord(value: unknown): LineRecord | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const { step, rank, line, samples } = value;
  if (typeof step !== "number" || typeof rank !== "string" || typeof line !== "number" || !Array.isArray(samples)) {
    return undefined;
  }
  return { step, rank, line, samples: samples.map(readSample).filter((sample) => sample !== undefined) };
}

function readSample(value: unknown): LineSample | undefined {
  const [name, text, isMetric, resolution] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (typeof name !== "string" || typeof text !== "string") {
    return undefined;
  }
  const known = typeof resolution === "number" ? resolution : undefined;
  return { name, value: Number(text), isMetric: isMetric === true, resolution: known };
}
