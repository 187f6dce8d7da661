import { percentInTwoDigits } from "#core/format.ts";
import { t } from "@vscode/l10n";
import { describeFactor, matchFactor, pairsOf, ratioOf } from "./ratio.ts";
import type { Pair } from "./ratio.ts";
import type { Curve, Suspicion } from "./suspicion.ts";

export const LEAST_PAIRS = 20;
/** An artefact multiplies every step alike; another batch size or seed changes each step differently. */
const TIGHT_SPREAD = 0.05;

export interface NamedCurve extends Curve {
  readonly name: string;
}

/** Two runs whose norms differ at every step by a factor that sharding, reduction or loss scaling make. */
export function compareRuns(a: NamedCurve, b: NamedCurve): Suspicion | undefined {
  const pairs = pairsOf(a, b);
  const ratio = tightRatio(pairs);
  if (ratio === undefined) {
    return undefined;
  }
  const isLarger = ratio.value >= 1;
  const factor = isLarger ? ratio.value : 1 / ratio.value;
  const [larger, smaller] = isLarger ? [a.name, b.name] : [b.name, a.name];
  return {
    kind: "ratioBetweenRuns",
    isProven: false,
    sentence: t(
      "Suspect because the norms of {0} are the same multiple of those of {1} at {2} common steps (spread {3}): {4}. Noise falls with the root of the batch size, but not by one factor at every step.",
      larger,
      smaller,
      ratio.pairs,
      percentInTwoDigits(ratio.spread),
      describeFactor(factor),
    ),
    evidence: { ...spanOf(pairs), count: ratio.pairs, of: pairs.length, value: factor, spread: ratio.spread },
  };
}

/** The ratio of pairs that is known, suspicious and nearly the same for all; undefined otherwise. */
export function tightRatio(pairs: readonly Pair[]): ReturnType<typeof ratioOf> {
  const ratio = ratioOf(pairs);
  const isTelling = ratio !== undefined && ratio.pairs >= LEAST_PAIRS && ratio.spread <= TIGHT_SPREAD;
  const factor = ratio === undefined ? 1 : Math.max(ratio.value, 1 / ratio.value);
  return isTelling && matchFactor(factor).length > 0 ? ratio : undefined;
}

/** The steps that pairs reach from and to, which are in order; NaN without any. */
export function spanOf(pairs: readonly { readonly step: number }[]): { firstStep: number; lastStep: number } {
  return { firstStep: pairs[0]?.step ?? Number.NaN, lastStep: pairs.at(-1)?.step ?? Number.NaN };
}
