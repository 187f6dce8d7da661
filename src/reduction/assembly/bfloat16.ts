import { keepLargest, largestOf16 } from "./largest";
import { addExactSquares, inRegister, padded, promoteHigh, total } from "./shared";

/** Σx² of bfloat16, the upper half of a float32, in float64. */
export function bfloat16(start: usize, length: usize): f64 {
  const end = padded(start, length);
  const magnitude = inRegister(0x7fff7fff);
  const upper = inRegister(0xffff0000);
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let maxima = sum0;
  for (let at = start; at < end; at += 32) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const even0 = i32x4.shl(a, 16);
    const odd0 = v128.and(a, upper);
    const even1 = i32x4.shl(b, 16);
    const odd1 = v128.and(b, upper);
    sum0 = addExactSquares(sum0, f64x2.promote_low_f32x4(even0));
    sum1 = addExactSquares(sum1, promoteHigh(even0));
    sum2 = addExactSquares(sum2, f64x2.promote_low_f32x4(odd0));
    sum3 = addExactSquares(sum3, promoteHigh(odd0));
    sum0 = addExactSquares(sum0, f64x2.promote_low_f32x4(even1));
    sum1 = addExactSquares(sum1, promoteHigh(even1));
    sum2 = addExactSquares(sum2, f64x2.promote_low_f32x4(odd1));
    sum3 = addExactSquares(sum3, promoteHigh(odd1));
    maxima = i16x8.max_u(maxima, i16x8.max_u(v128.and(a, magnitude), v128.and(b, magnitude)));
  }
  keepLargest(reinterpret<f32>(largestOf16(maxima) << 16));
  return total(sum0, sum1, sum2, sum3);
}
