import type { DType } from "./dtype.ts";
import type { TensorPart } from "./tensorPart.ts";

/** What a tensor holds. Weights are never presented as gradients, so a global norm is per kind. */
export type TensorKind = "gradient" | "weight" | "moment1" | "moment2" | "momentum" | "other";

export const TENSOR_KINDS: readonly TensorKind[] = ["gradient", "weight", "moment1", "moment2", "momentum", "other"];

/** What a tensor is called and looks like. */
export interface TensorDescription {
  readonly name: string;
  readonly kind: TensorKind;
  readonly dtype: DType;
  /** Empty for a scalar, which has one element. */
  readonly shape: readonly number[];
  readonly elements: number;
  /** File name, relative to the checkpoint's folder; of several files the first. */
  readonly file: string;
  /** The parameter whose optimizer state or gradient this is, where the checkpoint or a rule tells it. */
  readonly parameter?: string;
  /** A weight because the file itself says so; other weights are weights only for lack of any sign. */
  readonly isDeclared?: true;
}

/** Whether nothing tells what the tensor holds, so that it is a weight for lack of any sign. */
export function hasOpenKind({ kind, isDeclared }: TensorDescription): boolean {
  return kind === "weight" && isDeclared === undefined;
}

/** A tensor's kind when those without any sign are `takenAs`: a dump of gradients is often named as the weights are. */
export function kindTakenAs(tensor: TensorDescription, takenAs: TensorKind): TensorKind {
  return hasOpenKind(tensor) ? takenAs : tensor.kind;
}

/** One row of a checkpoint's index: what a tensor is and where its elements lie. No data. */
export interface TensorEntry extends TensorDescription {
  /** Together they hold every element once, in this order; usually one. */
  readonly parts: readonly TensorPart[];
}

/** An entry without where its elements lie. */
export function descriptionOf(entry: TensorEntry): TensorDescription {
  const { parts: _, ...description } = entry;
  return description;
}

/** What reducing a tensor's bytes gives. NaN, ±Inf and zero stay three different things. */
export interface TensorStatistics {
  /** Frobenius norm in float64; NaN or Infinity when an element is. */
  readonly l2: number;
  /** Largest absolute value; NaN when any element is NaN. */
  readonly linf: number;
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
  /** Row-major index of the first NaN or ±Inf. */
  readonly firstNonFinite: number | null;
}

/** One tensor of `gradlens norms`: the index entry's description with its statistics. */
export interface TensorNorms extends TensorDescription, TensorStatistics {
  /** Root mean square, l2 / sqrt(elements). */
  readonly rms: number;
  /** Not measured unless asked for with `--full`. */
  readonly l1: number | null;
  readonly mean: number | null;
  readonly zeros: number | null;
  readonly histogram: MagnitudeHistogram | null;
}

/** A tensor of the index that got no norms. */
export interface UnmeasuredTensor extends TensorDescription {
  /** The reason, for people. */
  readonly why: string;
}

/**
 * How many elements have which size: `counts[i]` of them have 2^(firstExponent+i) ≤ |x| < 2^(firstExponent+i+1). What is
 * below 2^-148 is in bin -149, what is from 2^128 on in bin 128. Zeros, NaN and ±Inf are in none.
 */
export interface MagnitudeHistogram {
  readonly firstExponent: number;
  readonly counts: readonly number[];
}

/** Norms of all tensors of one kind taken together. */
export interface GlobalNorms {
  /** sqrt of the sum of the squared norms. */
  readonly l2: number;
  readonly linf: number;
  readonly rms: number;
  readonly elements: number;
  readonly tensors: number;
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
}
