// Powers of ten that float64 holds exactly.
const POWERS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const EXACT_POWER = POWERS.length - 1;
const EXACT_INTEGER = 2 ** 53;

/** 10^power, which is exact: 0 <= power <= EXACT_POWER. */
export function powerOfTen(power: number): number {
  return POWERS[power] ?? Number.NaN;
}

/**
 * The float64 nearest to `(first * 10^digits + rest) * 10^scale`, as `Number` has it; NaN where this cannot tell and the
 * digits must be given to `Number`. `first` and `rest` are integers, `rest` one of `digits` digits, nine at most.
 *
 * Below 2^53 the integer and the power of ten are exact and so their product or quotient is the nearest number (Clinger,
 * "How to Read Floating Point Numbers Accurately", 1990). Above it both are kept as unevaluated sums of two numbers, with
 * Dekker's products, and the result counts if an error of the remainder could not have changed it (Ziv's test).
 */
export function nearestNumber(first: number, rest: number, digits: number, scale: number): number {
  const shift = powerOfTen(digits);
  const shifted = first * shift;
  const integer = shifted + rest;
  if (scale < -EXACT_POWER || scale > EXACT_POWER) {
    return integer === 0 ? 0 : Number.NaN;
  }
  if (integer < EXACT_INTEGER) {
    return scale < 0 ? integer / powerOfTen(-scale) : integer * powerOfTen(scale);
  }
  if (scale > 0 || first >= EXACT_INTEGER) {
    return Number.NaN;
  }
  const below = rest - (integer - shifted) + productError(first, shift, shifted);
  return nearestQuotient(integer, below, powerOfTen(-scale));
}

// The remainder below is right to 2^-104 of the quotient.
const DOUBT = 2 ** -100;

function nearestQuotient(high: number, low: number, divisor: number): number {
  const quotient = high / divisor;
  const product = quotient * divisor;
  const remainder = high - product - productError(quotient, divisor, product) + low;
  const rest = remainder / divisor;
  const doubt = quotient * DOUBT;
  const nearest = quotient + (rest + doubt);
  return nearest === quotient + (rest - doubt) ? nearest : Number.NaN;
}

/** What `a * b` is more than its rounded product (Dekker, "A floating-point technique for extending the precision", 1971). */
function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

const SPLIT = 2 ** 27 + 1;

function upperHalf(number: number): number {
  const scaled = SPLIT * number;
  return scaled - (scaled - number);
}
