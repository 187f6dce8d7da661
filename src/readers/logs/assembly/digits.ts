/** Bytes of a UTF-16 code unit. */
export const UNIT: usize = 2;

/** What is read of a number so far, without its point; modulo 2^64. */
export let digits: u64 = 0;

const LANES: usize = 8;
const ZERO: i16 = 48;

// For a run of n digits in a register: where each byte comes from so that the run stands at its end, with zeros before it.
const TO_END = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4,
  5, 6, 7, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  10, 11, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
]);

const POWERS = memory.data<u64>([1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]);

/** Begins a number with the digits that stand at a place; gives where they end. Mostly there are few. */
export function beginDigits(start: usize): usize {
  let sum: u64 = 0;
  let at = start;
  for (let digit = digitAt(at); digit < 10; digit = digitAt(at)) {
    sum = sum * 10 + digit;
    at += UNIT;
  }
  digits = sum;
  return at;
}

/** 10 or more where no digit stands. */
function digitAt(at: usize): u32 {
  return (load<u16>(at) as u32) - (ZERO as u32);
}

/** Goes on with the digits that stand at a place; gives where they end. Mostly there are many. */
export function addDigits(start: usize): usize {
  let sum = digits;
  let at = start;
  let values = valuesAt(at);
  let others = othersIn(values);
  while (others == 0) {
    sum = sum * 100_000_000 + (valueOf(values) as u64);
    at += LANES * UNIT;
    values = valuesAt(at);
    others = othersIn(values);
  }
  const length = ctz(others) as usize;
  const run = i8x16.swizzle(values, v128.load(TO_END + (length << 4)));
  digits = sum * load<u64>(POWERS + (length << 3)) + (valueOf(run) as u64);
  return at + length * UNIT;
}

function valuesAt(at: usize): v128 {
  return i16x8.sub(v128.load(at), i16x8.splat(ZERO));
}

/** A bit for each that is no digit. */
function othersIn(values: v128): i32 {
  return i16x8.bitmask(i16x8.gt_u(values, i16x8.splat(9)));
}

/** Of eight digits. */
function valueOf(run: v128): u32 {
  const weights = i16x8(1000, 100, 10, 1, 1000, 100, 10, 1);
  const pairs = i32x4.dot_i16x8_s(run, weights);
  const fours = i32x4.add(pairs, v128.shuffle<u32>(pairs, pairs, 1, 0, 3, 2));
  return i32x4.extract_lane(fours, 0) * 10_000 + i32x4.extract_lane(fours, 2);
}
