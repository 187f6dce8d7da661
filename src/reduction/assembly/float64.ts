import { keepLargest } from "./largest";
import { addSquares, inRegister, padded, STRIDE, total } from "./shared";

/** Σx² of float64. Whether squares over- or underflowed is for the caller to see, from the sum. */
export function float64(start: usize, length: usize): f64 {
  const end = padded(start, length);
  const magnitude = i64x2.shr_u(inRegister(-1), 1);
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
    sum0 = addSquares(sum0, a);
    sum1 = addSquares(sum1, b);
    sum2 = addSquares(sum2, c);
    sum3 = addSquares(sum3, d);
    maxima0 = larger(larger(maxima0, v128.and(a, magnitude)), v128.and(b, magnitude));
    maxima1 = larger(larger(maxima1, v128.and(c, magnitude)), v128.and(d, magnitude));
  }
  const maxima = larger(maxima0, maxima1);
  const bits = max<i64>(i64x2.extract_lane(maxima, 0), i64x2.extract_lane(maxima, 1));
  keepLargest(reinterpret<f64>(bits));
  return total(sum0, sum1, sum2, sum3);
}

/** Of magnitudes as integers, so that NaN is the largest. */
function larger(left: v128, right: v128): v128 {
  return v128.bitselect(left, right, i64x2.gt_s(left, right));
}
