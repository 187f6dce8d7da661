import { formatNumber } from "#core/format.ts";
import { percent } from "#l10n/format.ts";
import { t } from "@vscode/l10n";
import type { ShownEffect } from "./clipModel.ts";

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly title: string;
}

/** What a threshold would have done, as people read it. */
export function factsOf({ clippedShare, clippedSteps, lengths }: ShownEffect): readonly Fact[] {
  const ofClipped = lengths?.meanCoefficientOfClipped;
  return [
    {
      label: t("Steps clipped"),
      value: clippedShare === null || clippedSteps === null ? UNKNOWN : `${percent(clippedShare)} (${clippedSteps})`,
      title: t("Steps whose norm is above the threshold"),
    },
    {
      label: t("Mean coefficient"),
      value: lengths === undefined ? UNKNOWN : digits(lengths.meanCoefficient),
      title: t("Mean of min(1, τ/N) over all steps"),
    },
    {
      label: t("of clipped steps"),
      value: lengths === undefined ? UNKNOWN : ofClipped === undefined ? "–" : digits(ofClipped),
      title: t("The same over the clipped steps alone: what is left of their length"),
    },
    {
      label: t("Length kept"),
      value: lengths === undefined ? UNKNOWN : percent(lengths.retainedLength),
      title: "Σ min(N, τ) / Σ N",
    },
    { label: "RMS", value: change(lengths?.rmsBefore, lengths?.rmsAfter), title: t("Root mean square before → after") },
    {
      label: t("Largest"),
      value: change(lengths?.maxBefore, lengths?.maxAfter),
      title: t("Largest norm before → after"),
    },
  ];
}

/** For a screen reader and the slider: `0.51: clips 7 % of the steps`. */
export function describeEffect({ threshold, clippedShare }: ShownEffect): string {
  return clippedShare === null
    ? t("{0}: what it clips is unknown", formatNumber(threshold))
    : t("{0}: clips {1} of the steps", formatNumber(threshold), percent(clippedShare));
}

const UNKNOWN = t("unknown");

/** As `gradlens clip` prints it. */
export function digits(value: number): string {
  return formatNumber(Number(value.toPrecision(3)));
}

function change(before: number | undefined, after: number | undefined): string {
  return before === undefined || after === undefined ? UNKNOWN : `${digits(before)} → ${digits(after)}`;
}
