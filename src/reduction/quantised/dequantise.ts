import { blockOf, type QuantisedDType } from "#core/dtype.ts";

import { reduceFloat32 } from "../float32Kernel.ts";
import { mergeStatistics, NOTHING, startingAt, type Statistics } from "../statistics.ts";

import type { Dequantiser } from "./block.ts";
import { iq1m, iq1s, iq2s, iq2xs, iq2xxs, iq3s, iq3xxs } from "./gridBlocks.ts";
import { q1, q4WithMiddle, q4WithMinimum, q5WithMiddle, q5WithMinimum, q8 } from "./simpleBlocks.ts";
import { q2K, q3K, q4K, q5K, q6K, q8K, ternary1, ternary2 } from "./superBlocks.ts";
import { mxfp4, nonLinear, nonLinearSuper, nvfp4 } from "./tableBlocks.ts";

const DEQUANTISERS: Readonly<Record<QuantisedDType, Dequantiser>> = {
  Q1_0: q1,
  Q4_0: q4WithMiddle,
  Q4_1: q4WithMinimum,
  Q5_0: q5WithMiddle,
  Q5_1: q5WithMinimum,
  Q8_0: q8,
  Q2_K: q2K,
  Q3_K: q3K,
  Q4_K: q4K,
  Q5_K: q5K,
  Q6_K: q6K,
  Q8_K: q8K,
  IQ1_S: iq1s,
  IQ1_M: iq1m,
  IQ2_XXS: iq2xxs,
  IQ2_XS: iq2xs,
  IQ2_S: iq2s,
  IQ3_XXS: iq3xxs,
  IQ3_S: iq3s,
  IQ4_NL: nonLinear,
  IQ4_XS: nonLinearSuper,
  TQ1_0: ternary1,
  TQ2_0: ternary2,
  MXFP4: mxfp4,
  NVFP4: nvfp4,
};

/** The elements of whole blocks, as the float32 numbers that ggml makes of them. */
export function dequantise(dtype: QuantisedDType, { buffer, byteOffset, length }: Uint8Array): Float32Array {
  const { elements, bytes } = blockOf(dtype);
  const out = new Float32Array(Math.floor(length / bytes) * elements);
  const blocks = new DataView(buffer, byteOffset, length);
  const dequantiseBlock = DEQUANTISERS[dtype];
  for (let at = 0, to = 0; to < out.length; at += bytes, to += elements) {
    dequantiseBlock(blocks, at, out, to);
  }
  return out;
}

/** Statistics of the numbers that whole blocks stand for, a few blocks at a time. */
export function reduceQuantised(dtype: QuantisedDType): (bytes: Uint8Array) => Statistics {
  const { elements, bytes: blockBytes } = blockOf(dtype);
  const pieceBytes = (PIECE_ELEMENTS / elements) * blockBytes;
  return (bytes) => {
    let total = NOTHING;
    for (let at = 0, first = 0; at < bytes.length; at += pieceBytes, first += PIECE_ELEMENTS) {
      const { buffer } = dequantise(dtype, bytes.subarray(at, at + pieceBytes));
      total = mergeStatistics(total, startingAt(first, reduceFloat32(new Uint8Array(buffer))));
    }
    return total;
  };
}

/** 64 KiB of float32 stay in the cache. A multiple of every block. */
const PIECE_ELEMENTS = 16_384;
