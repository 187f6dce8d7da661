import type { ComparedTensor } from "#core/comparison.ts";
import { addressOf, type TensorAddress } from "#core/names/tensorAddress.ts";

/** How far a tensor moved between two checkpoints. */
export interface TensorUpdate {
  readonly tensor: ComparedTensor;
  readonly address: TensorAddress;
  /** ‖Δ‖/‖before‖; null where the tensor was zero before, or has NaN or ±Inf. */
  readonly relative: number | null;
  /**
   * Update-to-weight ratio of one step: at least `low`, when all steps went the same way, and about `high`, when each went
   * its own. Null without a relative change or a number of steps, and of what is no weight.
   */
  readonly perStep: StepInterval | null;
  /** Cosine of the angle between before and after; null where one is zero or not finite. */
  readonly cosine: number | null;
  /** No element differs, NaN and ±Inf included. */
  readonly isUnmoved: boolean;
}

export interface StepInterval {
  readonly low: number;
  readonly high: number;
}

/** The updates of tensors that lie so many steps apart; null where nobody knows how many. */
export function updateOf(tensor: ComparedTensor, steps: number | null): TensorUpdate {
  const { before, after, delta, dot, changed } = tensor.change;
  const relative = ratioOf(delta, before);
  return {
    tensor,
    address: addressOf(tensor.name),
    relative,
    perStep:
      relative === null || steps === null || tensor.kind !== "weight"
        ? null
        : { low: relative / steps, high: relative / Math.sqrt(steps) },
    cosine: ratioOf(dot, before * after),
    isUnmoved: changed === 0,
  };
}

/** Null where it says nothing: by zero, or of numbers that are not finite. */
function ratioOf(part: number, whole: number): number | null {
  const ratio = part / whole;
  return whole > 0 && Number.isFinite(ratio) ? ratio : null;
}
