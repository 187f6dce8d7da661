import type { LogBatch, LogFormat } from "#core/log.ts";
import type { SeriesChunk, SeriesKey } from "#core/series.ts";

export const GLOBAL: SeriesKey = { kind: "globalNorm", name: "grad_norm", tensor: null };
export const RATE: SeriesKey = { kind: "learningRate", name: "lr", tensor: null };

export function tensorKey(tensor: string): SeriesKey {
  return { kind: "tensorNorm", name: `grad_norm/${tensor}`, tensor };
}

/** Samples of one series; sample n stands in line n. */
export function chunk(key: SeriesKey, steps: readonly number[], values: readonly number[]): SeriesChunk {
  return {
    ...key,
    steps: Float64Array.from(steps),
    values: Float64Array.from(values),
    lines: Float64Array.from(steps.keys()),
  };
}

export function batch(
  chunks: readonly SeriesChunk[],
  change: Partial<LogBatch> = {},
  format: LogFormat = "jsonl",
): LogBatch {
  const position = { format, offset: 10, line: 1, identity: "1:abc", carry: "" };
  return { chunks, position, restarted: false, more: false, clipThreshold: null, problems: [], ...change };
}
