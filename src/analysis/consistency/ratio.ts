import { formatNumber } from "#core/format.ts";
import { medianOfSorted } from "#core/quantile.ts";
import { t } from "@vscode/l10n";
import { isPositive } from "./suspicion.ts";
import type { Curve } from "./suspicion.ts";

/** Two values of the same thing. */
export interface Pair {
  readonly step: number;
  readonly a: number;
  readonly b: number;
}

/** What many pairs say of a / b. */
export interface Ratio {
  /** Median of the ratios. */
  readonly value: number;
  /** 1.4826·MAD of the ratios' logarithms. */
  readonly spread: number;
  readonly pairs: number;
}

const MAD_TO_SIGMA = 1.4826;

/** Undefined where no pair has a ratio. */
export function ratioOf(pairs: readonly Pair[]): Ratio | undefined {
  const logs = Float64Array.from(pairs.filter(hasRatio), ({ a, b }) => Math.log(a / b)).toSorted();
  const median = medianOfSorted(logs);
  if (median === undefined) {
    return undefined;
  }
  const deviations = logs.map((log) => Math.abs(log - median)).toSorted();
  return { value: Math.exp(median), spread: MAD_TO_SIGMA * (medianOfSorted(deviations) ?? 0), pairs: logs.length };
}

/** The values of two curves at the steps that both have. */
export function pairsOf(a: Curve, b: Curve): readonly Pair[] {
  const pairs: Pair[] = [];
  let other = 0;
  for (let index = 0; index < a.steps.length; index += 1) {
    const step = a.steps[index] ?? Number.NaN;
    while ((b.steps[other] ?? Infinity) < step) {
      other += 1;
    }
    const pair = { step, a: a.values[index] ?? Number.NaN, b: b.values[other] ?? Number.NaN };
    if (b.steps[other] === step && hasRatio(pair)) {
      pairs.push(pair);
    }
  }
  return pairs;
}

/** A factor by which norms go wrong. */
export interface Factor {
  readonly value: number;
  /** `√8`, `3`, `2^16`. */
  readonly text: string;
  /** What makes a norm larger by it, for people. */
  readonly cause: () => string;
}

// Numbers of devices and of micro-batches that occur; with more, some root would be within 2 % of any ratio.
const COUNTS = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096];
const LARGEST_POWER = 24;
const TOLERANCE = 0.02;

export const FACTORS: readonly Factor[] = [
  ...COUNTS.map((count) => ({
    value: Math.sqrt(count),
    text: `√${count}`,
    cause: () => t("the other is the norm of one of {0} shards", count),
  })),
  ...COUNTS.map((count) => ({
    value: count,
    text: String(count),
    cause: () => t("it is of a sum over {0} micro-batches or processes where the other is of their mean", count),
  })),
  ...Array.from({ length: LARGEST_POWER }, (_, index) => ({
    value: 2 ** (index + 1),
    text: `2^${index + 1}`,
    cause: () => t("it was measured before a loss scale was divided out"),
  })),
];

/** The factors nearest to a ratio of 1 or more, all of one value and within 2 %; none when the ratio is an ordinary one. */
export function matchFactor(ratio: number): readonly Factor[] {
  const distance = ({ value }: Factor): number => Math.abs(Math.log(ratio / value));
  const nearest = FACTORS.filter((factor) => distance(factor) <= TOLERANCE).toSorted(
    (a, b) => distance(a) - distance(b),
  );
  return nearest.filter(({ value }) => Math.abs(value / (nearest[0]?.value ?? 1) - 1) < 1e-9);
}

/** `1.415×, which is √2: …` for people; empty when no factor matches. */
export function describeFactor(ratio: number): string {
  const factors = matchFactor(ratio);
  const causes = factors.map(({ text, cause }) => t("{0} if {1}", text, cause()));
  const either = causes.reduce((all, one) => (all === "" ? one : t("{0}, or {1}", all, one)), "");
  return either === "" ? "" : t("{0}× is {1}", formatNumber(ratio), either);
}

function hasRatio({ a, b }: Pick<Pair, "a" | "b">): boolean {
  return isPositive(a) && isPositive(b);
}
