import { keepLargest, largestOf16 } from "./largest";
import { inRegister, padded, promoteHigh, total } from "./shared";

/** Σx² of float16, in float64. The maximum tells of NaN and Inf, the sum does not. */
export function float16(start: usize, length: usize): f64 {
  const end = padded(start, length);
  const magnitude = inRegister(0x7fff7fff);
  const lower = inRegister(0x0fffe000);
  const bias = inRegister(BIAS);
  const smallest = inRegister(SMALLEST_NORMAL);
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let maxima = sum0;
  for (let at = start; at < end; at += 16) {
    const a = v128.and(v128.load(at), magnitude);
    const even = squaresOf(v128.and(i32x4.shl(a, 13), lower), bias, smallest);
    const odd = squaresOf(v128.and(i32x4.shr_u(a, 3), lower), bias, smallest);
    sum0 = f64x2.add(sum0, f64x2.promote_low_f32x4(even));
    sum1 = f64x2.add(sum1, promoteHigh(even));
    sum2 = f64x2.add(sum2, f64x2.promote_low_f32x4(odd));
    sum3 = f64x2.add(sum3, promoteHigh(odd));
    maxima = i16x8.max_u(maxima, a);
  }
  const largest = largestOf16(maxima);
  keepLargest(largest < 0x7c00 ? valueOf(largest) : Infinity);
  return total(sum0, sum1, sum2, sum3);
}

/**
 * Σx² of the float16 that codes of 8 bits become when they are shifted up: by 8 those with two fraction bits, by 7 those
 * with three. Magnitudes from `firstBad` on are not finite.
 */
export function float8(start: usize, length: usize, shift: i32, firstBad: u32): f64 {
  const end = padded(start, length);
  const magnitude = inRegister(0x7f7f7f7f);
  const low = inRegister(0xff);
  const bias = inRegister(BIAS);
  const smallest = inRegister(SMALLEST_NORMAL);
  const up = shift + 13;
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let maxima = sum0;
  for (let at = start; at < end; at += 16) {
    const a = v128.and(v128.load(at), magnitude);
    const first = squaresOf(i32x4.shl(v128.and(a, low), up), bias, smallest);
    const second = squaresOf(i32x4.shl(v128.and(i32x4.shr_u(a, 8), low), up), bias, smallest);
    const third = squaresOf(i32x4.shl(v128.and(i32x4.shr_u(a, 16), low), up), bias, smallest);
    const fourth = squaresOf(i32x4.shl(i32x4.shr_u(a, 24), up), bias, smallest);
    sum0 = f64x2.add(sum0, f64x2.promote_low_f32x4(first));
    sum1 = f64x2.add(sum1, promoteHigh(first));
    sum2 = f64x2.add(sum2, f64x2.promote_low_f32x4(second));
    sum3 = f64x2.add(sum3, promoteHigh(second));
    sum0 = f64x2.add(sum0, f64x2.promote_low_f32x4(third));
    sum1 = f64x2.add(sum1, promoteHigh(third));
    sum2 = f64x2.add(sum2, f64x2.promote_low_f32x4(fourth));
    sum3 = f64x2.add(sum3, promoteHigh(fourth));
    maxima = i8x16.max_u(maxima, a);
  }
  const low16 = inRegister(0x00ff00ff);
  const pairs = i16x8.max_u(v128.and(maxima, low16), v128.and(i32x4.shr_u(maxima, 8), low16));
  const largest = largestOf16(pairs);
  keepLargest(largest < firstBad ? valueOf(largest << shift) : Infinity);
  return total(sum0, sum1, sum2, sum3);
}

// From float16's exponent to float32's, in float32's place.
const BIAS: i32 = 112 << 23;
/** The bits of 2⁻¹⁴ as a float32. */
const SMALLEST_NORMAL: i32 = 113 << 23;

/**
 * Squares of four float16 whose magnitudes lie in bits 13 to 27. They have 22 bits at most, so float32 holds them exactly.
 * Moving the exponent gets normal elements right. For subnormal ones it is moved one further, which doubles them and adds
 * 2⁻¹⁴ for the leading one that they lack, and this is taken off. Of the two results the right one is always the smaller.
 */
function squaresOf(bits: v128, bias: v128, smallest: v128): v128 {
  const value = magnitudes(bits, bias, smallest);
  return f32x4.mul(value, value);
}

function magnitudes(bits: v128, bias: v128, smallest: v128): v128 {
  const normal = i32x4.add(bits, bias);
  const subnormal = f32x4.sub(i32x4.add(bits, smallest), smallest);
  return f32x4.pmin(normal, subnormal);
}

/** Four float16 whose magnitudes lie in bits 13 to 27, as float32. */
export function magnitudesOf(bits: v128): v128 {
  return magnitudes(bits, inRegister(BIAS), inRegister(SMALLEST_NORMAL));
}

function valueOf(code: u32): f64 {
  const moved = reinterpret<f32>((code << 13) + BIAS);
  return min<f32>(moved, moved + moved - reinterpret<f32>(SMALLEST_NORMAL));
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
