import type { TensorEntry } from "./tensor.ts";

/** The forms in which checkpoints lie on disk, by the names `gradlens norms` prints. */
export type CheckpointFormat =
  | "safetensors"
  | "pytorch"
  | "pytorch-legacy"
  | "pytorch-tar"
  | "pickle"
  | "dcp"
  | "deepspeed"
  | "megatron"
  | "npy"
  | "npz"
  | "keras"
  | "hdf5"
  | "tensorflow"
  | "flax"
  | "orbax"
  | "zarr"
  | "onnx"
  | "gguf"
  | "paddle";

/** What a checkpoint holds, without its data. */
export interface CheckpointIndex {
  readonly format: CheckpointFormat;
  readonly tensors: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** What is there beside tensors and plain values, and was not read: objects of unknown classes, unknown encodings. */
  readonly notRead?: readonly NotRead[];
  readonly optimizer?: OptimizerDescription;
  /** Sentences for people about what is odd but readable. */
  readonly notes: readonly string[];
}

export interface NotRead {
  /** Where it stands in the checkpoint. */
  readonly name: string;
  /** What it is: `transformers.training_args.TrainingArguments`, `a tensor of strings`. */
  readonly what: string;
}

/** What an optimizer's state says besides its tensors. */
export interface OptimizerDescription {
  /** In the order of the state; a group's numbers by their own names: lr, betas.0, betas.1, eps, weight_decay, step. */
  readonly groups: readonly OptimizerGroup[];
  /** Steps taken, by parameter, where the state keeps plain numbers; a step kept as a tensor is a tensor of kind `other`. */
  readonly steps: ReadonlyMap<string, number>;
  /** The rule by which numbered states were given parameter names, as a sentence; missing when they have names of their own. */
  readonly namedBy?: string;
}

export interface OptimizerGroup {
  /** Where its optimizer stands in the checkpoint: `optimizer_states/0`; missing when it is all the checkpoint holds. */
  readonly path?: string;
  readonly numbers: Readonly<Record<string, number>>;
  /** The names of its parameters, or their numbers where no rule names them. */
  readonly parameters: readonly string[];
}
