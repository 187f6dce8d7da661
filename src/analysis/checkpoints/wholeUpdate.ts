import type { CheckpointComparison } from "#core/comparison.ts";
import type { StepInterval } from "./updates.ts";

/** How far all weights together moved between two checkpoints. */
export interface WholeUpdate {
  /** ‖Δ‖/‖before‖ of all weights as one vector, tied ones once. NaN where an element is not finite. */
  readonly relative: number;
  /** Of one step: at least `low`, when all went the same way, and about `high`, when each went its own. */
  readonly perStep: StepInterval | null;
}

/** Null without weights that both have, or where all were zero. */
export function wholeUpdate(
  { tensors }: Pick<CheckpointComparison, "tensors">,
  steps: number | null,
): WholeUpdate | null {
  let [moved, before] = [0, 0];
  for (const { kind, isTied, change } of tensors) {
    if (kind === "weight" && !isTied) {
      moved += change.delta ** 2;
      before += change.before ** 2;
    }
  }
  if (before === 0) {
    return null;
  }
  const relative = Math.sqrt(moved) / Math.sqrt(before);
  return {
    relative,
    perStep: steps === null ? null : { low: relative / steps, high: relative / Math.sqrt(steps) },
  };
}
