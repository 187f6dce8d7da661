import type { CheckpointFile } from "#core/run.ts";
import type { Run } from "#store/run.ts";

export type Depth = "header" | "full";

export interface Work {
  readonly run: Run;
  readonly checkpoint: CheckpointFile;
  readonly depth: Depth;
}

/** Which checkpoints are still to be looked at. A size that changes is a file that was still growing: it comes again. */
export interface WorkList {
  /** What is there when a run is first seen counts as old. */
  readonly meet: (run: Run) => void;
  /** A run that is followed again starts without norms. */
  readonly forget: (run: Run) => void;
  readonly take: (runs: readonly Run[]) => Work | undefined;
  readonly redo: (path: string) => void;
  /** Tried again when the run's files change: the file may have been incomplete, or the worker may have died. */
  readonly fail: (checkpoint: CheckpointFile) => void;
}

// Checkpoints that were there before are computed only while they are small; new ones are what the user waits for.
const MAX_OLD_BYTES = 64_000_000;

/** Of a checkpoint larger than `maxBytes` only the header is read. */
export function createWorkList(maxBytes: () => number): WorkList {
  const doneAtBytes = new Map<string, number>();
  const known = new Set<string>();
  const failed = new Set<string>();
  const oldAtBytes = new Map<string, number>();
  return {
    fail: ({ path }) => void failed.add(path),
    redo: (path) => void doneAtBytes.delete(path),
    meet(run) {
      run.checkpoints().forEach(({ path }) => failed.delete(path) && doneAtBytes.delete(path));
      let total = 0;
      for (const { path, bytes } of known.has(run.id) ? [] : newestFirst(run.checkpoints())) {
        total += bytes;
        if (total > MAX_OLD_BYTES) {
          oldAtBytes.set(path, bytes);
        }
      }
      known.add(run.id);
    },
    forget(run) {
      known.delete(run.id);
      for (const { path } of run.checkpoints()) {
        doneAtBytes.delete(path);
        oldAtBytes.delete(path);
      }
    },
    take(runs) {
      for (const run of runs) {
        const waiting = run.checkpoints().filter(({ path, bytes }) => doneAtBytes.get(path) !== bytes);
        const [checkpoint] = newestFirst(waiting);
        if (checkpoint !== undefined) {
          const { path, bytes } = checkpoint;
          doneAtBytes.set(path, bytes);
          const isHeaderEnough = oldAtBytes.get(path) === bytes || bytes > maxBytes();
          return { run, checkpoint, depth: isHeaderEnough ? "header" : "full" };
        }
      }
      return undefined;
    },
  };
}

function newestFirst(checkpoints: readonly CheckpointFile[]): CheckpointFile[] {
  return checkpoints.toSorted((a, b) => (b.step ?? 0) - (a.step ?? 0));
}
