import { asNorm, rms } from "#core/norm.ts";
import {
  type GlobalNorms,
  TENSOR_KINDS,
  type TensorEntry,
  type TensorKind,
  type TensorStatistics,
} from "#core/tensor.ts";
import { createTieFinder } from "#core/ties.ts";

import { rootOfSquares, sumSquares } from "./squares.ts";

/** What a global norm needs of a tensor; `TensorEntry` with its `TensorStatistics`. */
export type MeasuredTensor = TensorEntry & TensorStatistics;

/**
 * Norms of all tensors of a kind together, for each kind there is: sqrt of the sum of the squared norms, as clip_grad_norm_
 * defines it. Tied tensors, the same bytes under several names, count once. The sum follows the order given.
 */
export function globalNorms(tensors: Iterable<MeasuredTensor>): Partial<Record<TensorKind, GlobalNorms>> {
  const totals = new Map<TensorKind, Total>();
  for (const tensor of tensors) {
    const total = totals.get(tensor.kind) ?? startTotal();
    totals.set(tensor.kind, total);
    if (!total.isTied(tensor) || tensor.elements === 0) {
      add(total, tensor);
    }
  }
  const kinds = TENSOR_KINDS.flatMap((kind) => {
    const total = totals.get(kind);
    return total === undefined ? [] : [[kind, finish(total)] as const];
  });
  return Object.fromEntries(kinds);
}

interface Total {
  readonly isTied: (tensor: MeasuredTensor) => boolean;
  readonly norms: number[];
  linf: number;
  elements: number;
  nan: number;
  posInf: number;
  negInf: number;
}

function startTotal(): Total {
  return { isTied: createTieFinder(), norms: [], linf: 0, elements: 0, nan: 0, posInf: 0, negInf: 0 };
}

function add(total: Total, { l2, linf, elements, nan, posInf, negInf }: MeasuredTensor): void {
  total.norms.push(l2);
  total.linf = Math.max(total.linf, linf);
  total.elements += elements;
  total.nan += nan;
  total.posInf += posInf;
  total.negInf += negInf;
}

function finish({ norms, linf, elements, nan, posInf, negInf }: Total): GlobalNorms {
  const l2 = rootOfSquares(sumSquares(norms));
  return { l2, linf, rms: rms(asNorm(l2), elements), elements, tensors: norms.length, nan, posInf, negInf };
}
