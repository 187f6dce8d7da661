import { runEnd, scanDigits, UNIT } from "./digits";
import { nearest } from "./nearest";

/** Where the text goes on after the last number. */
export let numberEnd: usize = 0;
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

/** A plainly written number: `12`, `-0.25`, `1.5E-05`. NaN where none stands, or one that must be read otherwise. */
export function scanNumber(start: usize): f64 {
  const isNegative = load<u16>(start) == MINUS;
  const first = isNegative ? start + UNIT : start;
  let digits = scanDigits(first, 0);
  const point = runEnd;
  if (point == first) {
    return NaN;
  }
  hasLeadingZero = load<u16>(first) == ZERO && point > first + UNIT;
  const fraction = load<u16>(point) == POINT ? point + UNIT : point;
  if (fraction > point) {
    digits = scanDigits(fraction, digits);
  }
  // A point without a digit behind it is none of the number.
  const end = runEnd == fraction ? point : runEnd;
  const length = end > point ? ((end - fraction) / UNIT) as i32 : 0;
  decimals = length;
  if (end - first > MOST_DIGITS * UNIT && significant(first, end) > MOST_DIGITS) {
    return NaN;
  }
  numberEnd = end;
  const size = nearest(digits, powerAt(end) - length);
  return isNegative ? -size : size;
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

/** The power of ten that stands at a place, 0 when there is none. */
function powerAt(at: usize): i32 {
  if ((load<u16>(at) | LOWER_CASE) != LETTER_E) {
    return 0;
  }
  const sign = load<u16>(at + UNIT);
  const first = sign == MINUS || sign == PLUS ? at + 2 * UNIT : at + UNIT;
  const power = scanDigits(first, 0) as i32;
  if (runEnd == first) {
    return 0;
  }
  decimals = POWER;
  numberEnd = runEnd;
  if (runEnd - first > MOST_POWER_DIGITS * UNIT) {
    return MAX_POWER;
  }
  return sign == MINUS ? -power : power;
}

// Of which `nearest` knows no number.
const MAX_POWER = 10_000;
