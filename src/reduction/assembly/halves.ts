/**
 * Four float16 codes as float32 with their signs; NaN and Inf stay what they are. Moving the exponent gets normal elements
 * right. For subnormal ones it is moved one further, which doubles them and adds 2⁻¹⁴ for the leading one that they lack,
 * and this is taken off. Of the two results the right one is always the smaller.
 */
export function float16Bits(codes: v128): v128 {
  const sign = i32x4.shl(v128.and(codes, i32x4.splat(0x8000)), 16);
  const bits = i32x4.shl(v128.and(codes, i32x4.splat(0x7fff)), 13);
  const smallest = i32x4.splat(SMALLEST_NORMAL);
  const bias = i32x4.splat(BIAS);
  const subnormal = f32x4.sub(i32x4.add(bits, smallest), smallest);
  const finite = f32x4.pmin(i32x4.add(bits, bias), subnormal);
  const isNotFinite = i32x4.ge_s(bits, i32x4.splat(FIRST_NOT_FINITE));
  return v128.or(sign, v128.bitselect(v128.or(bits, i32x4.splat(EXPONENT)), finite, isNotFinite));
}

// From float16's exponent to float32's, in float32's place.
const BIAS: i32 = 112 << 23;
/** The bits of 2⁻¹⁴ as a float32. */
const SMALLEST_NORMAL: i32 = 113 << 23;
/** Exponent 31 of float16, moved up. */
const FIRST_NOT_FINITE: i32 = 0x7c00 << 13;
/** The exponent of NaN and Inf as float32. */
const EXPONENT: i32 = 0xff << 23;
