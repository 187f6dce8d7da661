/** As people write thresholds: three digits, or two where the log has no more (bfloat16). */
export function roundThreshold(threshold: number, digits: 2 | 3): number {
  return Number(threshold.toPrecision(digits));
}
