const BITS = 128n;
const HALF = 64n;
const LOWER_HALF = (1n << HALF) - 1n;
// Powers of five below 2^64. Their reciprocals are rounded up, as Lemire's proof wants them, all others down.
const LAST_ROUNDED_UP = -27;

/** The leading 128 bits of 5^smallest to 5^largest, the upper half of each before the lower one. */
export function powersOfFive(smallest: number, largest: number): BigUint64Array {
  const powers = Array.from({ length: largest - smallest + 1 }, (_, index) => leadingBits(smallest + index));
  return BigUint64Array.from(powers.flatMap((bits) => [bits >> HALF, bits & LOWER_HALF]));
}

function leadingBits(power: number): bigint {
  const whole = 5n ** BigInt(Math.abs(power));
  const length = BigInt(whole.toString(2).length);
  if (power >= 0) {
    return length > BITS ? whole >> (length - BITS) : whole << (BITS - length);
  }
  return (1n << (length + BITS - 1n)) / whole + (power >= LAST_ROUNDED_UP ? 1n : 0n);
}
