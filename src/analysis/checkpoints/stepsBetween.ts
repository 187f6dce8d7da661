import type { AdamState, CheckpointComparison } from "#core/comparison.ts";

/** How many steps lie between two checkpoints, and who says so. */
export interface StepsBetween {
  readonly count: number;
  readonly from: "given" | "optimizer" | "names";
}

export interface StepSources {
  readonly given: number | undefined;
  /** Where the checkpoints lie. */
  readonly paths: readonly [before: string, after: string];
  readonly comparison: Pick<CheckpointComparison, "before" | "after">;
}

/** The steps by the first source that tells of a later second checkpoint; null where none does. */
export function stepsBetween({ given, paths, comparison }: StepSources): StepsBetween | null {
  if (given !== undefined) {
    return { count: given, from: "given" };
  }
  const byOptimizer = difference(lastStep(comparison.before.adam), lastStep(comparison.after.adam));
  if (byOptimizer !== null) {
    return { count: byOptimizer, from: "optimizer" };
  }
  const byName = difference(stepInPath(paths[0]), stepInPath(paths[1]));
  return byName === null ? null : { count: byName, from: "names" };
}

function difference(before: number | null, after: number | null): number | null {
  return before !== null && after !== null && after > before ? after - before : null;
}

/** A parameter without a gradient in some steps has taken fewer. */
function lastStep(adam: AdamState | null): number | null {
  const steps = (adam?.parameters ?? []).flatMap(({ step }) => step ?? []);
  return steps.length === 0 ? null : steps.reduce((most, step) => Math.max(most, step));
}

/** The step in `checkpoint-200/model.safetensors`, `step=1000.ckpt`, `global_step500`, `iter_0000100`: the last one named. */
export function stepInPath(path: string): number | null {
  const last = [...path.matchAll(NAMED_STEP)].at(-1)?.[1];
  return last === undefined ? null : Number(last);
}

const NAMED_STEP = /(?<![a-z])(?:global_?step|step|steps|iter|iteration|checkpoint|ckpt)[-_=.]?(\d+)/gi;
