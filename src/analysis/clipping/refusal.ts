import { formatNumber, percent } from "#core/format.ts";
import { isOneNumber } from "./clipState.ts";
import type { ClipVerdict } from "./clipState.ts";
import { normsIn } from "./history.ts";
import type { ClipHistory } from "./history.ts";

/** Why there is no advice. */
export interface Refusal {
  readonly kind: "unscaled" | "rankLocal" | "noNorms" | "tooFew" | "censored" | "frozen";
  readonly message: string;
}

/** A finding, as far as advice depends on it. */
export interface KnownFinding {
  readonly rule: string;
  readonly tensor: string | null;
  readonly start: number;
}

const MIN_STEPS = 50;
const MAX_CENSORED = 0.5;

/** The first reason why thresholds measured on these norms would mislead. */
export function refuse(
  history: ClipHistory,
  verdict: ClipVerdict,
  findings: readonly KnownFinding[],
): Refusal | undefined {
  const has = (rule: string): boolean => findings.some((finding) => finding.rule === rule && finding.tensor === null);
  if (has("GN405")) {
    return { kind: "unscaled", message: UNSCALED };
  }
  if (has("GN104")) {
    return { kind: "rankLocal", message: RANK_LOCAL };
  }
  return refuseFew(history) ?? refuseCensored(verdict) ?? refuseFrozen(history);
}

const UNSCALED =
  "The logged norm follows the loss scale (GN405): it was measured before unscale_, so it is no norm a threshold can be compared with. Log it after unscale_.";
const RANK_LOCAL =
  "The ranks log different norms (GN104): each is the norm of its own part. Log the global norm, reduced over all ranks.";

function refuseFew(history: ClipHistory): Refusal | undefined {
  const steps = history.norms.length - history.start;
  const leftOut = describeLeftOut(history);
  if (history.norms.length === 0) {
    return { kind: "noNorms", message: `The log has no finite positive gradient norm${leftOut}.` };
  }
  if (steps < MIN_STEPS) {
    const more = MIN_STEPS - steps;
    const known = steps === 0 ? "No logged norm counts" : `Only ${steps} logged norms count`;
    const message = `${known}${leftOut}; advice needs ${MIN_STEPS}, ${more} more.`;
    return { kind: "tooFew", message };
  }
  return undefined;
}

function refuseCensored(verdict: ClipVerdict): Refusal | undefined {
  if (verdict.state !== "post" || verdict.share <= MAX_CENSORED) {
    return undefined;
  }
  const message = `The log is from after clipping and ${percent(verdict.share)} of the norms are cut off, so how large the gradients were is not known. Log the norm before clipping.`;
  return { kind: "censored", message };
}

function refuseFrozen(history: ClipHistory): Refusal | undefined {
  const sorted = normsIn(history).toSorted();
  if (!isOneNumber(sorted)) {
    return undefined;
  }
  const message = `Nearly all norms are ${formatNumber(sorted[sorted.length >> 1] ?? Number.NaN)}: either the log is frozen, or every step was clipped before it was logged.`;
  return { kind: "frozen", message };
}

/** ` (left out: 50 of the warm-up, 3 NaN)`, or nothing. */
export function describeLeftOut(history: ClipHistory): string {
  const parts = [
    { count: history.warmUp, what: "of the warm-up" },
    { count: history.beforeChange, what: "before the norm changed its level" },
    { count: history.older, what: "older ones" },
    { count: history.nan, what: "NaN" },
    { count: history.infinite, what: "infinite" },
    { count: history.zero, what: "zero" },
    { count: history.negative, what: "negative placeholders" },
  ];
  const named = parts.filter(({ count }) => count > 0).map(({ count, what }) => `${count} ${what}`);
  return named.length === 0 ? "" : ` (left out: ${named.join(", ")})`;
}
