import type { GlobalNorms, TensorKind, TensorNorms } from "#core/tensor.ts";

/** What is remembered of a checkpoint whose norms were computed. */
export interface CheckpointSummary {
  /** Bytes of the file when it was read: another size means another content. */
  readonly bytes: number;
  readonly tensors: ReadonlyMap<string, TensorNorms>;
  readonly globals: Readonly<Partial<Record<TensorKind, GlobalNorms>>>;
}
