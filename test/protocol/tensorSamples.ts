import type { GlobalNorms, TensorDescription, TensorNorms, UnmeasuredTensor } from "#core/tensor.ts";

const { NaN: nan } = Number;
const NON_FINITE = { nan: 2, posInf: 1, negInf: 0 };
export const DESCRIBED = {
  name: "w",
  kind: "gradient",
  dtype: "F32",
  shape: [2, 3],
  elements: 6,
  file: "g.safetensors",
} as const;
export const ENTRY: TensorDescription = { ...DESCRIBED, parameter: "v", isDeclared: true };
export const NORMS: TensorNorms = {
  ...DESCRIBED,
  ...NON_FINITE,
  l2: nan,
  linf: Infinity,
  rms: nan,
  firstNonFinite: 0,
  l1: null,
  mean: null,
  zeros: null,
  histogram: null,
};
export const GLOBALS: GlobalNorms = { ...NON_FINITE, l2: nan, linf: nan, rms: nan, elements: 6, tensors: 1 };
export const UNMEASURED: UnmeasuredTensor = { ...DESCRIBED, why: "its data are damaged" };
