import { percentInTwoDigits } from "#core/format.ts";
import { medianOfSorted } from "#core/quantile.ts";
import type { Axis } from "#core/series.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import { spanOf, tightRatio } from "./betweenRuns.ts";
import { describeFactor, matchFactor, pairsOf, ratioOf } from "./ratio.ts";
import type { Pair } from "./ratio.ts";
import { isPositive } from "./suspicion.ts";
import type { Curve, Suspicion } from "./suspicion.ts";

const LEVEL_POINTS = 50;
/** Of a median over that many noisy points; beyond it a level does not tell one factor from another. */
const LARGEST_ERROR = 0.02;
// Standard error of a median of normal noise, in units of σ/√n.
const MEDIAN_ERROR = 1.2533;

/** The samples of a series from one restart to the next, ascending by step. */
export interface Segment extends Curve {
  /** Where the log says so: another file, another number of processes. */
  readonly name?: string;
}

/**
 * A run that was resumed with norms larger or smaller by a suspicious factor. Steps that both segments have are compared
 * one by one; without enough of them, the level of 50 points before with that of 50 after.
 */
export function compareAtRestarts(segments: readonly Segment[], axis?: Axis): readonly Suspicion[] {
  return segments.slice(1).flatMap((after, index) => {
    const before = segments[index];
    const found = before === undefined ? undefined : compareSegments(before, after, axis);
    return found === undefined ? [] : [found];
  });
}

/** How much larger norms are after the restart; the spread is known where steps are compared one by one. */
interface Change {
  readonly value: number;
  readonly pairs: number;
  readonly spread?: number;
}

function compareSegments(before: Segment, after: Segment, axis: Axis | undefined): Suspicion | undefined {
  const restart = after.steps[0] ?? Number.NaN;
  const pairs = pairsOf(after, before);
  const ratio: Change | undefined = tightRatio(pairs) ?? levelRatio(before, after);
  if (ratio === undefined) {
    return undefined;
  }
  const factor = Math.max(ratio.value, 1 / ratio.value);
  const { spread } = ratio;
  const basis =
    spread === undefined
      ? t("the level of {0} points before and after", LEVEL_POINTS)
      : t("{0} steps logged twice, spread {1}", ratio.pairs, percentInTwoDigits(spread));
  const facts = [stepName(restart, axis), basis, describeFactor(factor)] as const;
  return {
    kind: "ratioAtRestart",
    isProven: false,
    sentence:
      ratio.value >= 1
        ? t("Suspect because norms are larger since the restart at {0} ({1}): {2}.", ...facts)
        : t("Suspect because norms are smaller since the restart at {0} ({1}): {2}.", ...facts),
    evidence: {
      ...(spread === undefined ? { firstStep: restart, lastStep: restart } : { ...spanOf(pairs), spread }),
      count: ratio.pairs,
      of: ratio.pairs,
      value: factor,
    },
  };
}

function levelRatio(before: Segment, after: Segment): Change | undefined {
  const restart = after.steps[0] ?? Number.NaN;
  const old = positive(before)
    .filter(({ step }) => step < restart)
    .slice(-LEVEL_POINTS);
  const fresh = positive(after).slice(0, LEVEL_POINTS);
  if (old.length < LEVEL_POINTS || fresh.length < LEVEL_POINTS) {
    return undefined;
  }
  const [levelBefore, levelAfter] = [levelOf(old), levelOf(fresh)];
  const value = levelAfter.value / levelBefore.value;
  const isKnown = Math.hypot(levelBefore.error, levelAfter.error) <= LARGEST_ERROR;
  return isKnown && matchFactor(Math.max(value, 1 / value)).length > 0 ? { value, pairs: LEVEL_POINTS } : undefined;
}

function positive({ steps, values }: Curve): { readonly step: number; readonly value: number }[] {
  return Array.from(steps, (step, index) => ({ step, value: values[index] ?? Number.NaN })).filter(({ value }) =>
    isPositive(value),
  );
}

function levelOf(points: readonly { readonly step: number; readonly value: number }[]): {
  value: number;
  error: number;
} {
  const pairs: Pair[] = points.map(({ step, value }) => ({ step, a: value, b: 1 }));
  const values = Float64Array.from(points, ({ value }) => value).toSorted();
  const spread = ratioOf(pairs)?.spread ?? Infinity;
  return { value: medianOfSorted(values) ?? Number.NaN, error: (MEDIAN_ERROR * spread) / Math.sqrt(points.length) };
}
