import type { TensorEntry } from "#core/tensor.ts";

/** What a checkpoint file holds, without its data. */
export interface CheckpointIndex {
  readonly format: "safetensors";
  /** In the order of their bytes. */
  readonly tensors: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Sentences for people about what is odd but readable. */
  readonly notes: readonly string[];
}
