import { asNorm, rms } from "#core/norm.ts";
import type { TensorEntry, TensorNorms, TensorStatistics } from "#core/tensor.ts";

export type Measured = TensorEntry & TensorStatistics;

/** In the order that `gradlens norms --json` documents. */
export function toNorms({ name, kind, dtype, shape, elements, file, ...tensor }: Measured): TensorNorms {
  const { l2, linf, nan, posInf, negInf, firstNonFinite } = tensor;
  const sizes = { l2, l1: null, linf, rms: rms(asNorm(l2), elements), mean: null };
  return { name, kind, dtype, shape, elements, ...sizes, zeros: null, nan, posInf, negInf, firstNonFinite, file };
}
