import { largestOf16 } from "./largest";
import { inRegister, padded } from "./shared";
import { magnitudesOf } from "./smallFloat";

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
  let maxima = i64x2.splat(0);
  let to = target;
  for (let at = start; at < end; at += 16) {
    const a = v128.and(v128.load(at), magnitude);
    v128.store(to, magnitudesOf(i32x4.shl(i32x4.extend_low_i16x8_u(a), 13)));
    v128.store(to, magnitudesOf(i32x4.shl(i32x4.extend_high_i16x8_u(a), 13)), 16);
    maxima = i16x8.max_u(maxima, a);
    to += 32;
  }
  return largestOf16(maxima);
}
