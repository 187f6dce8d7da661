import { decode } from "../decode.ts";
import type { Chunk, ReducibleDType } from "../engine.ts";
import { loadSimdKernels, type SimdKernels, type SimdVariant } from "../simdKernels.ts";
import { afterStaging, createStaging, createStagingMemory, type Placement, type WasmMemory } from "../staging.ts";
import { fromKernel, sumChange } from "./change.ts";
import type { PairMeasure, PairScales, PairSums } from "./measure.ts";
import { fromMomentKernel, sumMoments } from "./moments.ts";

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
      const found = kernels === undefined ? undefined : sumByKernel({ kernels, memory }, pair, measure, scales);
      if (found !== undefined) {
        return found;
      }
      const [one, other] = [decode(first), decode(second)];
      return measure === "change" ? sumChange(one, other) : sumMoments(one, other, scales);
    },
  };
}

/** Elements have 64 bits at most. */
const LIMITS = { bytes: 8 * PIECE_ELEMENTS, elements: PIECE_ELEMENTS };
const RESULTS = 32;
const RESULT_BYTES = RESULTS * 8;
const RESULTS_AT = 2 * afterStaging(LIMITS);

async function loadKernels(memory: WasmMemory, variant?: SimdVariant): Promise<SimdKernels | undefined> {
  try {
    return await loadSimdKernels(memory, variant);
  } catch {
    return undefined; // No WebAssembly SIMD here: script gives the same answers, slower.
  }
}

type Types = `${ReducibleDType} ${ReducibleDType}`;

const CHANGE_KERNELS: Readonly<Partial<Record<Types, keyof SimdKernels & `change${string}`>>> = {
  "F32 F32": "changeFloat32",
  "BF16 BF16": "changeBfloat16",
  "F16 F16": "changeFloat16",
  "BF16 F32": "changeBfloat16ToFloat32",
  "F32 BF16": "changeFloat32ToBfloat16",
  "F16 F32": "changeFloat16ToFloat32",
  "F32 F16": "changeFloat32ToFloat16",
};

const MOMENT_KERNELS: Readonly<Partial<Record<Types, keyof SimdKernels & `moments${string}`>>> = {
  "F32 F32": "momentsFloat32",
  "BF16 BF16": "momentsBfloat16",
};

interface Simd {
  readonly kernels: SimdKernels;
  readonly memory: WasmMemory;
}

/** Nothing where script must look: other types, chunks that lie elsewhere, NaN and ±Inf. */
function sumByKernel(
  { kernels, memory }: Simd,
  [first, second]: ChunkPair,
  measure: PairMeasure,
  { ratio, epsilon }: PairScales,
): PairSums | undefined {
  if (first.bytes.buffer !== memory.buffer || second.bytes.buffer !== memory.buffer) {
    return undefined;
  }
  const [one, other] = [first.bytes.byteOffset, second.bytes.byteOffset];
  const elements = first.bytes.length / (first.dtype === "F32" ? 4 : 2);
  const types = `${first.dtype} ${second.dtype}` as const;
  const found = new Float64Array(memory.buffer, RESULTS_AT, RESULTS);
  if (measure === "change") {
    const kernel = CHANGE_KERNELS[types];
    if (kernel === undefined) {
      return undefined;
    }
    kernels[kernel](one, other, elements, RESULTS_AT);
    return fromKernel(found);
  }
  const kernel = MOMENT_KERNELS[types];
  found.set([ratio, epsilon]);
  const isWhole = kernel !== undefined && kernels[kernel](one, other, elements, RESULTS_AT) !== 0;
  return isWhole ? fromMomentKernel(found) : undefined;
}
