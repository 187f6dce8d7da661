import { largestOf16 } from "./largest";
import { inRegister, padded } from "./shared";

// Half types as float32, for whoever squares float32 only. Signs are lost, which squares do not miss. The result is the bits
// of the largest magnitude, which tell of NaN and Inf.

export function widenBfloat16(start: usize, length: usize, target: usize): u32 {
  const end = padded(start, length);
  const magnitude = inRegister(0x7fff7fff);
  let maxima = i64x2.splat(0);
  let to = target;
  for (let at = start; at < end; at += 16) {
    const a = v128.and(v128.load(at), magnitude);
    v128.store(to, i32x4.shl(i32x4.extend_low_i16x8_u(a), 16));
    v128.store(to, i32x4.shl(i32x4.extend_high_i16x8_u(a), 16), 16);
    maxima = i16x8.max_u(maxima, a);
    to += 32;
  }
  return largestOf16(maxima);
}

export function widenFloat16(start: usize, length: usize, target: usize): u32 {
  const end = padded(start, length);
  const magnitude = inRegister(0x7fff7fff);
  const bias = inRegister(BIAS);
  const smallest = inRegister(SMALLEST_NORMAL);
  let maxima = i64x2.splat(0);
  let to = target;
  for (let at = start; at < end; at += 16) {
    const a = v128.and(v128.load(at), magnitude);
    v128.store(to, float32Of(i32x4.extend_low_i16x8_u(a), bias, smallest));
    v128.store(to, float32Of(i32x4.extend_high_i16x8_u(a), bias, smallest), 16);
    maxima = i16x8.max_u(maxima, a);
    to += 32;
  }
  return largestOf16(maxima);
}

// From float16's exponent to float32's, in float32's place.
const BIAS: i32 = 112 << 23;
/** The bits of 2⁻¹⁴ as a float32. */
const SMALLEST_NORMAL: i32 = 113 << 23;

/**
 * Four float16 magnitudes as float32. Moving the exponent gets normal elements right. For subnormal ones it is moved one
 * further, which doubles them and adds 2⁻¹⁴ for the leading one that they lack, and this is taken off. Of the two results
 * the right one is always the smaller.
 */
function float32Of(codes: v128, bias: v128, smallest: v128): v128 {
  const bits = i32x4.shl(codes, 13);
  const subnormal = f32x4.sub(i32x4.add(bits, smallest), smallest);
  return f32x4.pmin(i32x4.add(bits, bias), subnormal);
}
