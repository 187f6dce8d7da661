import { inRegister } from "./shared";

/** Four elements as float32. Of the types f32 is float32, u16 bfloat16 and i16 float16. */
export function floatsAt<T>(at: usize): v128 {
  if (isFloat<T>()) {
    return v128.load(at);
  }
  const codes = v128.load16x4_u(at);
  return isSigned<T>() ? float16Bits(codes) : i32x4.shl(codes, 16);
}

/**
 * Four float16 codes as float32 with their signs; NaN and Inf stay what they are. Moving the exponent gets normal elements
 * right. For subnormal ones it is moved one further, which doubles them and adds 2⁻¹⁴ for the leading one that they lack,
 * and this is taken off. Of the two results the right one is always the smaller. No instruction sees a subnormal float.
 */
function float16Bits(codes: v128): v128 {
  const smallest = inRegister(SMALLEST_NORMAL);
  const magnitude = v128.and(i32x4.shl(codes, 13), inRegister(0x7fff << 13));
  const subnormal = f32x4.sub(i32x4.add(magnitude, smallest), smallest);
  const finite = f32x4.pmin(i32x4.add(magnitude, inRegister(BIAS)), subnormal);
  const isNotFinite = f32x4.ge(finite, inRegister(TWO_TO_16));
  const sign = v128.and(i32x4.shl(codes, 16), inRegister(0x80000000));
  return v128.or(v128.or(finite, sign), v128.and(isNotFinite, inRegister(EXPONENT)));
}

// From float16's exponent to float32's, in float32's place.
const BIAS: i32 = 112 << 23;
/** The bits of 2⁻¹⁴ and 2¹⁶ as float32. */
const SMALLEST_NORMAL: i32 = 113 << 23;
const TWO_TO_16: i32 = (127 + 16) << 23;
/** The exponent of NaN and Inf. */
const EXPONENT: i32 = 0xff << 23;
