import type { ComputeOptions } from "#core/device.ts";
import type { Disposable } from "#core/event.ts";
import type { CheckpointFile } from "#core/run.ts";
import type { RunStore } from "#store/runStore.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { addDetails, computeSummary, readHeader } from "./checkpointNorms.ts";
import { previousCheckpoint } from "./previousCheckpoint.ts";
import type { TakenKinds } from "./takenKinds.ts";
import { createWorkList } from "./workList.ts";
import type { Work } from "./workList.ts";

export type AutoCheckpoints = "never" | "header" | "full";

export interface BackgroundOptions {
  readonly mode: () => AutoCheckpoints;
  /** Of larger checkpoints only the header is read. */
  readonly maxBytes: () => number;
  readonly compute: () => ComputeOptions;
  /** The folder that keeps norms. */
  readonly cache?: string;
  readonly kinds: Pick<TakenKinds, "of" | "onDidChange">;
  readonly onError: (error: unknown) => void;
}

/** Looks at followed runs' checkpoints in the background, one at a time, newest first. */
export function computeInBackground(store: RunStore, worker: WorkerClient, options: BackgroundOptions): Disposable {
  const work = createWorkList(options.maxBytes);
  let isBusy = false;

  async function computeAll(): Promise<void> {
    if (isBusy || options.mode() === "never") {
      return;
    }
    isBusy = true;
    for (let next = work.take(store.runs()); next !== undefined; next = work.take(store.runs())) {
      try {
        await compute(next);
      } catch (error) {
        work.fail(next.checkpoint);
        options.onError(error);
      }
    }
    isBusy = false;
  }

  async function compute({ run, checkpoint, depth }: Work): Promise<void> {
    const { path } = checkpoint;
    if (depth === "header" || options.mode() === "header") {
      store.setSummary(run.id, path, await readHeader(worker, checkpoint));
      return;
    }
    const { cache } = options;
    const { threads } = options.compute();
    const summary = await computeSummary(worker, checkpoint, {
      ...options.compute(),
      takenAs: options.kinds.of(path),
      ...(cache === undefined ? {} : { cache }),
    });
    store.setSummary(run.id, path, summary);
    const previous = smallEnough(previousCheckpoint(checkpoint, run.checkpoints()), options.maxBytes());
    const detailed = await addDetails(worker, { path, summary }, { threads, previous });
    if (detailed.gradientNorm !== null || detailed.update !== null) {
      store.setSummary(run.id, path, detailed);
    }
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

function smallEnough(checkpoint: CheckpointFile | undefined, maxBytes: number): CheckpointFile | undefined {
  return checkpoint !== undefined && checkpoint.bytes <= maxBytes ? checkpoint : undefined;
}
