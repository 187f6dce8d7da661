import { float16Value } from "../halfKernel.ts";

/**
 * Writes the elements of the block that starts at a byte into `out`, from `to` on: float32, each operation rounded as ggml's
 * own C rounds it.
 */
export type Dequantiser = (block: DataView, at: number, out: Float32Array, to: number) => void;

/** The scale of a block. */
export function scaleAt(block: DataView, at: number): number {
  return float16Value(block.getUint16(at, true));
}
