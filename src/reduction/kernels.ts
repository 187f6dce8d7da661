import { reduceBytes } from "./byteKernel.ts";
import * as tables from "./byteTables.ts";
import type { Chunk, ReducibleDType } from "./engine.ts";
import { reduceComplex128, reduceComplex32, reduceComplex64 } from "./complexKernel.ts";
import { reduceFloat32 } from "./float32Kernel.ts";
import { reduceFloat64 } from "./float64Kernel.ts";
import { reduceBfloat16, reduceFloat16 } from "./halfKernel.ts";
import { reduceInteger64, reduceIntegers } from "./integerKernel.ts";
import { reduceQuantised } from "./quantised/dequantise.ts";
import type { Statistics } from "./statistics.ts";

/** Statistics of a chunk in plain TypeScript and float64. Typed arrays have the machine's byte order: little-endian. */
export function reduceInScript({ dtype, bytes }: Chunk): Statistics {
  return KERNELS[dtype](bytes);
}

const KERNELS: Readonly<Record<ReducibleDType, (bytes: Uint8Array) => Statistics>> = {
  F64: reduceFloat64,
  F32: reduceFloat32,
  C128: reduceComplex128,
  C64: reduceComplex64,
  C32: reduceComplex32,
  F16: reduceFloat16,
  BF16: reduceBfloat16,
  F8_E4M3: (bytes) => reduceBytes(bytes, tables.E4M3_TABLE),
  F8_E5M2: (bytes) => reduceBytes(bytes, tables.E5M2_TABLE),
  F8_E4M3FNUZ: (bytes) => reduceBytes(bytes, tables.E4M3FNUZ_TABLE),
  F8_E5M2FNUZ: (bytes) => reduceBytes(bytes, tables.E5M2FNUZ_TABLE),
  F8_E8M0: (bytes) => reduceBytes(bytes, tables.E8M0_TABLE),
  F4: (bytes) => reduceBytes(bytes, tables.F4_TABLE),
  I4: (bytes) => reduceBytes(bytes, tables.I4_TABLE),
  U4: (bytes) => reduceBytes(bytes, tables.U4_TABLE),
  BOOL: (bytes) => reduceBytes(bytes, tables.BOOL_TABLE),
  I8: (bytes) => reduceBytes(bytes, tables.I8_TABLE),
  U8: (bytes) => reduceBytes(bytes, tables.U8_TABLE),
  I16: (bytes) => reduceIntegers(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)),
  U16: (bytes) => reduceIntegers(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)),
  I32: (bytes) => reduceIntegers(new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)),
  U32: (bytes) => reduceIntegers(new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)),
  I64: (bytes) => reduceInteger64(bytes, "signed"),
  U64: (bytes) => reduceInteger64(bytes, "unsigned"),
  Q4_0: reduceQuantised("Q4_0"),
  Q4_1: reduceQuantised("Q4_1"),
  Q5_0: reduceQuantised("Q5_0"),
  Q5_1: reduceQuantised("Q5_1"),
  Q8_0: reduceQuantised("Q8_0"),
  Q2_K: reduceQuantised("Q2_K"),
  Q3_K: reduceQuantised("Q3_K"),
  Q4_K: reduceQuantised("Q4_K"),
  Q5_K: reduceQuantised("Q5_K"),
  Q6_K: reduceQuantised("Q6_K"),
  Q8_K: reduceQuantised("Q8_K"),
  IQ4_NL: reduceQuantised("IQ4_NL"),
  IQ4_XS: reduceQuantised("IQ4_XS"),
  Q1_0: reduceQuantised("Q1_0"),
  IQ1_S: reduceQuantised("IQ1_S"),
  IQ1_M: reduceQuantised("IQ1_M"),
  IQ2_XXS: reduceQuantised("IQ2_XXS"),
  IQ2_XS: reduceQuantised("IQ2_XS"),
  IQ2_S: reduceQuantised("IQ2_S"),
  IQ3_XXS: reduceQuantised("IQ3_XXS"),
  IQ3_S: reduceQuantised("IQ3_S"),
  TQ1_0: reduceQuantised("TQ1_0"),
  TQ2_0: reduceQuantised("TQ2_0"),
  MXFP4: reduceQuantised("MXFP4"),
  NVFP4: reduceQuantised("NVFP4"),
};
