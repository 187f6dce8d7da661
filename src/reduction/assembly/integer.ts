import { keepLargest, largestOf16, largestOf32 } from "./largest";
import { addSquares, padded, total } from "./shared";

// Negative numbers have the square of their magnitude, so both signs end in unsigned arithmetic.

export function int32(start: usize, length: usize): f64 {
  const end = padded(start, length);
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let maxima = sum0;
  for (let at = start; at < end; at += 16) {
    const size = i32x4.abs(v128.load(at));
    sum0 = addSquares(sum0, f64x2.convert_low_i32x4_u(size));
    sum1 = addSquares(sum1, f64x2.convert_low_i32x4_u(v128.shuffle<u64>(size, size, 1, 0)));
    maxima = i32x4.max_u(maxima, size);
  }
  keepLargest(<f64>largestOf32(maxima));
  return total(sum0, sum1, f64x2.splat(0), f64x2.splat(0));
}

export function uint32(start: usize, length: usize): f64 {
  const end = padded(start, length);
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let maxima = sum0;
  for (let at = start; at < end; at += 16) {
    const size = v128.load(at);
    sum0 = addSquares(sum0, f64x2.convert_low_i32x4_u(size));
    sum1 = addSquares(sum1, f64x2.convert_low_i32x4_u(v128.shuffle<u64>(size, size, 1, 0)));
    maxima = i32x4.max_u(maxima, size);
  }
  keepLargest(<f64>largestOf32(maxima));
  return total(sum0, sum1, f64x2.splat(0), f64x2.splat(0));
}

export function int16(start: usize, length: usize): f64 {
  const end = padded(start, length);
  let sum = f64x2.splat(0);
  let maxima = sum;
  for (let at = start; at < end; at += 16) {
    const size = i16x8.abs(v128.load(at));
    sum = add16(sum, size);
    maxima = i16x8.max_u(maxima, size);
  }
  keepLargest(<f64>largestOf16(maxima));
  return total(sum, f64x2.splat(0), f64x2.splat(0), f64x2.splat(0));
}

export function uint16(start: usize, length: usize): f64 {
  const end = padded(start, length);
  let sum = f64x2.splat(0);
  let maxima = sum;
  for (let at = start; at < end; at += 16) {
    const size = v128.load(at);
    sum = add16(sum, size);
    maxima = i16x8.max_u(maxima, size);
  }
  keepLargest(<f64>largestOf16(maxima));
  return total(sum, f64x2.splat(0), f64x2.splat(0), f64x2.splat(0));
}

/** The squares of 16-bit numbers fit 32 bits. */
function add16(sum: v128, size: v128): v128 {
  const low = i32x4.extmul_low_i16x8_u(size, size);
  const high = i32x4.extmul_high_i16x8_u(size, size);
  const lows = f64x2.add(f64x2.convert_low_i32x4_u(low), f64x2.convert_low_i32x4_u(v128.shuffle<u64>(low, low, 1, 0)));
  const highs = f64x2.add(
    f64x2.convert_low_i32x4_u(high),
    f64x2.convert_low_i32x4_u(v128.shuffle<u64>(high, high, 1, 0)),
  );
  return f64x2.add(sum, f64x2.add(lows, highs));
}
