import { asNorm, rms } from "#core/norm.ts";
import type { FullStatistics } from "#reduction/fullStatistics.ts";
import type { TensorEntry, TensorNorms, TensorStatistics } from "#core/tensor.ts";

/** Statistics of a tensor, with those that only `--full` asks for. */
export type Reduced = TensorStatistics & { readonly full?: FullStatistics };

export type Measured = TensorEntry & Reduced;

/** In the order that `gradlens norms --json` documents. */
export function toNorms({
  name,
  kind,
  dtype,
  shape,
  elements,
  file,
  parameter,
  full,
  ...tensor
}: Measured): TensorNorms {
  const { l2, linf, nan, posInf, negInf, firstNonFinite } = tensor;
  const sizes = { l2, l1: full?.l1 ?? null, linf, rms: rms(asNorm(l2), elements), mean: full?.mean ?? null };
  const counts = { zeros: full?.zeros ?? null, nan, posInf, negInf };
  const of = parameter === undefined ? {} : { parameter };
  const histogram = full?.histogram ?? null;
  return { name, kind, dtype, shape, elements, ...sizes, ...counts, firstNonFinite, histogram, file, ...of };
}
