import * as v from "valibot";
import type { AdamState, CheckpointComparison } from "#core/comparison.ts";
import type { ConfigFile } from "#core/config.ts";
import type { PackedBatch, PackedEnd } from "#core/packedChunks.ts";
import type { Place } from "#core/place.ts";
import type { RunFiles } from "#core/run.ts";
import { DEVICES } from "#core/device.ts";
import type { EngineRate, EngineReport } from "#core/device.ts";
import type { SpectralNorm } from "#core/spectrum.ts";
import type { Tie } from "#core/ties.ts";
import type { GlobalNorms, TensorDescription, TensorKind, TensorNorms, UnmeasuredTensor } from "#core/tensor.ts";
import { adamState, checkpointComparison } from "./comparison.ts";
import { gradlensConfig } from "./config.ts";
import {
  count,
  float,
  globalNorms,
  logBatch,
  logEnd,
  runFiles,
  tensorDescription,
  tensorKind,
  tensorNorms,
  unmeasuredTensor,
} from "./shapes.ts";

export interface Discovery {
  readonly runs: readonly RunFiles[];
  /** The limit at which the search stopped, so that there may be more. */
  readonly truncated: "entries" | "time" | false;
  /** What could not be looked at, for which runs may be there all the same. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

/** What is wrong with one of the user's patterns. */
export interface PatternProblem {
  /** Zero-based place in their list. */
  readonly index: number;
  readonly reason: string;
}

export interface CheckpointListing {
  readonly format: string;
  readonly bytes: number;
  readonly tensors: readonly TensorDescription[];
  /** Tensors in the same bytes as one before them, both by their place in `tensors`: they count once in a global norm. */
  readonly ties: readonly Tie[];
  /** Whole paths of its files. */
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

export interface EngineDescription {
  readonly name: string;
  readonly device: string;
  readonly threads: number;
  /** What `auto` chose from; empty when the engine was asked for by name. */
  readonly rates: readonly EngineRate[];
}

export type GlobalsByKind = Readonly<Partial<Record<TensorKind, GlobalNorms>>>;

/** Norms of a whole checkpoint; `tensors` stays empty where they were already sent as progress. */
export interface CheckpointNorms {
  readonly format: string;
  /** The files the tensors are read from, relative to the checkpoint's folder. */
  readonly files: readonly string[];
  /** All its files together. */
  readonly bytes: number;
  readonly tensors: readonly TensorNorms[];
  /** Tensors of the index that have no norms. */
  readonly unmeasured: readonly UnmeasuredTensor[];
  readonly globals: GlobalsByKind;
  /** What `globals` were if tensors that nothing tells were of another kind; empty unless asked for, or where all is told. */
  readonly alternatives: readonly Alternative[];
  readonly engine: EngineDescription;
  readonly readBytes: number;
  readonly seconds: number;
  readonly notes: readonly string[];
  /** They were computed before, from files that have not changed since. */
  readonly isCached?: true;
}

export interface Alternative {
  readonly takenAs: TensorKind;
  readonly globals: GlobalsByKind;
}

export interface NormsProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** At the rate of the last seconds; null while that cannot be said. */
  readonly secondsLeft: number | null;
  /** Tensors finished since the last progress message. */
  readonly tensors: readonly TensorNorms[];
}

/** Shares of a computation that several machines do together. */
export interface MissingShares {
  /** From 1; empty when all are there. */
  readonly missing: readonly number[];
  /** How many there are in all. */
  readonly count: number;
}

/** What each request is answered with. */
export interface WorkerAnswers {
  readonly discoverRuns: Discovery;
  readonly readLog: PackedBatch;
  /** Null when little is left after the position, or when samples there cannot be told without all before them. */
  readonly readLogEnd: PackedEnd | null;
  /** A last line without its newline, of a log that is read as it stands. */
  readonly readLastLine: PackedBatch;
  /** Null while the lines are of no known log. */
  readonly parseLines: PackedBatch | null;
  readonly checkPatterns: readonly PatternProblem[];
  readonly findConfig: ConfigFile | null;
  readonly indexCheckpoint: CheckpointListing;
  readonly reportEngines: EngineReport;
  readonly computeNorms: CheckpointNorms;
  /** Null where they are not known. */
  readonly knownNorms: CheckpointNorms | null;
  readonly computeSpectrum: SpectralNorm;
  /** Null without first and second moments. */
  readonly measureAdam: AdamState | null;
  readonly compareCheckpoints: CheckpointComparison;
  /** Of a checkpoint whose shares lie in a folder. */
  readonly mergeShares: CheckpointNorms;
  /** Of a folder that has at least one. */
  readonly findMissingShares: MissingShares;
  /** The folder has all of them now. */
  readonly completeShares: null;
  /** Of each path where it leads, if that is inside of the roots. */
  readonly locate: readonly (Place | null)[];
  /** Of each path what tells it, and what lies in it, from what it was before. */
  readonly stamp: readonly string[];
}

const globals = v.record(tensorKind, globalNorms);

const engineRates: v.GenericSchema<unknown, readonly EngineRate[]> = v.array(
  v.object({
    name: v.picklist(["onnxruntime", "simd"]),
    device: v.picklist(DEVICES),
    bytesPerSecond: v.nullable(float),
    note: v.exactOptional(v.string()),
  }),
);

/** The cached rates as text; undefined when they are missing or damaged. */
export function parseEngineRates(text: string | undefined): readonly EngineRate[] | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), engineRates), text);
  return parsed.success ? parsed.output : undefined;
}

