/** Undefined past 2⁵³ - 1, where numbers are no longer exact. */
export function checkedProduct(factors: readonly number[]): number | undefined {
  let product = 1;
  for (const factor of factors) {
    product *= factor;
    if (!Number.isSafeInteger(product)) {
      return undefined;
    }
  }
  return product;
}
