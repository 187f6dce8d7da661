import type { Axis } from "#core/series.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import { isBfloat16 } from "../rules/bfloat16.ts";
import { isPositive } from "./suspicion.ts";
import type { Curve, Suspicion } from "./suspicion.ts";

/** Numbers below 0 in a log of norms: DeepSpeed writes -1 where a norm is not finite. No norm is negative. */
export function findPlaceholders({ steps, values }: Curve, axis?: Axis): Suspicion | undefined {
  const found = Array.from(steps).filter((_, index) => isPlaceholder(values[index]));
  const [first] = found;
  if (first === undefined) {
    return undefined;
  }
  return {
    kind: "placeholder",
    isProven: true,
    sentence: t(
      "{0} of {1} logged norms are below 0, first at {2}: a placeholder for a norm that was not finite, as DeepSpeed writes -1.",
      found.length,
      steps.length,
      stepName(first, axis),
    ),
    evidence: { count: found.length, of: steps.length, firstStep: first, lastStep: found.at(-1) ?? first },
  };
}

/** A finite number that can be no norm. */
export function isPlaceholder(value: number | undefined): boolean {
  return value !== undefined && value < 0 && value > -Infinity;
}

const LEAST_REPEATS = 2;
const LEAST_SHARE = 0.5;

/**
 * At a step that was skipped for an overflow, exactly the norm before it: it was not computed anew. Of norms that were
 * rounded, to bfloat16 or to a few digits, neighbours are often equal.
 */
export function findStaleRepeats(
  { steps, values }: Curve,
  isSkipped: (step: number) => boolean,
): Suspicion | undefined {
  const skipped: number[] = [];
  const stale: number[] = [];
  for (let index = 1; index < steps.length; index += 1) {
    const step = steps[index] ?? Number.NaN;
    if (isSkipped(step)) {
      skipped.push(step);
      const value = values[index];
      if (isPositive(value) && value === values[index - 1] && !isBfloat16(value)) {
        stale.push(step);
      }
    }
  }
  if (stale.length < LEAST_REPEATS || stale.length < LEAST_SHARE * skipped.length) {
    return undefined;
  }
  return {
    kind: "staleRepeat",
    isProven: false,
    sentence: t(
      "Suspect because {0} of {1} skipped steps log exactly the norm of the step before: it is the old value, not the norm that overflowed.",
      stale.length,
      skipped.length,
    ),
    evidence: {
      count: stale.length,
      of: skipped.length,
      firstStep: stale[0] ?? Number.NaN,
      lastStep: stale.at(-1) ?? Number.NaN,
    },
  };
}
