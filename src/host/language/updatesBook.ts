import { basename, dirname, relative } from "node:path";
import { stepsBetween } from "#analysis/checkpoints/stepsBetween.ts";
import { updateOf } from "#analysis/checkpoints/updates.ts";
import type { StepInterval } from "#analysis/checkpoints/updates.ts";
import type { CheckpointComparison } from "#core/comparison.ts";
import { plainName } from "#core/names/plainName.ts";
import type { CheckpointFile } from "#core/run.ts";
import type { Run } from "#store/run.ts";

/** How far a weight moved between two checkpoints of a run. */
export interface MeasuredUpdate {
  /** ‖after − before‖ / ‖before‖. */
  readonly relative: number;
  /** Null where the steps between them are not known. */
  readonly perStep: StepInterval | null;
  /** The checkpoints, for people. */
  readonly before: string;
  readonly after: string;
}

/** What comparing two checkpoints of each run gave. Measured when people ask for it: it reads both files whole. */
export interface UpdatesBook {
  readonly of: (run: Run, tensor: string) => MeasuredUpdate | undefined;
  readonly set: (run: Run, pair: CheckpointPair, comparison: CheckpointComparison) => void;
}

export interface CheckpointPair {
  readonly before: CheckpointFile;
  readonly after: CheckpointFile;
}

export function createUpdatesBook(): UpdatesBook {
  const updates = new WeakMap<Run, ReadonlyMap<string, MeasuredUpdate>>();
  return {
    of: (run, tensor) => updates.get(run)?.get(plainName(tensor)),
    set: (run, pair, comparison) => void updates.set(run, updatesIn(run, pair, comparison)),
  };
}

/** The two newest checkpoints of one name at different steps; undefined where there are none. */
export function newestPair(run: Run): CheckpointPair | undefined {
  const known = run.checkpoints().filter(({ step }) => step !== null);
  const pairs = [...Map.groupBy(known, ({ path }) => basename(path)).values()].flatMap((checkpoints) => {
    const [after, ...older] = checkpoints.toSorted((a, b) => stepOf(b) - stepOf(a));
    const before = older.find(({ step }) => step !== after?.step);
    return after === undefined || before === undefined ? [] : [{ before, after }];
  });
  const hasWeights = ({ after }: CheckpointPair): boolean =>
    run.summaries.get(after.path)?.globals.weight !== undefined;
  const newestFirst = pairs.toSorted((a, b) => stepOf(b.after) - stepOf(a.after));
  return newestFirst.find(hasWeights) ?? newestFirst[0];
}

/** A checkpoint as people call it: its folder within the run, or its own name. */
export function checkpointName(run: Run, path: string): string {
  const folder = relative(run.id, dirname(path));
  return folder === "" || folder.startsWith("..") ? basename(path) : folder;
}

function updatesIn(
  run: Run,
  pair: CheckpointPair,
  comparison: CheckpointComparison,
): ReadonlyMap<string, MeasuredUpdate> {
  const paths = [pair.before.path, pair.after.path] as const;
  const steps = stepsBetween({ given: undefined, paths, comparison })?.count ?? null;
  const [before, after] = [checkpointName(run, paths[0]), checkpointName(run, paths[1])];
  const found = new Map<string, MeasuredUpdate>();
  for (const tensor of comparison.tensors.filter(({ kind }) => kind === "weight")) {
    const update = updateOf(tensor, steps);
    if (update.relative !== null) {
      found.set(plainName(tensor.name), { relative: update.relative, perStep: update.perStep, before, after });
    }
  }
  return found;
}

function stepOf({ step }: CheckpointFile): number {
  return step ?? -1;
}
