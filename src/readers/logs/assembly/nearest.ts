// 10^0 to 10^22, which float64 holds exactly.
const EXACT_POWERS = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]);
const LARGEST_EXACT = 22;
const EXACT_INTEGER: u64 = 1 << 53;

/** Powers that `powersOfFive` has. Numbers of a log are far within them. */
export const SMALLEST_POWER = -80;
export const LARGEST_POWER = 40;

/** Two 64-bit words for each power of five, the upper one first: its leading 128 bits. The host writes them. */
export const powersOfFive = memory.data((LARGEST_POWER - SMALLEST_POWER + 1) * 16, 16);

/** The float64 nearest to `digits * 10^scale`, ties to even; NaN where this cannot tell. */
export function nearest(digits: u64, scale: i32): f64 {
  if (digits <= EXACT_INTEGER && scale >= -LARGEST_EXACT && scale <= LARGEST_EXACT) {
    // Both are exact, so one rounding gives the nearest (Clinger, "How to Read Floating Point Numbers Accurately", 1990).
    const power = load<f64>(EXACT_POWERS + ((abs(scale) as usize) << 3));
    return scale < 0 ? (digits as f64) / power : (digits as f64) * power;
  }
  if (digits == 0) {
    return 0;
  }
  return scale < SMALLEST_POWER || scale > LARGEST_POWER ? NaN : rounded(digits, scale);
}

// Bits of a float64: those of its fraction, and those that are kept of the product to round it.
const FRACTION_BITS = 52;
const KEPT_BITS = FRACTION_BITS + 3;
const EXPONENT_BIAS = 1023;

/**
 * By the product with the leading bits of 5^scale (Lemire, "Number Parsing at a Gigabyte per Second", 2021). It decides for
 * every integer of 64 bits (Mushtak and Lemire, "Fast Number Parsing Without Fallback", 2023).
 */
function rounded(digits: u64, scale: i32): f64 {
  const zeros = clz(digits) as i32;
  const factor = digits << zeros;
  const power = powersOfFive + ((scale - SMALLEST_POWER) as usize) * 16;
  let low = multiply(factor, load<u64>(power));
  let high = upper;
  if ((high & (u64.MAX_VALUE >> KEPT_BITS)) == u64.MAX_VALUE >> KEPT_BITS) {
    multiply(factor, load<u64>(power, 8));
    low += upper;
    high += u64(upper > low);
  }
  const top = (high >> 63) as i32;
  const shift = top + 64 - KEPT_BITS;
  let fraction = high >> shift;
  let exponent = ((217706 * scale) >> 16) + 63 + top - zeros + EXPONENT_BIAS;
  // Halfway between two, which only these powers can be: to the even one.
  if (low <= 1 && scale >= -4 && scale <= 23 && (fraction & 3) == 1 && fraction << shift == high) {
    fraction &= ~1;
  }
  fraction = (fraction + (fraction & 1)) >> 1;
  if (fraction >= (2 as u64) << FRACTION_BITS) {
    fraction = 1 << FRACTION_BITS;
    exponent += 1;
  }
  fraction &= ~((1 as u64) << FRACTION_BITS);
  return reinterpret<f64>(fraction | ((exponent as u64) << FRACTION_BITS));
}

/** The upper half of the last product. */
let upper: u64 = 0;

/** The lower half of a product of 128 bits. */
function multiply(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const lowest = aLow * bLow;
  const middle = aHigh * bLow + (lowest >> 32);
  const other = aLow * bHigh + (middle & 0xffffffff);
  upper = aHigh * bHigh + (middle >> 32) + (other >> 32);
  return a * b;
}
