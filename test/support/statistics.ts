/** What is counted and what is not measured, of a tensor whose elements are all finite. */
export const FINITE_ALONE = {
  nan: 0,
  posInf: 0,
  negInf: 0,
  firstNonFinite: null,
  l1: null,
  mean: null,
  zeros: null,
  histogram: null,
} as const;
