import { keepLargest, largestOf16, largestOf32, largestOf8 } from "./largest";
import { addSquares, inRegister, padded, total, totalOf32 } from "./shared";

// Negative numbers have the square of their magnitude, so both signs end in unsigned arithmetic.

export function int32(start: usize, length: usize): f64 {
  return sumOf32<i32>(start, padded(start, length));
}

export function uint32(start: usize, length: usize): f64 {
  return sumOf32<u32>(start, padded(start, length));
}

export function int16(start: usize, length: usize): f64 {
  return sumOf16<i16>(start, padded(start, length));
}

export function uint16(start: usize, length: usize): f64 {
  return sumOf16<u16>(start, padded(start, length));
}

export function int8(start: usize, length: usize): f64 {
  return sumOf8<i8>(start, padded(start, length));
}

export function uint8(start: usize, length: usize): f64 {
  return sumOf8<u8>(start, padded(start, length));
}

/** Any byte but zero is true, and counts 1. */
export function boolean(start: usize, length: usize): f64 {
  return sumOf8<bool>(start, padded(start, length));
}

function sumOf32<T>(start: usize, end: usize): f64 {
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let maxima = sum0;
  for (let at = start; at < end; at += 16) {
    const size = isSigned<T>() ? i32x4.abs(v128.load(at)) : v128.load(at);
    sum0 = addSquares(sum0, f64x2.convert_low_i32x4_u(size));
    sum1 = addSquares(sum1, f64x2.convert_low_i32x4_u(v128.shuffle<u64>(size, size, 1, 0)));
    maxima = i32x4.max_u(maxima, size);
  }
  keepLargest(<f64>largestOf32(maxima));
  return total(sum0, sum1, f64x2.splat(0), f64x2.splat(0));
}

/** The squares of 16-bit numbers fit 32 bits. */
function sumOf16<T>(start: usize, end: usize): f64 {
  let sum = i64x2.splat(0);
  let maxima = sum;
  for (let at = start; at < end; at += 16) {
    const size = isSigned<T>() ? i16x8.abs(v128.load(at)) : v128.load(at);
    sum = addIntegers(sum, i32x4.extmul_low_i16x8_u(size, size));
    sum = addIntegers(sum, i32x4.extmul_high_i16x8_u(size, size));
    maxima = i16x8.max_u(maxima, size);
  }
  keepLargest(<f64>largestOf16(maxima));
  return <f64>(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1));
}

/** Four squares of 8-bit numbers fit 32 bits, and those of 2¹⁴ steps. */
function sumOf8<T>(start: usize, end: usize): f64 {
  const one = inRegister(0x01010101);
  const none = inRegister(0);
  let sum: u64 = 0;
  let maxima = i64x2.splat(0);
  for (let at = start; at < end;) {
    const stop = min(end, at + 16 * 16_384);
    let sums = i32x4.splat(0);
    for (; at < stop; at += 16) {
      const bytes = v128.load(at);
      const size = isBoolean<T>() ? v128.and(i8x16.ne(bytes, none), one) : isSigned<T>() ? i8x16.abs(bytes) : bytes;
      const low = i32x4.extadd_pairwise_i16x8_u(i16x8.extmul_low_i8x16_u(size, size));
      const high = i32x4.extadd_pairwise_i16x8_u(i16x8.extmul_high_i8x16_u(size, size));
      sums = i32x4.add(sums, i32x4.add(low, high));
      maxima = i8x16.max_u(maxima, size);
    }
    sum += totalOf32(sums);
  }
  keepLargest(<f64>largestOf8(maxima));
  return <f64>sum;
}

function addIntegers(sum: v128, values: v128): v128 {
  return i64x2.add(sum, i64x2.add(i64x2.extend_low_i32x4_u(values), i64x2.extend_high_i32x4_u(values)));
}

/** Σx² of E2M1, two in a byte. Their halves are whole numbers, whose squares a table of eight bytes holds. */
export function float4(start: usize, length: usize): f64 {
  const end = padded(start, length);
  const magnitude = inRegister(0x07070707);
  const squares = i8x16(0, 1, 4, 9, 16, 36, 64, -112, 0, 0, 0, 0, 0, 0, 0, 0);
  let sum = i64x2.splat(0);
  let maxima = sum;
  for (let at = start; at < end; at += 16) {
    const low = v128.and(v128.load(at), magnitude);
    const high = v128.and(i16x8.shr_u(v128.load(at), 4), magnitude);
    const lows = i16x8.extadd_pairwise_i8x16_u(v128.swizzle(squares, low));
    const highs = i16x8.extadd_pairwise_i8x16_u(v128.swizzle(squares, high));
    sum = addIntegers(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.add(lows, highs)));
    maxima = i8x16.max_u(maxima, i8x16.max_u(low, high));
  }
  const largestSquare = i8x16.extract_lane_u(v128.swizzle(squares, i8x16.splat(<i8>largestOf8(maxima))), 0);
  keepLargest(0.5 * sqrt<f64>(largestSquare));
  return 0.25 * <f64>(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1));
}
