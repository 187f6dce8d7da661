import { finiteStatistics, nonFiniteStatistics, type Statistics } from "./statistics.ts";

/** Float16 (1 sign, 5 exponent, 10 fraction bits) by table, in float64. Subnormals cost nothing extra. */
export function reduceFloat16(bytes: Uint8Array): Statistics {
  float16Squares ??= squaresBy(float16Magnitude);
  return reduceHalf(bytes, float16Squares, float16Magnitude);
}

/** Bfloat16 (the upper half of a float32) by table, in float64. */
export function reduceBfloat16(bytes: Uint8Array): Statistics {
  bfloat16Squares ??= squaresBy(bfloat16Magnitude);
  return reduceHalf(bytes, bfloat16Squares, bfloat16Magnitude);
}

/** The elements of a float16 chunk. */
export function float16Values(bytes: Uint8Array): Float64Array {
  return halfValues(bytes, float16Magnitude);
}

/** The elements of a bfloat16 chunk. */
export function bfloat16Values(bytes: Uint8Array): Float64Array {
  return halfValues(bytes, bfloat16Magnitude);
}

function halfValues({ buffer, byteOffset, length }: Uint8Array, magnitudeOf: (bits: number) => number): Float64Array {
  const codes = new Uint16Array(buffer, byteOffset, length / 2);
  const values = new Float64Array(codes.length); // A loop: `from` with a function takes a hundred times as long.
  for (let index = 0; index < codes.length; index += 1) {
    values[index] = signed(codes[index] ?? 0, magnitudeOf);
  }
  return values;
}

/** One float16 by its bits. */
export function float16Value(code: number): number {
  float16Table ??= Float32Array.from({ length: 2 * MAGNITUDES }, (_, each) => signed(each, float16Magnitude));
  return float16Table[code] ?? Number.NaN;
}

let float16Table: Float32Array | undefined;

/** Square of each of the 32,768 magnitudes: 256 KiB a format, made when first needed. */
let float16Squares: Float64Array | undefined;
let bfloat16Squares: Float64Array | undefined;

const MAGNITUDES = 0x8000;
const MAGNITUDE_BITS = 0x7fff;

// In both formats a larger magnitude has larger bits, so the integer maximum is that of the values.
function reduceHalf(bytes: Uint8Array, squares: Float64Array, magnitudeOf: (bits: number) => number): Statistics {
  const codes = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const end = codes.length - (codes.length % 2);
  let [sum0, sum1, largest] = [0, 0, 0];
  for (let index = 0; index < end; index += 2) {
    const bits0 = (codes[index] ?? 0) & MAGNITUDE_BITS;
    const bits1 = (codes[index + 1] ?? 0) & MAGNITUDE_BITS;
    sum0 += squares[bits0] ?? 0;
    sum1 += squares[bits1] ?? 0;
    largest = largest > bits0 ? largest : bits0;
    largest = largest > bits1 ? largest : bits1;
  }
  if (end < codes.length) {
    const bits = (codes[end] ?? 0) & MAGNITUDE_BITS;
    sum0 += squares[bits] ?? 0;
    largest = Math.max(largest, bits);
  }
  const sum = sum0 + sum1;
  return Number.isFinite(sum)
    ? finiteStatistics(sum, magnitudeOf(largest))
    : nonFiniteStatistics(codes.length, (index) => signed(codes[index] ?? 0, magnitudeOf));
}

function signed(code: number, magnitudeOf: (bits: number) => number): number {
  const magnitude = magnitudeOf(code & MAGNITUDE_BITS);
  return code > MAGNITUDE_BITS ? -magnitude : magnitude;
}

function squaresBy(magnitudeOf: (bits: number) => number): Float64Array {
  return Float64Array.from({ length: MAGNITUDES }, (_, bits) => magnitudeOf(bits) ** 2);
}

/** IEEE 754 binary16: subnormals are multiples of 2⁻²⁴, exponent 31 is Inf or NaN. */
function float16Magnitude(bits: number): number {
  const exponent = bits >> 10;
  const fraction = bits & 0x3ff;
  if (exponent === 31) {
    return fraction === 0 ? Infinity : Number.NaN;
  }
  return exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
}

function bfloat16Magnitude(bits: number): number {
  float32Bits[0] = bits * 0x1_0000;
  return float32Value[0] ?? 0;
}

const float32Bits = new Uint32Array(1);
const float32Value = new Float32Array(float32Bits.buffer);
