import { countNonFinite } from "#store/columns/bucket.ts";
import type { Bucket } from "#store/columns/bucket.ts";

const BARS = "▁▂▃▄▅▆▇█";
const BROKEN = "×";
const ZERO = "○";
const NOTHING = " ";

/**
 * Neighbouring samples as one character each, on a logarithmic scale from the smallest to the largest of them. A bar is the
 * largest norm of its bucket, so that no spike is lost; one NaN or ±Inf in it makes it a cross, and zeros alone a circle.
 */
export function sparkText(buckets: readonly Bucket[]): string {
  const logs = buckets.flatMap(({ high }) => (high !== undefined && high.value > 0 ? [Math.log(high.value)] : []));
  const low = Math.min(...logs);
  const spread = Math.max(...logs) - low;
  return buckets.map((bucket) => characterOf(bucket, low, spread)).join("");
}

function characterOf({ high, counts }: Bucket, low: number, spread: number): string {
  if (countNonFinite(counts) > 0) {
    return BROKEN;
  }
  if (high === undefined || high.value <= 0) {
    return counts.zero > 0 ? ZERO : NOTHING;
  }
  const share = spread > 0 ? (Math.log(high.value) - low) / spread : 0;
  return BARS.charAt(Math.min(BARS.length - 1, Math.floor(share * BARS.length)));
}
