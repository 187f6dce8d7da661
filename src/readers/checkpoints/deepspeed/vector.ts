import { bitsOf, type DType } from "#core/dtype.ts";
import type { TensorPart } from "#core/tensorPart.ts";

import type { PickleValue } from "../pickle/values.ts";
import { type PickledCheckpoint, tensorOf } from "../pickle/pickledTensor.ts";

/** A tensor of one dimension whose elements lie one behind the other: what many parameters were flattened into. */
export interface FlatVector {
  readonly dtype: DType;
  readonly elements: number;
  readonly part: TensorPart;
}

/** Undefined for values that are no such tensors. */
export function vectorOf(pickled: PickledCheckpoint, value: PickleValue | undefined): FlatVector | undefined {
  const tensor = tensorOf(pickled, value, "");
  if (tensor?.kind !== "ok" || tensor.value.shape.length !== 1) {
    return undefined;
  }
  const { dtype, elements, parts } = tensor.value;
  const [part] = parts;
  const isPlain = part?.codings === undefined && part?.strides === undefined;
  return part !== undefined && isPlain ? { dtype, elements, part } : undefined;
}

/** Some of its elements; undefined when it does not have them. */
export function sliceOf(vector: FlatVector, start: number, elements: number): TensorPart | undefined {
  const width = bitsOf(vector.dtype) / 8;
  const { file, offset } = vector.part;
  return start >= 0 && start + elements <= vector.elements
    ? { file, offset: offset + start * width, byteLength: elements * width }
    : undefined;
}
