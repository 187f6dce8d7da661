/** What the last kernel found besides its sum. */
let found: f64 = 0;

/** Largest absolute value of the elements of the last kernel's run; NaN or Infinity when one of them is not finite. */
export function largest(): f64 {
  return found;
}

export function keepLargest(value: f64): void {
  found = value;
}

/** Of four unsigned numbers. */
export function largestOf32(maxima: v128): u32 {
  const pairs = i32x4.max_u(maxima, v128.shuffle<u64>(maxima, maxima, 1, 0));
  return max<u32>(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
}

/** Of eight unsigned numbers. */
export function largestOf16(maxima: v128): u32 {
  return largestOf32(i32x4.max_u(i32x4.shr_u(maxima, 16), v128.and(maxima, i32x4.splat(0xffff))));
}

/** Of sixteen unsigned numbers. */
export function largestOf8(maxima: v128): u32 {
  return largestOf16(i16x8.max_u(i16x8.shr_u(maxima, 8), v128.and(maxima, i16x8.splat(0xff))));
}
