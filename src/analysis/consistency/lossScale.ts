import { medianOfSorted } from "#core/quantile.ts";
import { t } from "@vscode/l10n";
import { isPositive } from "./suspicion.ts";
import type { Curve, Suspicion } from "./suspicion.ts";

const LEAST_CHANGE = 1.5;
const COMPARED_POINTS = 20;
const LEAST_POINTS = 5;
/** How near the change of the norm must be to the change of the scale, as a factor. */
const NEARNESS = 1.25;
const LEAST_CHANGES = 2;
const LEAST_SHARE = 0.7;

/** One change of the loss scale, with the level of the norm around it. */
interface ScaleChange {
  readonly step: number;
  /** New scale by old. */
  readonly scale: number;
  /** Median of the norms after it by that of those before. */
  readonly norm: number;
}

/** A norm that changes as the loss scale does was measured before the gradients were unscaled. */
export function followLossScale(norms: Curve, scaleAt: (step: number) => number | undefined): Suspicion | undefined {
  const changes = changesIn(norms, scaleAt);
  const following = changes.filter(({ scale, norm }) => isNear(norm, scale));
  if (following.length < LEAST_CHANGES || following.length < LEAST_SHARE * changes.length) {
    return undefined;
  }
  return {
    kind: "followsLossScale",
    isProven: false,
    sentence: t(
      "Suspect because the norm changes with the loss scale, at {0} of its {1} changes: it is measured before the gradients are unscaled.",
      following.length,
      changes.length,
    ),
    evidence: {
      count: following.length,
      of: changes.length,
      firstStep: following[0]?.step ?? Number.NaN,
      lastStep: following.at(-1)?.step ?? Number.NaN,
    },
  };
}

interface Stretch {
  readonly step: number;
  readonly scale: number;
  readonly norms: number[];
}

/** Changes between stretches of one scale that are long enough to have a level. */
function changesIn({ steps, values }: Curve, scaleAt: (step: number) => number | undefined): readonly ScaleChange[] {
  const stretches: Stretch[] = [];
  for (let index = 0; index < steps.length; index += 1) {
    const [step, value] = [steps[index] ?? Number.NaN, values[index]];
    const scale = scaleAt(step);
    if (isPositive(scale) && isPositive(value)) {
      const current = stretches.at(-1);
      if (current?.scale === scale) {
        current.norms.push(value);
      } else {
        stretches.push({ step, scale, norms: [value] });
      }
    }
  }
  return stretches.slice(1).flatMap((after, index) => {
    const before = stretches[index];
    return before === undefined ? [] : changeBetween(before, after);
  });
}

function changeBetween(before: Stretch, after: Stretch): readonly ScaleChange[] {
  const scale = after.scale / before.scale;
  const [old, fresh] = [before.norms.slice(-COMPARED_POINTS), after.norms.slice(0, COMPARED_POINTS)];
  const isLarge = Math.max(scale, 1 / scale) >= LEAST_CHANGE;
  const isLong = Math.min(old.length, fresh.length) >= LEAST_POINTS;
  return isLarge && isLong ? [{ step: after.step, scale, norm: median(fresh) / median(old) }] : [];
}

function isNear(norm: number, scale: number): boolean {
  const off = norm / scale;
  return Math.max(off, 1 / off) <= NEARNESS;
}

function median(values: readonly number[]): number {
  return medianOfSorted(values.toSorted((a, b) => a - b)) ?? Number.NaN;
}