const checkpointNorms: v.GenericSchema<unknown, CheckpointNorms> = v.object({
  format: v.string(),
  files: v.array(v.string()),
  bytes: count,
  tensors: v.array(tensorNorms),
  unmeasured: v.array(unmeasuredTensor),
  globals,
  alternatives: v.array(v.object({ takenAs: tensorKind, globals })),
  engine: v.object({ name: v.string(), device: v.string(), threads: count, rates: engineRates }),
  readBytes: count,
  seconds: float,
  notes: v.array(v.string()),
  isCached: v.exactOptional(v.literal(true)),
});

/** Stored norms as text; undefined when they are missing or damaged. */
export function parseCheckpointNorms(text: string | undefined): CheckpointNorms | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), checkpointNorms), text);
  return parsed.success ? parsed.output : undefined;
}

const spectralNorm: v.GenericSchema<unknown, SpectralNorm> = v.object({
  norm: float,
  stableRank: v.nullable(float),
  scaled: float,
  iterations: count,
  isConverged: v.boolean(),
});

type AnswerSchemas = { readonly [K in keyof WorkerAnswers]: v.GenericSchema<unknown, WorkerAnswers[K]> };

export const workerAnswers: AnswerSchemas = {
  discoverRuns: v.object({
    runs: v.array(runFiles),
    truncated: v.union([v.literal(false), v.picklist(["entries", "time"])]),
    unreadable: v.array(v.object({ path: v.string(), reason: v.string() })),
  }),
  readLog: logBatch,
  readLogEnd: v.nullable(logEnd),
  readLastLine: logBatch,
  parseLines: v.nullable(logBatch),
  checkPatterns: v.array(v.object({ index: count, reason: v.string() })),
  findConfig: v.nullable(v.object({ path: v.string(), config: gradlensConfig })),
  indexCheckpoint: v.object({
    format: v.string(),
    bytes: count,
    tensors: v.array(tensorDescription),
    ties: v.array(v.tuple([count, count])),
    files: v.array(v.string()),
    notes: v.array(v.string()),
  }),
  reportEngines: v.object({
    chosen: v.object({ name: v.string(), device: v.picklist(DEVICES) }),
    rates: engineRates,
  }),
  computeNorms: checkpointNorms,
  knownNorms: v.nullable(checkpointNorms),
  mergeShares: checkpointNorms,
  findMissingShares: v.object({ missing: v.array(count), count }),
  completeShares: v.null(),
  computeSpectrum: spectralNorm,
  measureAdam: v.nullable(adamState),
  compareCheckpoints: checkpointComparison,
  stamp: v.array(v.string()),
  locate: v.array(v.nullable(v.object({ path: v.string(), isFolder: v.boolean(), modifiedMs: float }))),
};

export const normsProgress: v.GenericSchema<unknown, NormsProgress> = v.object({
  doneBytes: count,
  totalBytes: count,
  secondsLeft: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
  tensors: v.array(tensorNorms),
});
