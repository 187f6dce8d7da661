import type { GlobalNorms, TensorKind, TensorNorms } from "#core/tensor.ts";

/** What is remembered of a checkpoint that was looked at. */
export interface CheckpointSummary {
  /** Bytes of the file when it was read: another size means another content. */
  readonly bytes: number;
  readonly format: string;
  /** How many tensors it has, and their elements. */
  readonly size: { readonly tensors: number; readonly elements: number };
  /** Empty where only the header was read. */
  readonly tensors: ReadonlyMap<string, TensorNorms>;
  readonly globals: Readonly<Partial<Record<TensorKind, GlobalNorms>>>;
  /** RMS over the last steps of the norm of the clipped gradient, from Adam's second moments; null where there are none. */
  readonly gradientNorm: number | null;
  /** How far the weights moved since the checkpoint before; null where there is none. */
  readonly update: WeightUpdate | null;
}

export interface WeightUpdate {
  /** The step of the checkpoint before. */
  readonly since: number;
  /** ‖Δ‖/‖before‖ of all weights together. */
  readonly relative: number;
  /** Of one step: at least `low`, when all went the same way, and about `high`, when each went its own. */
  readonly perStep: { readonly low: number; readonly high: number } | null;
}
