import { asNorm, rms } from "#core/norm.ts";
import {
  type GlobalNorms,
  TENSOR_KINDS,
  type TensorEntry,
  type TensorKind,
  type TensorStatistics,
} from "#core/tensor.ts";

import { rootOfSquares, sumSquares } from "./squares.ts";

/** What a global norm needs of a tensor; `TensorEntry` with its `TensorStatistics`. */
export type MeasuredTensor = TensorEntry & TensorStatistics;

/**
 * Norms of all tensors of a kind together, for each kind there is: sqrt of the sum of the squared norms, as clip_grad_norm_
 * defines it. Tied tensors, the same bytes under several names, count once. The sum follows the order given.
 */
export function globalNorms(tensors: readonly MeasuredTensor[]): Partial<Record<TensorKind, GlobalNorms>> {
  const globals: Partial<Record<TensorKind, GlobalNorms>> = {};
  for (const kind of TENSOR_KINDS) {
    const members = tensors.filter((tensor) => tensor.kind === kind);
    if (members.length > 0) {
      globals[kind] = combine(withoutTied(members));
    }
  }
  return globals;
}

function withoutTied(tensors: readonly MeasuredTensor[]): MeasuredTensor[] {
  const seen = new Set<string>();
  return tensors.filter(({ dtype, elements, parts }) => {
    const storage = JSON.stringify([dtype, parts]);
    const tied = seen.has(storage) && elements > 0;
    seen.add(storage);
    return !tied;
  });
}

function combine(tensors: readonly MeasuredTensor[]): GlobalNorms {
  const l2 = rootOfSquares(sumSquares(tensors.map((tensor) => tensor.l2)));
  const elements = total(tensors, "elements");
  return {
    l2,
    linf: tensors.reduce((largest, { linf }) => Math.max(largest, linf), 0),
    rms: rms(asNorm(l2), elements),
    elements,
    tensors: tensors.length,
    nan: total(tensors, "nan"),
    posInf: total(tensors, "posInf"),
    negInf: total(tensors, "negInf"),
  };
}

function total(tensors: readonly MeasuredTensor[], count: "elements" | "nan" | "posInf" | "negInf"): number {
  return tensors.reduce((sum, tensor) => sum + tensor[count], 0);
}
