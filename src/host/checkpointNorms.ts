import type { ComputeOptions } from "#core/device.ts";
import type { Disposable } from "#core/event.ts";
import type { CheckpointFile } from "#core/run.ts";
import type { TensorKind, TensorNorms } from "#core/tensor.ts";
import type { NormsProgress } from "#protocol/worker.ts";
import type { CheckpointSummary } from "#store/checkpointSummary.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import type { TakenKinds } from "./takenKinds.ts";
import type { WorkerClient } from "./workerClient.ts";

// Checkpoints that were there before are computed only while they are small; new ones are what the user waits for.
const MAX_OLD_BYTES = 64_000_000;

/** Norms of one checkpoint, collected from progress and answer. */
export async function computeSummary(
  worker: WorkerClient,
  checkpoint: Pick<CheckpointFile, "path" | "bytes">,
  options: ComputeOptions & { readonly takenAs?: TensorKind; readonly signal?: AbortSignal },
): Promise<CheckpointSummary> {
  const tensors = new Map<string, TensorNorms>();
  const onProgress = (progress: NormsProgress): void => {
    for (const tensor of progress.tensors) {
      tensors.set(tensor.name, tensor);
    }
  };
  const { signal, ...compute } = options;
  const answer = await worker.request<"computeNorms">(
    { kind: "computeNorms", path: checkpoint.path, ...compute },
    { onProgress, ...(signal === undefined ? {} : { signal }) },
  );
  return { bytes: checkpoint.bytes, tensors, globals: answer.globals };
}

export interface BackgroundOptions {
  readonly isEnabled: () => boolean;
  readonly compute: () => ComputeOptions;
  readonly kinds: Pick<TakenKinds, "of" | "onDidChange">;
  readonly onError: (error: unknown) => void;
}

/** Computes the norms of followed runs' checkpoints in the background, one at a time, newest first. */
export function computeInBackground(store: RunStore, worker: WorkerClient, options: BackgroundOptions): Disposable {
  const work = createWorkList();
  let isBusy = false;

  async function computeAll(): Promise<void> {
    if (isBusy || !options.isEnabled()) {
      return;
    }
    isBusy = true;
    for (let next = work.take(store.runs()); next !== undefined; next = work.take(store.runs())) {
      const { run, checkpoint } = next;
      try {
        const summary = await computeSummary(worker, checkpoint, {
          ...options.compute(),
          takenAs: options.kinds.of(checkpoint.path),
        });
        store.setSummary(run.id, checkpoint.path, summary);
      } catch (error) {
        work.fail(checkpoint);
        options.onError(error);
      }
    }
    isBusy = false;
  }

  const stops = [
    store.onDidChange(({ run, what }) => {
      if (what === "files") {
        work.meet(run);
        void computeAll(); // Errors are reported inside.
      } else if (what === "removed") {
        work.forget(run);
      }
    }),
    options.kinds.onDidChange((path) => {
      if (store.runs().some(({ summaries }) => summaries.has(path))) {
        work.redo(path);
        void computeAll();
      }
    }),
  ];
  return { dispose: () => stops.forEach((stop) => stop.dispose()) };
}

interface Work {
  readonly run: Run;
  readonly checkpoint: CheckpointFile;
}

/** Which checkpoints are still to be computed. A size that changes is a file that was still growing: it comes again. */
function createWorkList(): {
  readonly meet: (run: Run) => void;
  readonly forget: (run: Run) => void;
  readonly take: (runs: readonly Run[]) => Work | undefined;
  readonly redo: (path: string) => void;
  /** Tried again when the run's files change: the file may have been incomplete, or the worker may have died. */
  readonly fail: (checkpoint: CheckpointFile) => void;
} {
  const doneAtBytes = new Map<string, number>();
  const known = new Set<string>();
  const failed = new Set<string>();
  return {
    fail: ({ path }) => void failed.add(path),
    redo: (path) => void doneAtBytes.delete(path),
    /** What is there when a run is first seen counts as old. */
    meet(run) {
      run.checkpoints().forEach(({ path }) => failed.delete(path) && doneAtBytes.delete(path));
      let total = 0;
      for (const { path, bytes } of known.has(run.id) ? [] : newestFirst(run.checkpoints())) {
        total += bytes;
        if (total > MAX_OLD_BYTES) {
          doneAtBytes.set(path, bytes);
        }
      }
      known.add(run.id);
    },
    /** A run that is followed again starts without norms. */
    forget(run) {
      known.delete(run.id);
      run.checkpoints().forEach(({ path }) => doneAtBytes.delete(path));
    },
    take(runs) {
      for (const run of runs) {
        const waiting = run.checkpoints().filter(({ path, bytes }) => doneAtBytes.get(path) !== bytes);
        const [checkpoint] = newestFirst(waiting);
        if (checkpoint !== undefined) {
          doneAtBytes.set(checkpoint.path, checkpoint.bytes);
          return { run, checkpoint };
        }
      }
      return undefined;
    },
  };
}

function newestFirst(checkpoints: readonly CheckpointFile[]): CheckpointFile[] {
  return checkpoints.toSorted((a, b) => (b.step ?? 0) - (a.step ?? 0));
}
