import type { ClipCandidate } from "#analysis/clipping/candidate.ts";
import { formatNumber } from "#core/format.ts";
import { percent } from "#l10n/format.ts";
import type { SourceFinding } from "#source/clipping/clipChecks.ts";
import type { ClipSite } from "#source/clipping/clipSite.ts";
import type { TextEdit } from "#source/document.ts";
import { t } from "@vscode/l10n";
import type { ReadSource } from "./sourceReader.ts";

/** A change of a source that answers a finding. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

// A longer list is not read.
const MOST_THRESHOLDS = 4;

/** The changes that answer a finding, the first of them the most advisable. None that would change nothing. */
export function fixesFor(finding: SourceFinding, read: ReadSource): readonly Fix[] {
  const { site, rule } = finding;
  const { service, source } = read;
  if (!("kind" in site)) {
    const advised = thresholdsIn(read);
    return (advised.length > 0 ? advised : [USUAL])
      .map(({ value, why }) => ({
        title: t("Insert clip_grad_norm_ with {0} ({1})", formatNumber(value), why),
        edits: service.insertClip(source, site, value),
      }))
      .filter(changesSomething);
  }
  if (rule === "GN415") {
    const edits = service.insertUnscale(source, site);
    return [{ title: t("Insert scaler.unscale_ before it"), edits }].filter(changesSomething);
  }
  return valuesFor(site, read);
}

/** Other values for a threshold: those that the run suggests, and the one it was trained with. */
export function valuesFor(site: ClipSite, read: ReadSource): readonly Fix[] {
  const recorded = read.run.clipThreshold()?.value;
  const thresholds = [
    ...(recorded === undefined ? [] : [{ value: recorded, why: t("the run's own") }]),
    ...(site.kind === "globalNorm" ? thresholdsIn(read) : []),
  ];
  return thresholds
    .filter(({ value }, index) => thresholds.findIndex((other) => other.value === value) === index)
    .map(({ value, why }) => ({
      title: t("Change {0} to {1} ({2})", site.name, formatNumber(value), why),
      edits: read.service.changeValue(site, value),
    }))
    .filter(changesSomething);
}

interface Threshold {
  readonly value: number;
  readonly why: string;
}

const NAMES: Partial<Record<ClipCandidate["method"], string>> = {
  spikesOnly: t("spikes only"),
  tail: t("the heavy tail"),
  usualPractice: t("the largest tenth"),
};

/** What most trainers clip to unless told otherwise; a run that exploded soon may have too few norms for advice. */
const USUAL: Threshold = { value: 1, why: t("a usual value; the run is too short for advice") };

/** The adviser's thresholds in its own order; those that no longer clip but normalise are left to people who ask for them. */
function thresholdsIn({ clipping }: ReadSource): readonly Threshold[] {
  return (clipping?.advice.candidates ?? [])
    .flatMap(({ method, maxNorm, clippedShare }) => {
      const name = NAMES[method];
      if (name === undefined || maxNorm === null) {
        return [];
      }
      const why = clippedShare === null ? name : t("{0}: clips {1}", name, percent(clippedShare));
      return [{ value: maxNorm, why }];
    })
    .slice(0, MOST_THRESHOLDS);
}

function changesSomething({ edits }: Fix): boolean {
  return edits.length > 0;
}
