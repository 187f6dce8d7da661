import type { CodedText } from "./codedText.ts";
import { nearestNumber, powerOfTen } from "./nearestNumber.ts";

export interface ScannedNumber {
  value: number;
  /** Where the text goes on. */
  end: number;
  /** Digits after the point, -1 for a number with a power of ten: its digits do not tell how small it may be. */
  decimals: number;
  /** As in `007`, which is no number in JSON. */
  hasLeadingZero: boolean;
}

/** Reads plainly written numbers out of a text: `12`, `-0.25`, `1.5E-05`. They are what `Number` makes of them. */
export interface NumberScanner {
  /** False when no plain number stands there; else it is in `number`. */
  readonly scan: (source: CodedText, at: number) => boolean;
  readonly number: ScannedNumber;
}

const [ZERO, POINT, MINUS, PLUS] = [48, 46, 45, 43];
const LOWER_CASE = 32;
const LETTER_E = 101;
const POWER = -1;
// So many digits fit into a small integer, which is read faster.
const RUN = 9;

export function createNumberScanner(): NumberScanner {
  const number: ScannedNumber = { value: 0, end: 0, decimals: 0, hasLeadingZero: false };

  /** The digits that stand at a place, those of one run at most. */
  function runAt(codes: Uint16Array, from: number): number {
    const most = from + RUN;
    let value = 0;
    let at = from;
    for (let digit = digitAt(codes, at); digit < 10 && at < most; digit = digitAt(codes, at)) {
      value = (value * 10 + digit) | 0;
      at += 1;
    }
    number.end = at;
    return value;
  }

  /** The digits that stand at a place, those of two runs at most; exact up to 2^53. */
  function wholeAt(codes: Uint16Array, from: number): number {
    const value = runAt(codes, from);
    const middle = number.end;
    if (middle < from + RUN) {
      return value;
    }
    const lower = runAt(codes, middle);
    return value * powerOfTen(number.end - middle) + lower;
  }

  function scan({ text, codes }: CodedText, start: number): boolean {
    const first = codes[start] === MINUS ? start + 1 : start;
    const whole = wholeAt(codes, first);
    const point = number.end;
    const fraction = codes[point] === POINT && digitAt(codes, point + 1) < 10 ? point + 1 : point;
    const from = whole === 0 && fraction > point ? afterZeros(codes, fraction) : fraction;
    const upper = fraction > point ? runAt(codes, from) : 0;
    const middle = number.end;
    const lower = middle === from + RUN ? runAt(codes, middle) : 0;
    const last = number.end;
    const high = whole * powerOfTen(middle - from) + upper;
    number.decimals = last - fraction;
    number.hasLeadingZero = codes[first] === ZERO && point > first + 1;
    const scale = fraction - last + powerAt(codes, last);
    const size = digitAt(codes, number.end) < 10 ? Number.NaN : nearestNumber(high, lower, last - middle, scale);
    const value = Number.isNaN(size) ? readWhole(text, codes, first) : size;
    number.value = first > start ? -value : value;
    return point > first;
  }

  /** The power of ten that stands at a place, 0 when there is none. */
  function powerAt(codes: Uint16Array, at: number): number {
    if (((codes[at] ?? 0) | LOWER_CASE) !== LETTER_E) {
      return 0;
    }
    const sign = codes[at + 1];
    const digits = sign === MINUS || sign === PLUS ? at + 2 : at + 1;
    const power = runAt(codes, digits);
    if (number.end === digits) {
      number.end = at;
      return 0;
    }
    number.decimals = POWER;
    return sign === MINUS ? -power : power;
  }

  /** A number of more digits, which `Number` reads. */
  function readWhole(text: string, codes: Uint16Array, first: number): number {
    const point = endOfDigits(codes, first);
    const fraction = codes[point] === POINT && digitAt(codes, point + 1) < 10 ? point + 1 : point;
    const last = endOfDigits(codes, fraction);
    number.decimals = last - fraction;
    number.end = last;
    powerAt(codes, last);
    number.end = endOfDigits(codes, number.end);
    return Number(text.slice(first, number.end));
  }

  return { scan, number };
}

function afterZeros(codes: Uint16Array, from: number): number {
  let at = from;
  while (codes[at] === ZERO) {
    at += 1;
  }
  return at;
}

function endOfDigits(codes: Uint16Array, from: number): number {
  let at = from;
  while (digitAt(codes, at) < 10) {
    at += 1;
  }
  return at;
}

/** 10 or more where no digit stands. */
function digitAt(codes: Uint16Array, at: number): number {
  return ((codes[at] ?? 0) - ZERO) >>> 0;
}
