import { SIMD_MODULES } from "./simdModule.ts";
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
  readonly int8: SimdKernel;
  readonly uint8: SimdKernel;
  /** Any byte but 0 counts 1. */
  readonly boolean: SimdKernel;
  /** E2M1, two in a byte. */
  readonly float4: SimdKernel;
  /** As the float16 that the code becomes when it is shifted up. Magnitudes from `firstBad` on are not finite. */
  readonly float8: (start: number, length: number, shift: number, firstBad: number) => number;
  /** 0 or 1. */
  readonly hasByte: (start: number, length: number, byte: number) => number;
  /** Writes the magnitudes of half types as float32 to `target`; gives the largest one's bits. */
  readonly widenBfloat16: (start: number, length: number, target: number) => number;
  readonly widenFloat16: (start: number, length: number, target: number) => number;
  /** Seven sums over the pairs of two runs of elements, in the order of pairs/change.ts. */
  readonly changeFloat32: SimdPairKernel;
  readonly changeBfloat16: SimdPairKernel;
  readonly changeFloat16: SimdPairKernel;
  readonly changeBfloat16ToFloat32: SimdPairKernel;
  readonly changeFloat32ToBfloat16: SimdPairKernel;
  readonly changeFloat16ToFloat32: SimdPairKernel;
  readonly changeFloat32ToFloat16: SimdPairKernel;
  /** Sums over Adam's moments, in the order of pairs/moments.ts; 0 when one is NaN or ±Inf, or a second one negative. */
  readonly momentsFloat32: SimdMomentKernel;
  readonly momentsBfloat16: SimdMomentKernel;
  /** Largest magnitude that the last kernel saw; NaN or Infinity when an element is not finite. */
  readonly largest: () => number;
}

export type SimdKernel = (start: number, length: number) => number;

/** Places in memory of the two runs and of the sums. */
export type SimdPairKernel = (before: number, after: number, elements: number, target: number) => void;

/** The same, which finds ratio and epsilon at the target. */
export type SimdMomentKernel = (means: number, squares: number, elements: number, target: number) => number;

/** Relaxed SIMD multiplies and adds in one step where the processor can. Both give the same bits. */
export type SimdVariant = keyof typeof SIMD_MODULES;

/** The kernels, working in `memory`. Rejects where there is no WebAssembly SIMD. */
export async function loadSimdKernels(memory: WasmMemory, variant = bestVariant()): Promise<SimdKernels> {
  const { instance } = await WebAssembly.instantiate(bytesOf(variant), { env: { memory } });
  return instance.exports;
}

/** Node has relaxed SIMD from 22 on. */
function bestVariant(): SimdVariant {
  return WebAssembly.validate(bytesOf("relaxed")) ? "relaxed" : "plain";
}

function bytesOf(variant: SimdVariant): Uint8Array {
  return Buffer.from(SIMD_MODULES[variant], "base64");
}

/** Node's types do not declare it. */
declare const WebAssembly: {
  readonly validate: (module: Uint8Array) => boolean;
  readonly instantiate: (
    module: Uint8Array,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => Promise<{ readonly instance: { readonly exports: SimdKernels } }>;
};
