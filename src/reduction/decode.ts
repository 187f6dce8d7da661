import { isQuantised, type QuantisedDType } from "#core/dtype.ts";

import * as tables from "./byteTables.ts";
import type { Chunk, ReducibleDType } from "./engine.ts";
import { modulus } from "./complexKernel.ts";
import { bfloat16Values, float16Values } from "./halfKernel.ts";
import { dequantise } from "./quantised/dequantise.ts";

/** A chunk's elements as numbers, in their order; of complex elements the moduli. 64-bit integers are rounded once. */
export function decode({ dtype, bytes }: Chunk): Values {
  return isQuantised(dtype) ? dequantise(dtype, bytes) : DECODERS[dtype](bytes);
}

export type Values =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

const DECODERS: Readonly<Record<Exclude<ReducibleDType, QuantisedDType>, (bytes: Uint8Array) => Values>> = {
  F64: ({ buffer, byteOffset, length }) => new Float64Array(buffer, byteOffset, length / 8),
  F32: ({ buffer, byteOffset, length }) => new Float32Array(buffer, byteOffset, length / 4),
  C128: ({ buffer, byteOffset, length }) => moduli(new Float64Array(buffer, byteOffset, length / 8)),
  C64: ({ buffer, byteOffset, length }) => moduli(new Float32Array(buffer, byteOffset, length / 4)),
  C32: (bytes) => moduli(float16Values(bytes)),
  F16: float16Values,
  BF16: bfloat16Values,
  F8_E4M3: (bytes) => byTable(bytes, tables.E4M3_TABLE.values),
  F8_E5M2: (bytes) => byTable(bytes, tables.E5M2_TABLE.values),
  F8_E4M3FNUZ: (bytes) => byTable(bytes, tables.E4M3FNUZ_TABLE.values),
  F8_E5M2FNUZ: (bytes) => byTable(bytes, tables.E5M2FNUZ_TABLE.values),
  F8_E8M0: (bytes) => byTable(bytes, tables.E8M0_TABLE.values),
  F4: (bytes) => nibbles(bytes, smallFloat),
  I4: (bytes) => nibbles(bytes, tables.signedNibble),
  U4: (bytes) => nibbles(bytes, (code) => code),
  BOOL: (bytes) => byTable(bytes, tables.BOOL_TABLE.values),
  I8: ({ buffer, byteOffset, length }) => new Int8Array(buffer, byteOffset, length),
  U8: (bytes) => bytes,
  I16: ({ buffer, byteOffset, length }) => new Int16Array(buffer, byteOffset, length / 2),
  U16: ({ buffer, byteOffset, length }) => new Uint16Array(buffer, byteOffset, length / 2),
  I32: ({ buffer, byteOffset, length }) => new Int32Array(buffer, byteOffset, length / 4),
  U32: ({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length / 4),
  I64: (bytes) => integers64(bytes, "signed"),
  U64: (bytes) => integers64(bytes, "unsigned"),
};

function byTable(bytes: Uint8Array, values: Float64Array): Float64Array {
  const found = new Float64Array(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) {
    found[index] = values[bytes[index] ?? 0] ?? Number.NaN;
  }
  return found;
}

function nibbles(bytes: Uint8Array, valueOf: (code: number) => number): Float64Array {
  const values = new Float64Array(2 * bytes.length);
  for (let index = 0; index < bytes.length; index += 1) {
    const pair = bytes[index] ?? 0;
    values[2 * index] = valueOf(pair & 15);
    values[2 * index + 1] = valueOf(pair >> 4);
  }
  return values;
}

function smallFloat(code: number): number {
  const magnitude = tables.F4_MAGNITUDES[code & 7] ?? 0;
  return code > 7 ? -magnitude : magnitude;
}

function moduli(parts: Float32Array | Float64Array): Float64Array {
  const values = new Float64Array(parts.length / 2);
  for (let index = 0; index < values.length; index += 1) {
    values[index] = modulus(parts[2 * index] ?? 0, parts[2 * index + 1] ?? 0);
  }
  return values;
}

/** Rounded once, from a signed or unsigned upper and an unsigned lower half. */
function integers64({ buffer, byteOffset, length }: Uint8Array, signedness: "signed" | "unsigned"): Float64Array {
  const lower = new Uint32Array(buffer, byteOffset, length / 4);
  const upper = signedness === "signed" ? new Int32Array(buffer, byteOffset, length / 4) : lower;
  const values = new Float64Array(length / 8);
  for (let index = 0; index < values.length; index += 1) {
    values[index] = (upper[2 * index + 1] ?? 0) * 2 ** 32 + (lower[2 * index] ?? 0);
  }
  return values;
}
