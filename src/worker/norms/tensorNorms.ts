import { asNorm, rms } from "#core/norm.ts";
import type { TensorDescription, TensorNorms } from "#core/tensor.ts";
import type { Reduced } from "#reduction/spanSums.ts";

/** In the order that `gradlens norms --json` documents. */
export function toNorms(entry: TensorDescription, { full, ...statistics }: Reduced): TensorNorms {
  const { name, kind, dtype, shape, elements, file, parameter } = entry;
  const { l2, linf, nan, posInf, negInf, firstNonFinite } = statistics;
  const norms = {
    name,
    kind,
    dtype,
    shape,
    elements,
    l2,
    l1: full?.l1 ?? null,
    linf,
    rms: rms(asNorm(l2), elements),
    mean: full?.mean ?? null,
    zeros: full?.zeros ?? null,
    nan,
    posInf,
    negInf,
    firstNonFinite,
    histogram: full?.histogram ?? null,
    file,
  };
  return parameter === undefined ? norms : { ...norms, parameter };
}
