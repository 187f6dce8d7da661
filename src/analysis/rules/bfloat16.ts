const SIGNIFICANT_BITS = 8;

/** A finite number that bfloat16 represents as it is: 8 significant bits. Its small range of exponents is float32's. */
export function isBfloat16(value: number): boolean {
  if (value === 0 || !Number.isFinite(value)) {
    return value === 0;
  }
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  return Number.isInteger(value * 2 ** (SIGNIFICANT_BITS - 1 - exponent));
}
