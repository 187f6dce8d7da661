import { keepLargest, largestOf32 } from "./largest";
import { addExactSquares, inRegister, padded, promoteHigh, STRIDE, total } from "./shared";

/** Σx² of float32, in float64, where none of these squares over- or underflows. */
export function float32(start: usize, length: usize): f64 {
  const end = padded(start, length);
  const magnitude = inRegister(0x7fffffff);
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let maxima0 = sum0;
  let maxima1 = sum0;
  for (let at = start; at < end; at += STRIDE) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    sum0 = addExactSquares(sum0, f64x2.promote_low_f32x4(a));
    sum1 = addExactSquares(sum1, promoteHigh(a));
    sum2 = addExactSquares(sum2, f64x2.promote_low_f32x4(b));
    sum3 = addExactSquares(sum3, promoteHigh(b));
    sum0 = addExactSquares(sum0, f64x2.promote_low_f32x4(c));
    sum1 = addExactSquares(sum1, promoteHigh(c));
    sum2 = addExactSquares(sum2, f64x2.promote_low_f32x4(d));
    sum3 = addExactSquares(sum3, promoteHigh(d));
    maxima0 = i32x4.max_u(maxima0, i32x4.max_u(v128.and(a, magnitude), v128.and(b, magnitude)));
    maxima1 = i32x4.max_u(maxima1, i32x4.max_u(v128.and(c, magnitude), v128.and(d, magnitude)));
  }
  // Larger magnitudes have larger bits: finite, then infinite, then NaN.
  keepLargest(reinterpret<f32>(largestOf32(i32x4.max_u(maxima0, maxima1))));
  return total(sum0, sum1, sum2, sum3);
}
