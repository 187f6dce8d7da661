import * as tables from "./byteTables.ts";
import type { Chunk, ReducibleDType } from "./engine.ts";
import { modulus } from "./complexKernel.ts";
import { bfloat16Values, float16Values } from "./halfKernel.ts";

/** A chunk's elements as numbers, in their order; of complex elements the moduli. 64-bit integers are rounded once. */
export function decode({ dtype, bytes }: Chunk): ArrayLike<number> {
  return DECODERS[dtype](bytes);
}

const DECODERS: Readonly<Record<ReducibleDType, (bytes: Uint8Array) => ArrayLike<number>>> = {
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
  F4: nibbles,
  BOOL: (bytes) => byTable(bytes, tables.BOOL_TABLE.values),
  I8: ({ buffer, byteOffset, length }) => new Int8Array(buffer, byteOffset, length),
  U8: (bytes) => bytes,
  I16: ({ buffer, byteOffset, length }) => new Int16Array(buffer, byteOffset, length / 2),
  U16: ({ buffer, byteOffset, length }) => new Uint16Array(buffer, byteOffset, length / 2),
  I32: ({ buffer, byteOffset, length }) => new Int32Array(buffer, byteOffset, length / 4),
  U32: ({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length / 4),
  I64: ({ buffer, byteOffset, length }) => Float64Array.from(new BigInt64Array(buffer, byteOffset, length / 8), Number),
  U64: ({ buffer, byteOffset, length }) =>
    Float64Array.from(new BigUint64Array(buffer, byteOffset, length / 8), Number),
};

function byTable(bytes: Uint8Array, values: Float64Array): Float64Array {
  return Float64Array.from(bytes, (code) => values[code] ?? Number.NaN);
}

function nibbles(bytes: Uint8Array): Float64Array {
  const values = new Float64Array(2 * bytes.length);
  bytes.forEach((pair, index) => {
    values[2 * index] = nibbleValue(pair & 15);
    values[2 * index + 1] = nibbleValue(pair >> 4);
  });
  return values;
}

function nibbleValue(code: number): number {
  const magnitude = tables.F4_MAGNITUDES[code & 7] ?? 0;
  return code > 7 ? -magnitude : magnitude;
}

function moduli(parts: Float32Array | Float64Array): Float64Array {
  return Float64Array.from({ length: parts.length / 2 }, (_, index) => {
    return modulus(parts[2 * index] ?? 0, parts[2 * index + 1] ?? 0);
  });
}
