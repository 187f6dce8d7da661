import { formatNumber } from "#core/format.ts";
import { percent } from "#l10n/format.ts";
import { t } from "@vscode/l10n";
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
    return { kind: "unscaled", message: unscaled() };
  }
  if (has("GN104")) {
    return { kind: "rankLocal", message: rankLocal() };
  }
  return refuseFew(history) ?? refuseCensored(verdict) ?? refuseFrozen(history);
}

function unscaled(): string {
  return t(
    "The logged norm follows the loss scale (GN405): it was measured before unscale_, so it is no norm a threshold can be compared with. Log it after unscale_.",
  );
}

function rankLocal(): string {
  return t(
    "The ranks log different norms (GN104): each is the norm of its own part. Log the global norm, reduced over all ranks.",
  );
}

function refuseFew(history: ClipHistory): Refusal | undefined {
  const steps = history.norms.length - history.start;
  const leftOut = describeLeftOut(history);
  if (history.norms.length === 0) {
    return { kind: "noNorms", message: t("The log has no finite positive gradient norm{0}.", leftOut) };
  }
  if (steps < MIN_STEPS) {
    const message = t("Too few logged norms count: {0}{1}; advice needs {2}.", steps, leftOut, MIN_STEPS);
    return { kind: "tooFew", message };
  }
  return undefined;
}

function refuseCensored(verdict: ClipVerdict): Refusal | undefined {
  if (verdict.state !== "post" || verdict.share <= MAX_CENSORED) {
    return undefined;
  }
  const message = t(
    "The log is from after clipping and {0} of the norms are cut off, so how large the gradients were is not known. Log the norm before clipping.",
    percent(verdict.share),
  );
  return { kind: "censored", message };
}

function refuseFrozen(history: ClipHistory): Refusal | undefined {
  const sorted = normsIn(history).toSorted();
  if (!isOneNumber(sorted)) {
    return undefined;
  }
  const message = t(
    "Nearly all norms are {0}: either the log is frozen, or every step was clipped before it was logged.",
    formatNumber(sorted[sorted.length >> 1] ?? Number.NaN),
  );
  return { kind: "frozen", message };
}

/** ` (left out: 50 of the warm-up, 3 NaN)`, or nothing. */
export function describeLeftOut(history: ClipHistory): string {
  const parts = [
    { count: history.warmUp, say: () => t("{0} of the warm-up", history.warmUp) },
    { count: history.beforeChange, say: () => t("{0} before the norm changed its level", history.beforeChange) },
    { count: history.older, say: () => t("{0} older ones", history.older) },
    { count: history.nan, say: () => `${history.nan} NaN` },
    { count: history.infinite, say: () => t("{0} infinite", history.infinite) },
    { count: history.zero, say: () => t("{0} zero", history.zero) },
    { count: history.negative, say: () => t("{0} negative placeholders", history.negative) },
  ];
  const named = parts.filter(({ count }) => count > 0).map(({ say }) => say());
  return named.length === 0 ? "" : t(" (left out: {0})", named.join(", "));
}
