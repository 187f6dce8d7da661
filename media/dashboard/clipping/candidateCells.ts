import { formatNumber } from "#core/format.ts";
import { percent } from "#l10n/format.ts";
import type { Candidate } from "#protocol/dashboard/clipping.ts";
import { t } from "@vscode/l10n";
import { digits } from "./effectFacts.ts";

export const CANDIDATE_HEADER: readonly string[] = [
  t("Method"),
  t("Threshold"),
  t("Clipped"),
  t("Mean coefficient"),
  t("Length kept"),
  t("Why"),
];

/** The cells of a candidate as text, in the order of the header: as `gradlens clip` prints them. */
export function candidateCells(candidate: Candidate): readonly string[] {
  const { method, maxNorm, clippedShare, meanCoefficient, retainedLength, reason, range } = candidate;
  const [low, high] = range?.maxNorm ?? [0, 0];
  const spread = low === high ? "" : ` (${formatNumber(low)}–${formatNumber(high)})`;
  return [
    method,
    `${maxNorm === null ? t("adaptive") : formatNumber(maxNorm)}${spread}`,
    clippedShare === null ? t("unknown") : percent(clippedShare),
    meanCoefficient === null ? t("unknown") : digits(meanCoefficient),
    retainedLength === null ? t("unknown") : percent(retainedLength),
    reason,
  ];
}
