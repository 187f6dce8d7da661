import type { CheckpointIndex } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { elementsOf } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { argsOf, classNameOf, countOf, entriesOf, isObject, itemsOf, textOf, valueAt } from "../pickle/access.ts";
import { numpyArrayOf, type NumpyRecord } from "../pickle/numpyArray.ts";
import type { PickleObject, PickleValue } from "../pickle/values.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

/**
 * PaddlePaddle's tensors are `tuple((name, array))`, `eval('data', {'data': array})`, or lately a call of its own with the array:
 * exactly these calls are taken for the array they name, and none is made. It has no uint16; arrays of that kind are bfloat16.
 */
export function paddleArrayOf(object: PickleObject): NumpyRecord | undefined {
  const array = wrappedArray(object) ?? numpyArrayOf(object);
  return array?.kind === "array" && array.dtype === "U16" ? { ...array, dtype: "BF16" } : array;
}

function wrappedArray(object: PickleObject): NumpyRecord | undefined {
  const [first, scope] = argsOf(object);
  switch (classNameOf(object)) {
    case "builtins.tuple": {
      const [name, array] = itemsOf(first) ?? [];
      return textOf(name) !== undefined && isObject(array) ? numpyArrayOf(array) : undefined;
    }
    case "paddle.framework.io_utils._reconstruct_dense_tensor_data":
      return isObject(first) ? numpyArrayOf(first) : undefined;
    case "builtins.eval": {
      const array = textOf(first) === "data" ? valueAt(scope, "data") : undefined;
      return isObject(array) ? numpyArrayOf(array) : undefined;
    }
    case undefined:
    default:
      return undefined;
  }
}

/** Tensors too long for one array lie in slices of their own names, in `UnpackBigParamInfor@@`. */
export function joinBigParameters(index: CheckpointIndex, root: PickleValue): Outcome<CheckpointIndex> {
  const big = entriesOf(valueAt(root, "UnpackBigParamInfor@@")) ?? [];
  const byName = new Map(index.tensors.map((tensor) => [tensor.name, tensor]));
  for (const [key, info] of big) {
    const name = textOf(key) ?? "";
    const joined = joinSlices(name, info, byName);
    if (joined === undefined) {
      return malformed(
        0,
        t("{0}: its slices are not all there, or do not make its shape. Save the file again.", tensorLabel(name)),
      );
    }
    joined.slices.forEach((slice) => byName.delete(slice));
    byName.set(name, joined.tensor);
  }
  return ok({ ...index, tensors: Array.from(byName.values()) });
}

interface Joined {
  readonly tensor: TensorEntry;
  readonly slices: readonly string[];
}

function joinSlices(name: string, info: PickleValue, byName: ReadonlyMap<string, TensorEntry>): Joined | undefined {
  const shape = itemsOf(valueAt(info, "OriginShape"))?.map((size) => countOf(size) ?? -1);
  const slices = itemsOf(valueAt(info, "slices"))?.map((slice) => textOf(slice) ?? "");
  const found = (slices ?? []).flatMap((slice) => byName.get(slice) ?? []);
  const elements = found.reduce((total, tensor) => total + tensor.elements, 0);
  const [first] = found;
  return shape === undefined ||
    slices === undefined ||
    first === undefined ||
    found.length < slices.length ||
    elements !== elementsOf(shape)
    ? undefined
    : { tensor: { ...first, name, shape, elements, parts: found.flatMap(({ parts }) => parts) }, slices };
}
