import { decode, type Values } from "./decode.ts";
import * as tables from "./byteTables.ts";
import type { Chunk, ReducibleDType } from "./engine.ts";
import { bfloat16Values, float16Values } from "./halfKernel.ts";

/** What `--full` needs of a part of a tensor. They add up. */
export interface FullSums {
  /** Σ|x| and Σx in float64; NaN and ±Inf go in as they are. */
  readonly l1: number;
  readonly sum: number;
  /** Elements that are exactly 0 or −0. */
  readonly zeros: number;
  /** How many elements have each binary exponent from 2⁻¹⁴⁹ to 2¹²⁸; what lies outside is in the outermost. */
  readonly exponents: ArrayLike<number>;
}

/** Those of float32, whose smallest number is 2⁻¹⁴⁹; all from 2¹²⁸ on are float64. */
export const FIRST_EXPONENT = -149;
const LAST_EXPONENT = 128;
export const EXPONENTS = LAST_EXPONENT - FIRST_EXPONENT + 1;

/** The same bits for the same chunk. */
export function fullSumsOf(chunk: Chunk): FullSums {
  const codes = codesOf(chunk);
  const values = valuesOf(chunk.dtype);
  if (codes === undefined || values === undefined) {
    return sumsOfValues(decode(chunk));
  }
  return codes.length < values.length ? sumsOfValues(lookUp(codes, values)) : sumsOfCodes(codes, values);
}

function codesOf({ dtype, bytes }: Chunk): Uint8Array | Uint16Array | undefined {
  const isWide = HALVES[dtype] !== undefined;
  const codes = isWide ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2) : bytes;
  return isWide || BYTES[dtype] !== undefined ? codes : undefined;
}

const BYTES: Readonly<Partial<Record<ReducibleDType, Float64Array>>> = {
  F8_E4M3: tables.E4M3_TABLE.values,
  F8_E5M2: tables.E5M2_TABLE.values,
  F8_E4M3FNUZ: tables.E4M3FNUZ_TABLE.values,
  F8_E5M2FNUZ: tables.E5M2FNUZ_TABLE.values,
  F8_E8M0: tables.E8M0_TABLE.values,
  BOOL: tables.BOOL_TABLE.values,
  I8: tables.I8_TABLE.values,
  U8: tables.U8_TABLE.values,
};

const HALVES: Readonly<Partial<Record<ReducibleDType, (codes: Uint16Array) => Float64Array>>> = {
  F16: (codes) => float16Values(new Uint8Array(codes.buffer)),
  BF16: (codes) => bfloat16Values(new Uint8Array(codes.buffer)),
  I16: (codes) => Float64Array.from(new Int16Array(codes.buffer)),
  U16: (codes) => Float64Array.from(codes),
};

/** The element that each code stands for. Of 16 bits half a megabyte, made when first needed. */
function valuesOf(dtype: ReducibleDType): Float64Array | undefined {
  const values =
    BYTES[dtype] ?? made.get(dtype) ?? HALVES[dtype]?.(Uint16Array.from({ length: 0x1_0000 }, (_, code) => code));
  if (values !== undefined) {
    made.set(dtype, values);
  }
  return values;
}

const made = new Map<ReducibleDType, Float64Array>();

function lookUp(codes: Uint8Array | Uint16Array, values: Float64Array): Float64Array {
  const found = new Float64Array(codes.length);
  for (let index = 0; index < codes.length; index += 1) {
    found[index] = values[codes[index] ?? 0] ?? Number.NaN;
  }
  return found;
}

/** Elements of at most 16 bits: many have the same code, so that counting them is most of the work. */
function sumsOfCodes(codes: Uint8Array | Uint16Array, values: Float64Array): FullSums {
  const counts = new Uint32Array(values.length);
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  const exponents = new Uint32Array(FLOAT64_EXPONENTS);
  let [l1, sum, zeros] = [0, 0, 0];
  for (let code = 0; code < values.length; code += 1) {
    const count = counts[code] ?? 0;
    const value = values[code] ?? 0;
    if (count > 0) {
      l1 += count * Math.abs(value);
      sum += count * value;
      zeros += value === 0 ? count : 0;
      block[0] = value;
      const exponent = exponentAt(1);
      exponents[exponent] = (exponents[exponent] ?? 0) + count;
    }
  }
  return { l1, sum, zeros, exponents: binsOf(exponents, zeros) };
}

/** All others, as float64, a block at a time: three short loops over the first cache are faster than one long one. */
function sumsOfValues(values: Values): FullSums {
  const exponents = new Uint32Array(FLOAT64_EXPONENTS);
  let [l1, sum, zeros] = [0, 0, 0];
  for (let start = 0; start < values.length; start += BLOCK) {
    const length = Math.min(BLOCK, values.length - start);
    block.set(values.subarray(start, start + length));
    block.fill(0, length, length + 4); // The loops go in fours.
    l1 += sumOfMagnitudes(length);
    sum += sumOf(length);
    const zerosBefore = exponents[0] ?? 0;
    countExponents(length, exponents);
    zeros += (exponents[0] ?? 0) > zerosBefore ? zerosIn(length) : 0;
  }
  return { l1, sum, zeros, exponents: binsOf(exponents, zeros) };
}

const BLOCK = 8192;
const block = new Float64Array(BLOCK + 4);
/** Little-endian, so the upper half of a float64 is the second. */
const halves = new Uint32Array(block.buffer);

const FLOAT64_EXPONENTS = 2048;

function exponentAt(half: number): number {
  return ((halves[half] ?? 0) >>> 20) & (FLOAT64_EXPONENTS - 1);
}

function sumOfMagnitudes(length: number): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let index = 0; index < length; index += 4) {
    sum0 += Math.abs(block[index] ?? 0);
    sum1 += Math.abs(block[index + 1] ?? 0);
    sum2 += Math.abs(block[index + 2] ?? 0);
    sum3 += Math.abs(block[index + 3] ?? 0);
  }
  return sum0 + sum1 + (sum2 + sum3);
}

function sumOf(length: number): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let index = 0; index < length; index += 4) {
    sum0 += block[index] ?? 0;
    sum1 += block[index + 1] ?? 0;
    sum2 += block[index + 2] ?? 0;
    sum3 += block[index + 3] ?? 0;
  }
  return sum0 + sum1 + (sum2 + sum3);
}

function countExponents(length: number, exponents: Uint32Array): void {
  for (let half = 1; half < 2 * length; half += 2) {
    const exponent = exponentAt(half);
    exponents[exponent] = (exponents[exponent] ?? 0) + 1;
  }
}

function zerosIn(length: number): number {
  let zeros = 0;
  for (let index = 0; index < length; index += 1) {
    zeros += block[index] === 0 ? 1 : 0;
  }
  return zeros;
}

/** Exponents of float64 as they stand in its bits: 0 is zero or subnormal, 2047 is NaN or ±Inf. */
function binsOf(exponents: Uint32Array, zeros: number): Uint32Array {
  const bins = new Uint32Array(EXPONENTS);
  bins[0] = (exponents[0] ?? 0) - zeros;
  for (let bits = 1; bits < FLOAT64_EXPONENTS - 1; bits += 1) {
    const bin = Math.min(Math.max(bits - 1023, FIRST_EXPONENT), LAST_EXPONENT) - FIRST_EXPONENT;
    bins[bin] = (bins[bin] ?? 0) + (exponents[bits] ?? 0);
  }
  return bins;
}
