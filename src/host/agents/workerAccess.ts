import { sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { FileAccess, MeasuredCheckpoint, RunChoices } from "#answers/fileAccess.ts";
import type { ComputeOptions } from "#core/device.ts";
import { unpacked } from "#core/packedChunks.ts";
import { kindTakenAs } from "#core/tensor.ts";
import type { TensorKind, TensorNorms } from "#core/tensor.ts";
import type { CheckpointNorms, NormsProgress } from "#protocol/workerAnswers.ts";
import type { RunStore } from "#store/runStore.ts";
import type { FindingsBook } from "#following/findingsBook.ts";
import { currentLanguage, inEnglish, isEnglish } from "#l10n/language.ts";
import { SEARCH_LIMITS } from "../runs/searchLimits.ts";
import type { WorkerClient } from "#client/workerClient.ts";

/** Where answers come from inside the editor. */
export interface AnswerSources {
  /** What it says is English. */
  readonly worker: WorkerClient;
  /** The one that computes norms for people; the same in an English editor. */
  readonly ownWorker: WorkerClient;
  readonly store: RunStore;
  readonly findings: FindingsBook;
  /** What people want of the runs in a folder, of which the editor may know nothing yet. */
  readonly choicesFor: (folder: string) => Promise<RunChoices>;
  /** Folders of the workspace that lie on a disk. */
  readonly folders: () => readonly string[];
  readonly maxSamples: () => number;
  readonly compute: () => ComputeOptions;
  /** The folder that keeps norms of checkpoints. */
  readonly cache: string;
}

/** What an agent's question may read, by the worker: the workspace and the runs that are followed. */
export function accessThrough(sources: AnswerSources, signal: AbortSignal): FileAccess {
  const { worker, ownWorker, store, findings, compute, cache } = sources;
  const roots = rootsOf(sources);

  async function computeNorms(path: string, takenAs: TensorKind | undefined): Promise<MeasuredCheckpoint> {
    // With all alternatives, as the editor asks, so that each finds in the cache what the other computed.
    const request = { kind: "computeNorms", path, ...compute(), hasAlternatives: true, cache } as const;
    const { tensors, onProgress } = gatherTensors();
    return asTaken(await worker.request<"computeNorms">(request, { signal, onProgress }), tensors, takenAs);
  }

  async function knownTo(
    asked: WorkerClient,
    path: string,
    takenAs: TensorKind | undefined,
  ): Promise<MeasuredCheckpoint | null> {
    const { threads: _, ...engine } = compute();
    const { tensors, onProgress } = gatherTensors();
    const request = { kind: "knownNorms", path, ...engine, cache } as const;
    const norms = await asked.request<"knownNorms">(request, { signal, onProgress });
    return norms && asTaken(norms, tensors, takenAs);
  }

  /** What was computed for people has notes in their language, which are left out. */
  async function knownNorms(path: string, takenAs: TensorKind | undefined): Promise<MeasuredCheckpoint | null> {
    const known = await knownTo(worker, path, takenAs);
    const own = known !== null || worker === ownWorker ? null : await knownTo(ownWorker, path, takenAs);
    return known ?? (own && { ...own, notes: [] });
  }

  return {
    roots,
    nowMs: Date.now(),
    maxSamples: sources.maxSamples(),
    locate: async (paths) => worker.request<"locate">({ kind: "locate", paths: [...paths], roots }, { signal }),
    choicesFor: sources.choicesFor,
    discoverRuns: async (folder, customPatterns) =>
      worker.request<"discoverRuns">(
        { kind: "discoverRuns", folder, ...SEARCH_LIMITS, customPatterns: [...customPatterns] },
        { signal },
      ),
    readLog: async (path, position, customPatterns) =>
      unpacked(await worker.request<"readLog">({ kind: "readLog", path, position, customPatterns }, { signal })),
    indexCheckpoint: async (path, takenAs) =>
      worker.request<"indexCheckpoint">(
        { kind: "indexCheckpoint", path, ...(takenAs === undefined ? {} : { takenAs }) },
        { signal },
      ),
    computeNorms: async (path, takenAs) => (await knownNorms(path, takenAs)) ?? computeNorms(path, takenAs),
    knownNorms,
    measureAdam: async (path) =>
      worker.request<"measureAdam">({ kind: "measureAdam", path, threads: compute().threads }, { signal }),
    followed(folder) {
      const run = store.get(folder);
      return run === undefined
        ? undefined
        : { run, findings: findings.of(run), notes: inEnglish(run.notes), isEnglish: isEnglish(currentLanguage()) };
    },
    async pause() {
      await setImmediate();
      signal.throwIfAborted();
    },
  };
}

function gatherTensors(): { readonly tensors: TensorNorms[]; readonly onProgress: (progress: NormsProgress) => void } {
  const tensors: TensorNorms[] = [];
  return { tensors, onProgress: (progress) => progress.tensors.forEach((one) => tensors.push(one)) };
}

/** Norms as they are when tensors that nothing tells are of a kind; weights when it is missing. */
function asTaken(
  norms: CheckpointNorms,
  tensors: readonly TensorNorms[],
  takenAs: TensorKind = "weight",
): MeasuredCheckpoint {
  const taken = norms.alternatives.find((one) => one.takenAs === takenAs);
  const named = tensors.map((tensor) => ({ ...tensor, kind: kindTakenAs(tensor, takenAs) }));
  return { ...norms, globals: taken?.globals ?? norms.globals, tensors: named };
}

/** The workspace's folders, and followed runs that lie in none of them. */
function rootsOf({ folders, store }: AnswerSources): string[] {
  const opened = folders();
  const isOpened = (path: string): boolean => opened.some((folder) => path === folder || path.startsWith(folder + sep));
  const others = store.runs().map(({ id }) => id);
  return [...opened, ...others.filter((path) => !isOpened(path))];
}
