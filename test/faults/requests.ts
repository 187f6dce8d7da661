import { cpSync, readFileSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { LogPosition } from "#core/log.ts";
import type { PackedBatch } from "#core/packedChunks.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import type { WorkerRequest } from "#protocol/worker.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { EXAMPLE } from "../support/build.ts";
import { createRandom } from "../support/random.ts";
import { bytesOf, safetensorsFile } from "../support/safetensors.ts";
import type { TestTensor } from "../support/safetensors.ts";
import { logMetric, writeMlflowRun } from "../support/mlflow.ts";

/** Something that is asked of the worker, and the file that it is mostly about. */
export interface Asked {
  readonly what: string;
  readonly request: WorkerRequest;
  readonly path: string;
  /** What cannot be seen is left out of such an answer, and is there the next time. */
  readonly mayMiss?: true;
}

export interface Scene extends TestFolder {
  readonly asked: readonly Asked[];
  /** The norms' cache. */
  readonly cache: string;
}

/** A run with logs and checkpoints, small enough to be read in milliseconds, and one request of every kind about it. */
export async function createScene(): Promise<Scene> {
  const folder = await createTestFolder();
  const run = join(folder.path, "run");
  for (const name of ["metrics.jsonl", "trainer_state.json", "checkpoint-200", "checkpoint-241"]) {
    cpSync(join(EXAMPLE, name), join(run, name), { recursive: true });
  }
  const many = await folder.write("many/grads.safetensors", manyTensors(1));
  await folder.write("many/grads.safetensors.other", manyTensors(2));
  const mlflow = join(folder.path, "mlruns");
  await writeMlflowRun(mlflow);
  await logMetric(mlflow, "grad_norm", [
    [1, 0.5, 1],
    [2, 0.25, 2],
  ]);
  const packed = await folder.write("packed/train.jsonl.gz", gzipSync(readFileSync(join(run, "metrics.jsonl"))));
  makeOld(folder.path);
  const cache = join(folder.path, "norms");
  const [before, after] = ["checkpoint-200", "checkpoint-241"].map((name) => join(run, name, "model.safetensors"));
  const log = join(run, "metrics.jsonl");
  const state = join(run, "trainer_state.json");
  const asked: Asked[] = [
    { what: "discovery", request: { kind: "discoverRuns", folder: run, maxEntries: 1000 }, path: log, mayMiss: true },
    { what: "a log", request: { kind: "readLog", path: log, position: null }, path: log },
    { what: "a compressed log", request: { kind: "readLog", path: packed, position: null }, path: packed },
    { what: "a log that is rewritten", request: { kind: "readLog", path: state, position: null }, path: state },
    {
      what: "a log of many files",
      request: { kind: "readLog", path: mlflow, position: null },
      path: join(mlflow, "metrics", "grad_norm"),
      mayMiss: true,
    },
    { what: "an index", request: { kind: "indexCheckpoint", path: many }, path: many },
    { what: "norms", request: { kind: "computeNorms", path: many, threads: 2 }, path: many },
    { what: "norms with a cache", request: { kind: "computeNorms", path: many, threads: 1, cache }, path: many },
    {
      what: "a comparison",
      request: { kind: "compareCheckpoints", before: before ?? "", after: after ?? "", threads: 2 },
      path: after ?? "",
    },
    { what: "Adam's state", request: { kind: "measureAdam", path: many, threads: 1 }, path: many },
    { what: "a spectrum", request: { kind: "computeSpectrum", path: many, name: "t7" }, path: many },
    { what: "a place", request: { kind: "locate", paths: [log], roots: [run] }, path: log, mayMiss: true },
    { what: "a configuration", request: { kind: "findConfig", folder: run }, path: log, mayMiss: true },
  ];
  return { ...folder, asked, cache };
}

export function findAsked({ asked }: Scene, what: string): Asked {
  const found = asked.find((one) => one.what === what);
  if (found === undefined) {
    throw new Error(`Nothing is asked about ${what}.`);
  }
  return found;
}

/** Six hundred, so that reduction threads take part. */
function manyTensors(seed: number): Uint8Array {
  const random = createRandom(seed);
  const tensors: Record<string, TestTensor> = {};
  for (let index = 0; index < 600; index += 1) {
    const values = Float32Array.from({ length: 64 }, () => random.below(1e6) / 1e6 + 0.1);
    tensors[`t${index}`] = { dtype: "F32", shape: [8, 8], data: bytesOf(values) };
  }
  return safetensorsFile(tensors);
}

/** Long enough ago for results to be cached. */
function makeOld(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    utimesSync(join(entry.parentPath, entry.name), 1_700_000_000, 1_700_000_000);
  }
}

/** The answer and all progress of a request, without what depends on time, machine and which file of a name it is. */
export async function ask(client: WorkerClient, request: WorkerRequest): Promise<unknown> {
  const tensors: unknown[] = [];
  const answer: unknown = await client.request<WorkerRequest["kind"]>(request, {
    onProgress: (progress) => tensors.push(...progress.tensors),
  });
  if (typeof answer !== "object" || answer === null) {
    return answer;
  }
  if ("position" in answer) {
    const { position, ...batch } = answer as PackedBatch;
    const { identity: ____, ...place } = position;
    const answered = { ...batch, position: place };
    positions.set(answered, position);
    return answered;
  }
  if (!("seconds" in answer)) {
    return answer;
  }
  const { seconds: _, engine: __, isCached: ___, ...rest } = answer as Record<string, unknown>;
  return { ...rest, tensors };
}

const positions = new WeakMap<object, LogPosition>();

/** The whole position of a log's answer; undefined for others. */
export function positionOf(answer: unknown): LogPosition | undefined {
  return typeof answer === "object" && answer !== null ? positions.get(answer) : undefined;
}
