import { formatNumber, percent } from "#core/format.ts";
import type { Candidate } from "#protocol/dashboard/clipping.ts";
import { digits } from "./effectFacts.ts";

export const CANDIDATE_HEADER: readonly string[] = [
  "Method",
  "Threshold",
  "Clipped",
  "Mean coefficient",
  "Length kept",
  "Why",
];

/** The cells of a candidate as text, in the order of the header: as `gradlens clip` prints them. */
export function candidateCells(candidate: Candidate): readonly string[] {
  const { method, maxNorm, clippedShare, meanCoefficient, retainedLength, reason, range } = candidate;
  const [low, high] = range?.maxNorm ?? [0, 0];
  const spread = low === high ? "" : ` (${formatNumber(low)}–${formatNumber(high)})`;
  return [
    method,
    `${maxNorm === null ? "adaptive" : formatNumber(maxNorm)}${spread}`,
    clippedShare === null ? "unknown" : percent(clippedShare),
    meanCoefficient === null ? "unknown" : digits(meanCoefficient),
    retainedLength === null ? "unknown" : percent(retainedLength),
    reason,
  ];
}
