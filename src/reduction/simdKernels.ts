import { SIMD_MODULE } from "./simdModule.ts";
import type { WasmMemory } from "./staging.ts";

/** What assembly/kernels.ts exports. A kernel gives Σx² of `length` bytes at `start`; then `largest` gives max |x|. */
export interface SimdKernels {
  readonly float64: SimdKernel;
  readonly float32: SimdKernel;
  readonly bfloat16: SimdKernel;
  readonly float16: SimdKernel;
  readonly int32: SimdKernel;
  readonly uint32: SimdKernel;
  readonly int16: SimdKernel;
  readonly uint16: SimdKernel;
  /** As the float16 that the code becomes when it is shifted up. Magnitudes from `firstBad` on are not finite. */
  readonly float8: (start: number, length: number, shift: number, firstBad: number) => number;
  /** 0 or 1. */
  readonly hasByte: (start: number, length: number, byte: number) => number;
  /** Writes the magnitudes of half types as float32 to `target`; gives the largest one's bits. */
  readonly widenBfloat16: (start: number, length: number, target: number) => number;
  readonly widenFloat16: (start: number, length: number, target: number) => number;
  /** Largest magnitude that the last kernel saw; NaN or Infinity when an element is not finite. */
  readonly largest: () => number;
}

export type SimdKernel = (start: number, length: number) => number;

/** The kernels, working in `memory`. Rejects where there is no WebAssembly SIMD. */
export async function loadSimdKernels(memory: WasmMemory): Promise<SimdKernels> {
  const { instance } = await WebAssembly.instantiate(Buffer.from(SIMD_MODULE, "base64"), { env: { memory } });
  return instance.exports;
}

/** Node's types do not declare it. */
declare const WebAssembly: {
  readonly instantiate: (
    module: Uint8Array,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => Promise<{ readonly instance: { readonly exports: SimdKernels } }>;
};
