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
  return { scan: (source, start) => scanInto(number, source, start), number };
}

/** Most numbers are a run, a point, one or two more runs, and no power of ten. */
function scanInto(number: ScannedNumber, source: CodedText, start: number): boolean {
  const { codes } = source;
  const first = codes[start] === MINUS ? start + 1 : start;
  const whole = wholeAt(number, codes, first);
  const point = number.end;
  const fraction = afterPoint(codes, point);
  const from = whole === 0 && fraction > point ? afterZeros(codes, fraction) : fraction;
  const upper = fraction > point ? runAt(number, codes, from) : 0;
  const middle = number.end;
  const lower = middle === from + RUN ? runAt(number, codes, middle) : 0;
  const last = number.end;
  const high = whole * powerOfTen(middle - from) + upper;
  number.decimals = last - fraction;
  number.hasLeadingZero = codes[first] === ZERO && point > first + 1;
  const scale = fraction - last + powerAt(number, codes, last);
  const size = digitAt(codes, number.end) < 10 ? Number.NaN : nearestNumber(high, lower, last - middle, scale);
  const value = Number.isNaN(size) ? readWhole(number, source, first) : size;
  number.value = first > start ? -value : value;
  return point > first;
}

/** The digits that stand at a place, those of one run at most. */
function runAt(number: ScannedNumber, codes: Uint16Array, from: number): number {
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
function wholeAt(number: ScannedNumber, codes: Uint16Array, from: number): number {
  const value = runAt(number, codes, from);
  const middle = number.end;
  if (middle < from + RUN) {
    return value;
  }
  const lower = runAt(number, codes, middle);
  return value * powerOfTen(number.end - middle) + lower;
}

/** The power of ten that stands at a place, 0 when there is none. */
function powerAt(number: ScannedNumber, codes: Uint16Array, at: number): number {
  if (((codes[at] ?? 0) | LOWER_CASE) !== LETTER_E) {
    return 0;
  }
  const sign = codes[at + 1];
  const digits = sign === MINUS || sign === PLUS ? at + 2 : at + 1;
  const power = runAt(number, codes, digits);
  if (number.end === digits) {
    number.end = at;
    return 0;
  }
  number.decimals = POWER;
  return sign === MINUS ? -power : power;
}

/** A number of more digits, which `Number` reads. */
function readWhole(number: ScannedNumber, { text, codes }: CodedText, first: number): number {
  const fraction = afterPoint(codes, endOfDigits(codes, first));
  const last = endOfDigits(codes, fraction);
  number.decimals = last - fraction;
  number.end = last;
  powerAt(number, codes, last);
  number.end = endOfDigits(codes, number.end);
  return Number(text.slice(first, number.end));
}

/** The place itself when no point with a digit behind it stands there. */
function afterPoint(codes: Uint16Array, at: number): number {
  return codes[at] === POINT && digitAt(codes, at + 1) < 10 ? at + 1 : at;
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
