import type { DType } from "./dtype.ts";
import type { TensorDescription, TensorKind, UnmeasuredTensor } from "./tensor.ts";

/** What an elementwise look at a tensor in two checkpoints gives, all in float64. */
export interface TensorChange {
  /** Norms of the tensor before and after; NaN or Infinity when an element is. */
  readonly before: number;
  readonly after: number;
  /** ‖after − before‖, from the differences themselves. */
  readonly delta: number;
  /** Σ before·after. */
  readonly dot: number;
  /** Largest |after − before|; NaN when a difference is. */
  readonly maxDelta: number;
  /** Elements whose value differs at all; NaN does not differ from NaN. */
  readonly changed: number;
  /** Elements with |after − before| < 2⁻⁹·|before|, which bfloat16 rounds away. Zeros are none of them. */
  readonly roundedAway: number;
  readonly nonFiniteBefore: number;
  readonly nonFiniteAfter: number;
}

/** What Adam's two moments of a tensor give together, corrected for their start: m̂ = m/(1−β1^t), v̂ = v/(1−β2^t). */
export interface MomentSums {
  /** ‖m̂‖². */
  readonly squaredMean: number;
  /** Σ v̂: the squared gradient norm, averaged over the last 1/(1−β2) steps. */
  readonly squaredGradient: number;
  /** ‖m̂/(√v̂+ε)‖: the update's length for a learning rate of 1. */
  readonly update: number;
  /** Elements with √v̂ < ε. */
  readonly belowEpsilon: number;
  /** Elements with v = 0: without a gradient as far back as the moment remembers. */
  readonly zeros: number;
  /** Elements of which a moment is NaN or ±Inf, or the second one negative. */
  readonly nonFinite: number;
  /** How many elements have which |m̂|/√v̂: bins of 0.1 from 0 on, the last for 2 and more. Elements with v = 0 are in none. */
  readonly ratios: readonly number[];
}

/** What the sums of Adam's moments need to know. */
export interface MomentSettings {
  readonly step: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Two checkpoints side by side, as the worker measures them. What it means is for the analysis to say. */
export interface CheckpointComparison {
  readonly before: ComparedCheckpoint;
  readonly after: ComparedCheckpoint;
  /** Weights and gradients that both have, in the order of the second. */
  readonly tensors: readonly ComparedTensor[];
  readonly reshaped: readonly ReshapedTensor[];
  /** Weights and gradients that only the second has, and only the first. */
  readonly added: readonly TensorDescription[];
  readonly missing: readonly TensorDescription[];
  /** Tensors of one shape that could not be compared. */
  readonly unmeasured: readonly UnmeasuredTensor[];
  readonly threads: number;
  readonly readBytes: number;
  readonly seconds: number;
  readonly notes: readonly string[];
}

export interface ComparedCheckpoint {
  readonly format: string;
  readonly bytes: number;
  /** Whether float32 copies of the weights lie beside them, as mixed precision keeps them. */
  readonly hasMasterWeights: boolean;
  /** Null without first and second moments. */
  readonly adam: AdamState | null;
}

/** What it is called and looks like is the second checkpoint's. */
export interface ComparedTensor extends TensorDescription {
  readonly nameBefore: string;
  readonly dtypeBefore: DType;
  /** The same bytes as a tensor before it, in both checkpoints: not to be counted again. */
  readonly isTied: boolean;
  readonly change: TensorChange;
}

export interface ReshapedTensor {
  readonly name: string;
  readonly kind: TensorKind;
  readonly shapeBefore: readonly number[];
  readonly shapeAfter: readonly number[];
}

export interface AdamState {
  readonly parameters: readonly AdamParameter[];
  /** Settings that the checkpoint does not tell and defaults stand for, as sentences. */
  readonly notes: readonly string[];
}

/** Adam's state of one parameter. */
export interface AdamParameter {
  /** The parameter's name, or its state's where no rule tells it. */
  readonly name: string;
  readonly elements: number;
  /** Steps taken; null where the checkpoint does not tell: then moments are taken for long past their start. */
  readonly step: number | null;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Null where the checkpoint does not tell. */
  readonly learningRate: number | null;
  readonly weightDecay: number | null;
  readonly sums: MomentSums;
  /** An average of the norm of the clipped gradient that the trainer kept itself, by the key `grad_norm_exp_avg`. */
  readonly storedNorm: number | null;
}
