import { keepLargest, largestOf16 } from "./largest";
import { addExactSquares, inRegister, padded, total, totalOf32 } from "./shared";

/** Σx² of float16, in float64. The maximum tells of NaN and Inf, the sum does not. */
export function float16(start: usize, length: usize): f64 {
  return sumSquares<u16>(start, padded(start, length), 0, 0x7c00);
}

/**
 * Σx² of the float16 that codes of 8 bits become when they are shifted up: by 8 those with two fraction bits, by 7 those
 * with three. Magnitudes from `firstBad` on are not finite; below it exponent 31 is one like any other.
 */
export function float8(start: usize, length: usize, shift: i32, firstBad: u32): f64 {
  return sumSquares<u8>(start, padded(start, length), shift, firstBad << shift);
}

/**
 * Eight elements a step. Of subnormal ones the fractions are squared as integers, the others become float64 by their bits
 * alone: no instruction sees a subnormal float, on which many processors are slow.
 */
function sumSquares<T>(start: usize, end: usize, shift: i32, firstBad: u32): f64 {
  const step = 8 * sizeof<T>();
  const magnitude = inRegister(sizeof<T>() === 1 ? 0x007f007f : 0x7fff7fff);
  const fraction = inRegister(0x03ff03ff);
  const bias = inRegister((BIAS << 16) | BIAS);
  const none = inRegister(0);
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let maxima = sum0;
  let subnormals: u64 = 0;
  for (let at = start; at < end;) {
    const stop = min(end, at + STEPS_IN_32_BITS * step);
    let squares = i32x4.splat(0);
    for (; at < stop; at += step) {
      const codes = codesAt<T>(at, magnitude, shift);
      maxima = i16x8.max_u(maxima, codes);
      const isNormal = i16x8.gt_s(codes, fraction);
      const small = v128.andnot(codes, isNormal);
      squares = i32x4.add(squares, i32x4.dot_i16x8_s(small, small));
      // The upper half of a float64: sign, exponent and four bits of the fraction, then the other six.
      const normal = v128.and(codes, isNormal);
      const upper = i16x8.add(i16x8.shr_u(normal, 6), v128.and(isNormal, bias));
      const lower = i16x8.shl(normal, 10);
      const first = v128.shuffle<u16>(lower, upper, 0, 8, 1, 9, 2, 10, 3, 11);
      const second = v128.shuffle<u16>(lower, upper, 4, 12, 5, 13, 6, 14, 7, 15);
      sum0 = addExactSquares(sum0, v128.shuffle<u32>(none, first, 0, 4, 1, 5));
      sum1 = addExactSquares(sum1, v128.shuffle<u32>(none, first, 2, 6, 3, 7));
      sum2 = addExactSquares(sum2, v128.shuffle<u32>(none, second, 0, 4, 1, 5));
      sum3 = addExactSquares(sum3, v128.shuffle<u32>(none, second, 2, 6, 3, 7));
    }
    subnormals += totalOf32(squares);
  }
  const largest = largestOf16(maxima);
  keepLargest(largest < firstBad ? valueOf(largest) : Infinity);
  return total(sum0, sum1, sum2, sum3) + <f64>subnormals * (UNIT * UNIT);
}

/** Squares of subnormal fractions are below 2²⁰, and a step adds two of them to a lane. */
const STEPS_IN_32_BITS: usize = 1024;

// From float16's exponent to float64's, in the place where the upper 16 bits have it.
const BIAS: i32 = (1023 - 15) << 4;

/** Subnormal elements are multiples of 2⁻²⁴. */
const UNIT: f64 = 1.0 / <f64>(1 << 24);

/** Eight codes without their signs, as those of float16. */
function codesAt<T>(at: usize, magnitude: v128, shift: i32): v128 {
  return sizeof<T>() === 1
    ? i16x8.shl(v128.and(v128.load8x8_u(at), magnitude), shift)
    : v128.and(v128.load(at), magnitude);
}

function valueOf(code: u32): f64 {
  return code < 0x400 ? <f64>code * UNIT : reinterpret<f64>(((<u64>code) << 42) + ((<u64>BIAS) << 48));
}

/** Whether a byte is there. The FNUZ kinds have their only NaN where others have a negative zero, which no maximum shows. */
export function hasByte(start: usize, length: usize, byte: i32): bool {
  const end = padded(start, length);
  const wanted = i8x16.splat(<i8>byte);
  let found = i64x2.splat(0);
  for (let at = start; at < end; at += 16) {
    found = v128.or(found, i8x16.eq(v128.load(at), wanted));
  }
  return v128.any_true(found);
}
