import type { Severity } from "#core/rules.ts";
import { formatNumber } from "#core/format.ts";
import type { SourceRuleId } from "#core/sourceRules.ts";
import { t } from "@vscode/l10n";
import { isActive } from "./clipSite.ts";
import type { ClipSite } from "./clipSite.ts";
import { clipSitesIn } from "./clipSites.ts";
import type { SourceDocument, TextRange } from "../document.ts";
import { isIgnored } from "./ignoreComments.ts";
import { stepSitesIn } from "./optimizerSteps.ts";
import type { StepSite } from "./optimizerSteps.ts";

/** What a run says of thresholds. */
export interface RunFacts {
  readonly name: string;
  /** The threshold that its log or settings record. */
  readonly threshold: number | undefined;
  /** How many norms from before clipping the shares are of. */
  readonly steps: number;
  /** Which share of them, 0 to 1, a threshold clips; undefined when too few are known or they are from after clipping. */
  readonly clippedShare: (threshold: number) => number | undefined;
  /** The step, by its name, at which a finding says that its gradients exploded. */
  readonly explodedAt: string | undefined;
}

/** Something to say about a place in a source. */
export interface SourceFinding extends TextRange {
  readonly rule: SourceRuleId;
  readonly severity: Severity;
  readonly message: string;
  /** What a fix changes. */
  readonly site: ClipSite | StepSite;
}

// As for GN401: a threshold below or above these shares acts as no limit, or as normalisation.
const NEVER = 0.001;
const ALWAYS = 0.9;
const SAME = 1e-6; // Relative: float32 rounds a recorded threshold.

/** The findings for a source, given the run that it belongs to, if any. What a comment says to ignore is left out. */
export function checkSource(document: SourceDocument, run: RunFacts | undefined): readonly SourceFinding[] {
  const sites = clipSitesIn(document);
  const found = [
    ...sites.filter(({ unscaled }) => unscaled === "no").map(scaledClip),
    ...(run === undefined ? [] : onePerThreshold(sites).flatMap((site) => againstRun(site, run))),
    ...(run === undefined ? [] : missingClips(document, sites, run)),
  ];
  return found.filter((finding) => !isIgnored(document, finding, finding.rule)).toSorted((a, b) => a.start - b.start);
}

function scaledClip(site: ClipSite): SourceFinding {
  return findingAt(
    site,
    "GN415",
    "warning",
    t(
      "{0} gets gradients that are still multiplied by the loss scale. Call scaler.unscale_(optimizer) before it.",
      site.name,
    ),
  );
}

/** A constant and the calls that use it are one threshold: told at the first call, else where it is set. */
function onePerThreshold(sites: readonly ClipSite[]): readonly ClipSite[] {
  const byLiteral = new Map<number, ClipSite>();
  for (const site of sites) {
    const known = site.threshold && byLiteral.get(site.threshold.start);
    if (site.threshold !== undefined && (known === undefined || (known.form === "setting" && site.form === "call"))) {
      byLiteral.set(site.threshold.start, site);
    }
  }
  return Array.from(byLiteral.values());
}

function againstRun(site: ClipSite, run: RunFacts): readonly SourceFinding[] {
  const value = site.threshold?.value;
  if (site.kind !== "globalNorm" || value === undefined || value === null || isActive(site) !== true) {
    return [];
  }
  const differs =
    run.threshold !== undefined && Math.abs(run.threshold - value) > SAME * Math.max(run.threshold, value);
  const recorded = differs
    ? [
        findingAt(
          site,
          "GN413",
          "info",
          t(
            "{0} is {1} here; {2} was trained with {3}.",
            site.name,
            formatNumber(value),
            run.name,
            formatNumber(run.threshold ?? Number.NaN),
          ),
        ),
      ]
    : [];
  return [...recorded, ...shareFinding(site, value, run)];
}

function shareFinding(site: ClipSite, value: number, run: RunFacts): readonly SourceFinding[] {
  const share = run.clippedShare(value);
  if (share === undefined || (share >= NEVER && share <= ALWAYS)) {
    return [];
  }
  const facts = [site.name, formatNumber(value), formatNumber(share * 100), run.steps, run.name] as const;
  return share < NEVER
    ? [
        findingAt(
          site,
          "GN411",
          "info",
          t(
            "{0} {1} clips {2} % of the {3} logged steps of {4}, so it acts as no limit. A lower threshold would cut its spikes.",
            ...facts,
          ),
        ),
      ]
    : [
        findingAt(
          site,
          "GN412",
          "info",
          t(
            "{0} {1} clips {2} % of the {3} logged steps of {4}, so it acts as gradient normalisation. A higher threshold would cut spikes only.",
            ...facts,
          ),
        ),
      ];
}

/** Steps that nothing clips, and thresholds that are switched off; only when nothing in the file or the run clips. */
function missingClips(document: SourceDocument, sites: readonly ClipSite[], run: RunFacts): readonly SourceFinding[] {
  if (run.explodedAt === undefined || run.threshold !== undefined || sites.some((site) => isActive(site) !== false)) {
    return [];
  }
  const { name, explodedAt } = run;
  const off = onePerThreshold(sites).map((site) =>
    findingAt(
      site,
      "GN414",
      "info",
      t(
        "{0} exploded at {1}, and {2} {3} switches clipping off.",
        name,
        explodedAt,
        site.name,
        site.threshold?.text ?? "",
      ),
    ),
  );
  const steps = stepSitesIn(document)
    .filter(({ isClipped }) => !isClipped)
    .map((step) =>
      findingAt(
        step,
        "GN414",
        "info",
        t(
          "{0} exploded at {1}, and nothing clips gradients before this step. Insert clip_grad_norm_ before it.",
          name,
          explodedAt,
        ),
      ),
    );
  return off.length > 0 ? off : steps;
}

function findingAt(site: ClipSite | StepSite, rule: SourceRuleId, severity: Severity, message: string): SourceFinding {
  return { rule, severity, message, site, start: site.start, end: site.end };
}
