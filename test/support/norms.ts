import { createDetector } from "#analysis/detector.ts";
import type { Detector } from "#analysis/detector.ts";
import type { DetectorOptions } from "#analysis/detectorOptions.ts";
import { judge } from "#analysis/judge.ts";
import type { LogContext } from "#analysis/points/logContext.ts";
import type { Episode } from "#analysis/rules/rule.ts";
import { RULE_IDS } from "#core/rules.ts";

/** Standard normal numbers, the same on every run: mulberry32 and the Box–Muller transform. */
export function createNoise(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Gradient norms around 1 whose logarithm is AR(1) noise with standard deviation `sigma`. */
export function noisyNorms(length: number, options: { sigma?: number; phi?: number; seed?: number } = {}): number[] {
  const { sigma = 0.1, phi = 0, seed = 1 } = options;
  const noise = createNoise(seed);
  let log = sigma * noise();
  return Array.from({ length }, () => {
    const value = Math.exp(log);
    log = phi * log + sigma * Math.sqrt(1 - phi ** 2) * noise();
    return value;
  });
}

export const ALL_RULES: DetectorOptions = { enabled: new Set(RULE_IDS) };

export interface Training extends Omit<LogContext, "learningRateAt"> {
  readonly values: readonly number[];
  /** 0, 1, 2… where missing. */
  readonly steps?: readonly number[];
  readonly learningRate?: (step: number) => number | undefined;
  readonly resolution?: number;
}

/** A detector that has seen a training, and what it found; line n holds point n. */
export function detect(training: Training, options?: DetectorOptions): Detector {
  const { values, steps, learningRate, resolution, ...context } = training;
  const detector = createDetector(options);
  const columns = {
    steps: Float64Array.from(steps ?? values.keys()),
    values: Float64Array.from(values),
    lines: Float64Array.from(values.keys()),
  };
  judge(detector, columns, { ...context, from: 0, learningRateAt: learningRate, resolution });
  return detector;
}

/** A row of a log, and the learning rate at its step. */
export interface LoggedPoint {
  readonly step: number;
  readonly value: number;
  readonly line: number;
  readonly learningRate?: number | undefined;
}

/** Pushes one row, as when a log grows by a line. */
export function pushPoint(detector: Pick<Detector, "push">, { step, value, line, learningRate }: LoggedPoint): void {
  const columns = { steps: [step], values: [value], lines: [line] };
  judge(detector, columns, { from: 0, learningRateAt: () => learningRate, resolution: undefined });
}

/** What matters of an episode, in one line: `GN201 warning 500–510 peak 500`. */
export function summarize({ rule, severity, start, end, peak }: Episode): string {
  return `${rule} ${severity} ${start}–${end ?? ""} peak ${peak}`;
}

/** Episodes of a noisy series, whose end is the last point above two spreads, as noise has it: without their ends. */
export function peaksIn(training: Training, options?: DetectorOptions): string[] {
  const found = detect(training, options).episodes();
  return found.map(({ rule, severity, start, peak }) => `${rule} ${severity} ${start} peak ${peak}`);
}

export function findIn(training: Training, options?: DetectorOptions): string[] {
  return detect(training, options).episodes().map(summarize);
}
