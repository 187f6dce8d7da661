import { sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { FileAccess } from "#answers/fileAccess.ts";
import type { ComputeOptions } from "#core/device.ts";
import type { TensorNorms } from "#core/tensor.ts";
import { currentBundle } from "#l10n/language.ts";
import type { RunStore } from "#store/runStore.ts";
import type { FindingsBook } from "#following/findingsBook.ts";
import type { WorkerClient } from "../workerClient.ts";

/** Where answers come from inside the editor. */
export interface AnswerSources {
  readonly worker: WorkerClient;
  readonly store: RunStore;
  readonly findings: FindingsBook;
  /** Folders of the workspace that lie on a disk. */
  readonly folders: () => readonly string[];
  readonly maxSamples: () => number;
  readonly compute: () => ComputeOptions;
}

const MAX_ENTRIES = 20_000;

/** What an agent's question may read, by the worker: the workspace and the runs that are followed. */
export function accessThrough(sources: AnswerSources, signal: AbortSignal): FileAccess {
  const { worker, store, findings, compute } = sources;
  const roots = rootsOf(sources);
  return {
    roots,
    nowMs: Date.now(),
    maxSamples: sources.maxSamples(),
    locate: async (paths) => worker.request<"locate">({ kind: "locate", paths: [...paths], roots }, { signal }),
    discoverRuns: async (folder) =>
      worker.request<"discoverRuns">({ kind: "discoverRuns", folder, maxEntries: MAX_ENTRIES }, { signal }),
    readLog: async (path, position) => worker.request<"readLog">({ kind: "readLog", path, position }, { signal }),
    indexCheckpoint: async (path, takenAs) =>
      worker.request<"indexCheckpoint">(
        { kind: "indexCheckpoint", path, ...(takenAs === undefined ? {} : { takenAs }) },
        { signal },
      ),
    async computeNorms(path, takenAs) {
      const tensors: TensorNorms[] = [];
      const norms = await worker.request<"computeNorms">(
        { kind: "computeNorms", path, ...compute(), ...(takenAs === undefined ? {} : { takenAs }) },
        { signal, onProgress: (progress) => tensors.push(...progress.tensors) },
      );
      return { ...norms, tensors };
    },
    followed(folder) {
      const run = store.get(folder);
      const isEnglish = Object.keys(currentBundle()).length === 0;
      return run === undefined ? undefined : { run, findings: findings.of(run), isEnglish };
    },
    async pause() {
      await setImmediate();
      signal.throwIfAborted();
    },
  };
}

/** The workspace's folders, and followed runs that lie in none of them. */
function rootsOf({ folders, store }: AnswerSources): string[] {
  const opened = folders();
  const isOpened = (path: string): boolean => opened.some((folder) => path === folder || path.startsWith(folder + sep));
  const others = store.runs().map(({ id }) => id);
  return [...opened, ...others.filter((path) => !isOpened(path))];
}
