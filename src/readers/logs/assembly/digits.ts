/** Bytes of a UTF-16 code unit. */
export const UNIT: usize = 2;

/** Where the last run of digits ended. */
export let runEnd: usize = 0;

const LANES = 8;
const ZERO: i16 = 48;

// For a run of n digits in a register: where each byte comes from so that the run stands at its end, with zeros before it.
const TO_END = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4, 5,
  255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7,
  255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
]);

const POWERS = memory.data<u64>([1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]);

/** The digits that stand at a place, after those of `before`; modulo 2^64. */
export function scanDigits(start: usize, before: u64): u64 {
  let digits = before;
  let at = start;
  let length = LANES;
  while (length == LANES) {
    const values = i16x8.sub(v128.load(at), i16x8.splat(ZERO));
    const others = i16x8.bitmask(i16x8.gt_u(values, i16x8.splat(9)));
    length = ctz(others | (1 << LANES));
    const run = i8x16.swizzle(values, v128.load(TO_END + ((length as usize) << 4)));
    digits = digits * load<u64>(POWERS + ((length as usize) << 3)) + (valueOf(run) as u64);
    at += (length as usize) * UNIT;
  }
  runEnd = at;
  return digits;
}

/** Of eight digits. */
function valueOf(run: v128): u32 {
  const weights = i16x8(1000, 100, 10, 1, 1000, 100, 10, 1);
  const pairs = i32x4.dot_i16x8_s(run, weights);
  const fours = i32x4.add(pairs, v128.shuffle<u32>(pairs, pairs, 1, 0, 3, 2));
  return i32x4.extract_lane(fours, 0) * 10_000 + i32x4.extract_lane(fours, 2);
}
