import { decode } from "../decode.ts";
import type { Chunk, ReducibleDType } from "../engine.ts";
import { loadSimdKernels, type SimdKernels, type SimdVariant } from "../simdKernels.ts";
import { afterStaging, createStaging, createStagingMemory, type Placement, type WasmMemory } from "../staging.ts";
import { fromKernel, sumChange } from "./change.ts";
import type { PairMeasure, PairScales, PairSums } from "./measure.ts";
import { sumMoments } from "./moments.ts";

/** Two chunks of the same elements, before and after, or first and second moment. */
export type ChunkPair = readonly [Chunk, Chunk];

export type Side = 0 | 1;

/** Sums over pairs of chunks. The same pair always gives the same bits. One pair of tensors at a time. */
export interface PairReducer {
  /** Elements of a piece at most. */
  readonly pieceElements: number;
  /** Memory for a chunk of one side, for this turn or the next: chunks that lie there are fast. */
  readonly place: (side: Side, turn: number, placement: Placement) => Uint8Array;
  readonly reduce: (pair: ChunkPair, measure: PairMeasure, scales: PairScales) => PairSums;
}

/** Elements of a piece, for every type: two sides of float32 stay in a cache of 2 MiB. */
export const PIECE_ELEMENTS = 256 * 1024;

/** With SIMD where the machine has it; elsewhere in script. */
export async function createPairReducer(variant?: SimdVariant | "none"): Promise<PairReducer> {
  const memory = createStagingMemory(LIMITS, afterStaging(LIMITS) + RESULT_BYTES);
  const staging = createStaging(LIMITS, memory);
  const kernels = variant === "none" ? undefined : await loadKernels(memory, variant);
  return {
    pieceElements: PIECE_ELEMENTS,
    place: (side, turn, placement) => staging.place(2 * side + (turn % 2), placement),
    reduce(pair, measure, scales) {
      const [first, second] = pair;
      if (measure === "moments") {
        return sumMoments(decode(first), decode(second), scales);
      }
      return (
        (kernels === undefined ? undefined : sumByKernel(kernels, memory, pair)) ??
        sumChange(decode(first), decode(second))
      );
    },
  };
}

/** Elements have 64 bits at most. */
const LIMITS = { bytes: 8 * PIECE_ELEMENTS, elements: PIECE_ELEMENTS };
const RESULT_BYTES = 64;
const RESULTS = RESULT_BYTES / 8 - 1;

async function loadKernels(memory: WasmMemory, variant?: SimdVariant): Promise<SimdKernels | undefined> {
  try {
    return await loadSimdKernels(memory, variant);
  } catch {
    return undefined; // No WebAssembly SIMD here: script gives the same answers, slower.
  }
}

const KERNELS: Readonly<Partial<Record<`${ReducibleDType} ${ReducibleDType}`, keyof SimdKernels & `change${string}`>>> =
  {
    "F32 F32": "changeFloat32",
    "BF16 BF16": "changeBfloat16",
    "F16 F16": "changeFloat16",
    "BF16 F32": "changeBfloat16ToFloat32",
    "F32 BF16": "changeFloat32ToBfloat16",
    "F16 F32": "changeFloat16ToFloat32",
    "F32 F16": "changeFloat32ToFloat16",
  };

function sumByKernel(kernels: SimdKernels, memory: WasmMemory, [first, second]: ChunkPair): PairSums | undefined {
  const name = KERNELS[`${first.dtype} ${second.dtype}`];
  if (name === undefined || first.bytes.buffer !== memory.buffer || second.bytes.buffer !== memory.buffer) {
    return undefined;
  }
  const elements = first.bytes.length / (first.dtype === "F32" ? 4 : 2);
  const target = 2 * afterStaging(LIMITS);
  kernels[name](first.bytes.byteOffset, second.bytes.byteOffset, elements, target);
  return fromKernel(new Float64Array(memory.buffer, target, RESULTS));
}
