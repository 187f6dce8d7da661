import type { Numbers } from "#core/numbers.ts";

export type ClipState = "pre" | "post" | "undetermined";

// Printed and float32 norms are off by rounding, and clip_grad_norm_ adds 1e-6 to the denominator.
const ROUNDING = 1e-3;

/**
 * Whether a log holds norms from before or after clipping. A norm above the threshold proves `pre`, since clipping
 * would have cut it; anything else proves nothing.
 */
export function clipStateOf(norms: Numbers, threshold: number | undefined): ClipState {
  const isAbove = threshold !== undefined && norms.some((norm) => norm > threshold * (1 + ROUNDING));
  return isAbove ? "pre" : "undetermined";
}
