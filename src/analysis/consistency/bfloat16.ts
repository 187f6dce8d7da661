import { t } from "@vscode/l10n";
import { isBfloat16 } from "../rules/bfloat16.ts";
import { isPositive } from "./suspicion.ts";
import type { Curve, Suspicion } from "./suspicion.ts";

const LEAST_VALUES = 30;
// The threshold of a clipped log is one value, however often it stands there, and mostly a round one.
const LEAST_DIFFERENT = 10;
const LEAST_SHARE = 0.95;

/** Whether, of 30 or more positive values, 95 % of the different ones are bfloat16 numbers. Values printed short tell nothing. */
function areBfloat16(values: ArrayLike<number>): boolean {
  const measured = Array.from(values).filter(isPositive);
  const different = [...new Set(measured)];
  const isEnough = measured.length >= LEAST_VALUES && different.length >= LEAST_DIFFERENT;
  return isEnough && different.filter(isBfloat16).length >= LEAST_SHARE * different.length;
}

/** A log whose norms were rounded to bfloat16: neighbouring values differ by 0.4 to 0.8 %. */
export function findBfloat16({ steps, values }: Curve, resolution: number | undefined): Suspicion | undefined {
  if (resolution !== undefined || !areBfloat16(values)) {
    return undefined;
  }
  const measured = Array.from(values).filter(isPositive);
  const count = measured.filter(isBfloat16).length;
  return {
    kind: "bfloat16",
    isProven: false,
    sentence: t(
      "Suspect because {0} of {1} logged norms have the eight significant bits of bfloat16: steps below 0.8 % are rounding, and the sum of squares may have been rounded as well.",
      count,
      measured.length,
    ),
    evidence: {
      count,
      of: measured.length,
      firstStep: steps[0] ?? Number.NaN,
      lastStep: steps[steps.length - 1] ?? Number.NaN,
    },
  };
}
