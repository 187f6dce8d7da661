import { loadSimdKernels, type SimdKernels } from "./simdKernels.ts";
import { afterStaging, type ChunkLimits, createStagingMemory, type WasmMemory } from "./staging.ts";

/** The magnitudes of whole elements as float32; nothing when one of them is not finite. */
export type Widen = (bytes: Uint8Array) => Uint8Array | undefined;

/** Half types as float32, by SIMD, behind the staging memory they were read into. */
export interface Widening {
  readonly memory: WasmMemory;
  readonly float16: Widen;
  readonly bfloat16: Widen;
}

/** Rejects where there is no WebAssembly SIMD. */
export async function createWidening(limits: ChunkLimits): Promise<Widening> {
  const memory = createStagingMemory(limits, limits.elements * FLOAT32_BYTES + SPARE_BYTES);
  const kernels = await loadSimdKernels(memory);
  const target = afterStaging(limits);
  const widen =
    (kernel: keyof SimdKernels & `widen${string}`, firstBad: number): Widen =>
    ({ buffer, byteOffset, length }) => {
      const isHere = buffer === memory.buffer;
      return isHere && kernels[kernel](byteOffset, length, target) < firstBad
        ? new Uint8Array(memory.buffer, target, 2 * length)
        : undefined;
    };
  return { memory, float16: widen("widenFloat16", 0x7c00), bfloat16: widen("widenBfloat16", 0x7f80) };
}

const FLOAT32_BYTES = 4;
/** Kernels go in whole strides. */
const SPARE_BYTES = 128;
