import { asNorm, rms } from "#core/norm.ts";
import type { FullStatistics } from "#reduction/fullStatistics.ts";
import type { TensorEntry, TensorNorms, TensorStatistics } from "#core/tensor.ts";

/** Statistics of a tensor, with those that only `--full` asks for. */
export type Reduced = TensorStatistics & { readonly full?: FullStatistics };

/** In the order that `gradlens norms --json` documents. */
export function toNorms(entry: TensorEntry, { full, ...statistics }: Reduced): TensorNorms {
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
