import { setImmediate } from "node:timers/promises";
import type { FileAccess, RunChoices } from "#answers/fileAccess.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { ignores, rulesOf } from "#core/config.ts";
import type { ConfigFile } from "#core/config.ts";
import { unpacked } from "#core/packedChunks.ts";
import type { TensorKind, TensorNorms } from "#core/tensor.ts";
import type { WorkProgress } from "./progressSender.ts";

/** One question of a client. */
export interface Question {
  /** Says that it is cancelled. */
  readonly signal: AbortSignal;
  /** To be told of long work. */
  readonly onProgress: (progress: WorkProgress) => void;
}

// Enough for any project; a data set with a million files must not hold up an answer.
const MAX_ENTRIES = 20_000;
const MAX_SAMPLES = 20_000_000;
// As many as the machine has cores for.
const ALL_THREADS = 0;

/** Reads by the worker what lies in the roots, until the question is cancelled. */
export function accessThrough(
  { request }: Pick<WorkerClient, "request">,
  roots: readonly string[],
  { signal, onProgress }: Question,
): FileAccess {
  return {
    roots,
    nowMs: Date.now(),
    maxSamples: MAX_SAMPLES,
    locate: async (paths) => request<"locate">({ kind: "locate", paths: [...paths], roots: [...roots] }, { signal }),
    choicesFor: async (path) =>
      choicesIn(await request<"findConfig">({ kind: "findConfig", folder: path }, { signal })),
    discoverRuns: async (folder, customPatterns) =>
      request<"discoverRuns">({ kind: "discoverRuns", folder, maxEntries: MAX_ENTRIES, customPatterns }, { signal }),
    readLog: async (path, position, customPatterns) =>
      unpacked(await request<"readLog">({ kind: "readLog", path, position, customPatterns }, { signal })),
    readLastLine: async (path, position, customPatterns) =>
      unpacked(await request<"readLastLine">({ kind: "readLastLine", path, position, customPatterns }, { signal })),
    indexCheckpoint: async (path, takenAs) =>
      request<"indexCheckpoint">({ kind: "indexCheckpoint", path, ...asTaken(takenAs) }, { signal }),
    async computeNorms(path, takenAs) {
      const tensors: TensorNorms[] = [];
      const norms = await request<"computeNorms">(
        { kind: "computeNorms", path, threads: ALL_THREADS, ...asTaken(takenAs) },
        {
          signal,
          onProgress(progress) {
            tensors.push(...progress.tensors);
            onProgress(progress);
          },
        },
      );
      return { ...norms, tensors };
    },
    measureAdam: async (path) =>
      request<"measureAdam">({ kind: "measureAdam", path, threads: ALL_THREADS }, { signal, onProgress }),
    async pause() {
      await setImmediate();
      signal.throwIfAborted();
    },
  };
}

function asTaken(takenAs: TensorKind | undefined): { readonly takenAs?: TensorKind } {
  return takenAs === undefined ? {} : { takenAs };
}

/** As `gradlens check` reads it. */
function choicesIn(config: ConfigFile | null): RunChoices {
  return {
    rules: rulesOf(config),
    isIgnored: (finding) => ignores(config, finding),
    logPatterns: config?.config.logPatterns ?? [],
  };
}
