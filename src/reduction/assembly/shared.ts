/** Kernels go in strides of this many bytes. */
export const STRIDE: usize = 64;

/** Fills the last stride with zeros, which change neither sum nor maximum, and gives its end. */
export function padded(start: usize, length: usize): usize {
  const end = start + length;
  const stop = start + ((length + STRIDE - 1) & ~(STRIDE - 1));
  memory.fill(end, 0, stop - end);
  return stop;
}

/** Zero, but only we know: as an exported variable it is never folded into a constant. */
export let zero: i32 = 0;

/**
 * Four times the same bits, kept in a register. V8 loads a vector that is a plain constant anew in every round of a loop,
 * which cost bfloat16 a quarter of its speed and float16 two fifths.
 */
export function inRegister(bits: i32): v128 {
  return i32x4.splat(bits + zero);
}

/** Eight sums become one, always in this order. */
export function total(sum0: v128, sum1: v128, sum2: v128, sum3: v128): f64 {
  const sum = f64x2.add(f64x2.add(sum0, sum1), f64x2.add(sum2, sum3));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Of four numbers below 2³². */
export function totalOf32(sums: v128): u64 {
  const pairs = i64x2.add(i64x2.extend_low_i32x4_u(sums), i64x2.extend_high_i32x4_u(sums));
  return i64x2.extract_lane(pairs, 0) + i64x2.extract_lane(pairs, 1);
}

/** The upper two of four float32, as float64. */
export function promoteHigh(values: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<u64>(values, values, 1, 0));
}

export function addSquares(sum: v128, values: v128): v128 {
  return f64x2.add(sum, f64x2.mul(values, values));
}

/**
 * The same of values with at most 26 significant bits. Their squares are exact in float64, so it makes no difference where
 * a processor multiplies and adds in one step, rounding once: that is a quarter faster, and the sum is the same bits.
 */
export function addExactSquares(sum: v128, values: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(values, values, sum) : addSquares(sum, values);
}

/** The same of products of two values with at most 26 significant bits each. */
export function addExactProducts(sum: v128, left: v128, right: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(left, right, sum) : f64x2.add(sum, f64x2.mul(left, right));
}

/** Four sums become one. */
export function both(left: v128, right: v128): f64 {
  const sum = f64x2.add(left, right);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** The sum of four counts. */
export function lanes(counts: v128): u32 {
  const pairs = i32x4.add(counts, v128.shuffle<u64>(counts, counts, 1, 0));
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}
