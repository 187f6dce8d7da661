import { formatNumber } from "#core/format.ts";
import { medianOfSorted } from "#core/quantile.ts";
import { t } from "@vscode/l10n";
import { rankBySquare } from "../rankBySquare.ts";
import { originOf } from "./origin.ts";
import type { Origin } from "./origin.ts";

/** A tensor's part in the squared global norm at a step, and before it. */
export interface Culprit {
  readonly tensor: string;
  readonly norm: number;
  /** 0 to 1. */
  readonly share: number;
  /** Median share in the rows before; null where there are none with this tensor. */
  readonly shareBefore: number | null;
}

/** Which tensors made a step's global norm, ranked, at most five each. Empty when a norm is not finite or all are 0. */
export interface Blame {
  /** By their share of the square. */
  readonly largest: readonly Culprit[];
  /** By how much that share rose; only those whose share did rise. */
  readonly rising: readonly Culprit[];
}

const MOST = 5;

/** `before` are the norms at some steps before, those of the step itself not among them. */
export function blame(norms: ReadonlyMap<string, number>, before: readonly ReadonlyMap<string, number>[]): Blame {
  const culprits = culpritsOf(norms, before);
  const rising = culprits.filter((culprit) => riseOf(culprit) > 0).toSorted((a, b) => riseOf(b) - riseOf(a));
  return { largest: culprits.slice(0, MOST), rising: rising.slice(0, MOST) };
}

/** All tensors by their share of the square; none when a norm is not finite or all are 0. */
export function culpritsOf(
  norms: ReadonlyMap<string, number>,
  before: readonly ReadonlyMap<string, number>[],
): readonly Culprit[] {
  const past = before
    .map((row) => ({ row, total: sumOfSquares(row) }))
    .filter(({ total }) => total > 0 && total < Infinity);
  return rankBySquare(norms).flatMap(({ tensor, norm, share }) =>
    share === null ? [] : [{ tensor, norm, share, shareBefore: medianShare(tensor, past) }],
  );
}

// A share below this is not worth a place in a sentence.
const LEAST_SHARE = 0.05;
const LEAST_RISE = 0.02;

/** Sentences that name the tensors behind a step; empty when the log has no norms of tensors there. */
export function describeBlame(
  norms: ReadonlyMap<string, number>,
  before: readonly ReadonlyMap<string, number>[],
): string {
  const origin = originOf(norms);
  if (origin !== undefined) {
    return describeNonFinite(origin);
  }
  const { largest, rising } = blame(norms, before);
  const [first, ...others] = largest;
  if (first === undefined) {
    return "";
  }
  const next = others
    .filter(({ share }) => share >= LEAST_SHARE)
    .map(({ tensor, share }) => `${tensor} ${percent(share)}`);
  const carries = describeShare(first);
  const largestFirst = next.length === 0 ? carries : t("{0}, then {1}", carries, next.join(", "));
  return `${t("{0}.", largestFirst)} ${describeRise(rising[0], first)}`.trimEnd();
}

/** The deepest one is where backward passed first. */
function describeNonFinite({ tensor, nonFinite, measured }: Origin): string {
  if (nonFinite === 1) {
    return t("Non-finite in {0} of {1} tensors.", tensor, measured);
  }
  return nonFinite === measured
    ? t("Non-finite in all {0} tensors.", measured)
    : t("Non-finite in {0} of {1} tensors, nearest to the output {2}.", nonFinite, measured, tensor);
}

/** The tensor whose share rose most, where it is not the one with the largest. */
function describeRise(riser: Culprit | undefined, first: Culprit): string {
  if (riser === undefined || riser.tensor === first.tensor || riseOf(riser) < LEAST_RISE) {
    return "";
  }
  const { tensor, share, shareBefore } = riser;
  return t("{0} rose most, from {1} to {2}.", tensor, percent(shareBefore ?? 0), percent(share));
}

function describeShare({ tensor, share, shareBefore }: Culprit): string {
  const [now, before] = [percent(share), shareBefore === null ? "" : percent(shareBefore)];
  return before === "" || before === now
    ? t("{0} carries {1} of its square", tensor, now)
    : t("{0} carries {1} of its square, {2} before", tensor, now, before);
}

function percent(share: number): string {
  return share >= 0.01 || share === 0
    ? `${Math.round(share * 100)} %`
    : `${formatNumber(Number((share * 100).toPrecision(1)))} %`;
}

function riseOf({ share, shareBefore }: Culprit): number {
  return shareBefore === null ? 0 : share - shareBefore;
}

interface Past {
  readonly row: ReadonlyMap<string, number>;
  readonly total: number;
}

function medianShare(tensor: string, past: readonly Past[]): number | null {
  const shares = past.flatMap(({ row, total }) => {
    const norm = row.get(tensor);
    return norm === undefined ? [] : [norm ** 2 / total];
  });
  return medianOfSorted(shares.toSorted((a, b) => a - b)) ?? null;
}

function sumOfSquares(row: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const norm of row.values()) {
    total += norm ** 2;
  }
  return total;
}
