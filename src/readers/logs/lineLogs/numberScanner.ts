export interface ScannedNumber {
  value: number;
  /** Where the text goes on. */
  end: number;
  /** Digits after the point, -1 for a number with a power of ten: its digits do not tell how small it may be. */
  decimals: number;
}

/** Reads plainly written numbers out of a text: `12`, `-0.25`, `1.5E-05`. */
export interface NumberScanner {
  /** False when no plain number stands there; else it is in `number`. */
  readonly scan: (text: string, at: number) => boolean;
  readonly number: ScannedNumber;
}

const [ZERO, NINE, POINT, MINUS, PLUS] = [48, 57, 46, 45, 43];
const LOWER_CASE = 32;
const LETTER_E = 101;
// Up to here both the digits and the power of ten are exact in float64, so their quotient is the nearest number.
const EXACT_DIGITS = 15;
const EXACT_POWER = 22;
const EXACT_POWERS = Array.from({ length: EXACT_POWER + 1 }, (_, power) => Number(`1e${power}`));

export function createNumberScanner(): NumberScanner {
  const number: ScannedNumber = { value: 0, end: 0, decimals: 0 };

  function scan(text: string, start: number): boolean {
    const isNegative = text.charCodeAt(start) === MINUS;
    const first = isNegative ? start + 1 : start;
    const point = endOfDigits(text, first);
    const last = text.charCodeAt(point) === POINT ? endOfDigits(text, point + 1) : point;
    const decimals = Math.max(last - point - 1, 0);
    const digits = point - first + decimals;
    if (digits === 0) {
      return false;
    }
    const end = endOfExponent(text, last);
    number.end = end;
    number.decimals = end === last ? decimals : -1;
    const scale = powerOfTen(text, last, end) - decimals;
    const isExact = digits <= EXACT_DIGITS && scale >= -EXACT_POWER && scale <= EXACT_POWER;
    if (isExact) {
      const mantissa = digitsFrom(text, point + 1, last, digitsFrom(text, first, point, 0));
      number.value = scaled(isNegative ? -mantissa : mantissa, scale);
    } else {
      number.value = Number(text.slice(start, end));
    }
    return true;
  }

  return { scan, number };
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt(at)) {
    at += 1;
  }
  return at;
}

/** The digits of a range, after those that were read before. */
function digitsFrom(text: string, start: number, end: number, before: number): number {
  let value = before;
  for (let at = start; at < end; at += 1) {
    value = value * 10 + (text.charCodeAt(at) - ZERO);
  }
  return value;
}

/** The place itself when no power of ten stands there. */
function endOfExponent(text: string, at: number): number {
  if ((text.charCodeAt(at) | LOWER_CASE) !== LETTER_E) {
    return at;
  }
  const digits = afterSign(text, at + 1);
  const end = endOfDigits(text, digits);
  return end === digits ? at : end;
}

function powerOfTen(text: string, at: number, end: number): number {
  if (at === end) {
    return 0;
  }
  const power = digitsFrom(text, afterSign(text, at + 1), end, 0);
  return text.charCodeAt(at + 1) === MINUS ? -power : power;
}

function afterSign(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  return sign === MINUS || sign === PLUS ? at + 1 : at;
}

function scaled(mantissa: number, power: number): number {
  const scale = EXACT_POWERS[Math.abs(power)] ?? Number.NaN;
  return power < 0 ? mantissa / scale : mantissa * scale;
}
