import { addDigits, beginDigits, digits, UNIT } from "./digits";
import { nearest } from "./nearest";

/** The last number. */
export let value: f64 = 0;
/** Its digits after the point; POWER for a number with a power of ten, whose digits do not tell how small it may be. */
export let decimals: i32 = 0;
/** As in `007`, which is no number in JSON. */
export let hasLeadingZero: bool = false;

export const POWER = -1;

const ZERO: u16 = 48;
const POINT: u16 = 46;
const MINUS: u16 = 45;
const PLUS: u16 = 43;
const LETTER_E: u16 = 101;
const LOWER_CASE: u16 = 32;

// So many fit into 64 bits.
const MOST_DIGITS: usize = 19;
// A larger power of ten gives no number that this reads.
const MOST_POWER_DIGITS: usize = 4;

/**
 * Reads a plainly written number: `12`, `-0.25`, `1.5E-05`. Gives where it ends, 0 where none stands or one that must be read
 * otherwise.
 */
export function scanNumber(start: usize): usize {
  const isNegative = load<u16>(start) == MINUS;
  const first = isNegative ? start + UNIT : start;
  const point = beginDigits(first);
  if (point == first) {
    return 0;
  }
  hasLeadingZero = point > first + UNIT && load<u16>(first) == ZERO;
  const fraction = point + UNIT;
  const last = load<u16>(point) == POINT ? addDigits(fraction) : point;
  // A point without a digit behind it is none of the number.
  const end = last == fraction ? point : last;
  const length = end == point ? 0 : (((end - fraction) / UNIT) as i32);
  if (end - first > MOST_DIGITS * UNIT && significant(first, end) > MOST_DIGITS) {
    return 0;
  }
  decimals = length;
  const whole = digits;
  if ((load<u16>(end) | LOWER_CASE) == LETTER_E) {
    return scanPower(end, whole, isNegative);
  }
  const size = nearest(whole, -length);
  value = isNegative ? -size : size;
  return end;
}

/** Digits from the first one on that is not zero. */
function significant(first: usize, end: usize): usize {
  let count: usize = 0;
  for (let at = first; at < end; at += UNIT) {
    const code = load<u16>(at);
    count += usize(code != POINT && (count > 0 || code != ZERO));
  }
  return count;
}

/** Goes on where a number may have a power of ten. */
function scanPower(letter: usize, whole: u64, isNegative: bool): usize {
  const sign = load<u16>(letter + UNIT);
  const first = sign == MINUS || sign == PLUS ? letter + 2 * UNIT : letter + UNIT;
  const end = beginDigits(first);
  const power = end - first > MOST_POWER_DIGITS * UNIT ? MAX_POWER : (digits as i32);
  const scale = (end == first ? 0 : sign == MINUS ? -power : power) - decimals;
  const size = nearest(whole, scale);
  value = isNegative ? -size : size;
  if (end == first) {
    return letter;
  }
  decimals = POWER;
  return end;
}

// Of which `nearest` knows no number.
const MAX_POWER = 10_000;
