import type { Severity } from "#core/rules.ts";
import { formatNumber } from "#core/format.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import { createBaseline } from "../points/baseline.ts";
import type { Window } from "../points/window.ts";
import type { Episode, Rule } from "./rule.ts";
import type { SeenPoint } from "../points/seenPoint.ts";
import { WARM_UP_POINTS } from "../points/warmUp.ts";

const ENTER_SPREADS = 5;
const EXIT_SPREADS = 2;
const EXIT_POINTS = 10;
const ENTER_RATIO = 2;
const LEAST_RISE = Math.log(ENTER_RATIO);
const WARNING_RATIO = 4;
const ERROR_RATIO = 20;
// Before the warm-up is over only a jump of this size counts, over at least this many points.
const WARM_UP_RATIO = 100;
const WARM_UP_BASELINE_POINTS = 10;
/** A spike that ends in NaN within this many points was the beginning of the end. */
const NON_FINITE_POINTS = 50;

export interface SpikeRule extends Rule {
  /** The first point of every episode. */
  readonly starts: () => readonly SeenPoint[];
}

/** How far a value stands above the baseline. */
interface Excess {
  readonly ratio: number;
  /** Robust z: distance from the median of ln‖g‖ in spreads. */
  readonly z: number;
  readonly median: number;
  readonly limit: number;
}

interface OpenEpisode {
  readonly first: SeenPoint;
  last: SeenPoint;
  peak: SeenPoint;
  excess: Excess;
  calm: number;
  age: number;
  endedNonFinite: boolean;
  /** What `describe` made of it, until it changes: people read all episodes after every point. */
  told: Episode | undefined;
}

/** GN201: ln‖g‖ stands 5 robust spreads and a factor of 2 above the median of the 200 points before. */
export function createSpikeRule(): SpikeRule {
  const episodes: OpenEpisode[] = [];
  const starts: SeenPoint[] = [];
  const baseline = createBaseline();

  function see(point: SeenPoint): void {
    const newest = episodes.at(-1);
    const open = newest !== undefined && newest.calm < EXIT_POINTS ? newest : undefined;
    const excess = isOpenOrHigh(open, baseline, point.log) ? measure(baseline, point) : undefined;
    if (newest !== undefined) {
      lookForEnd(newest, point);
    }
    if (open !== undefined) {
      prolong(open, point, excess);
    } else if (excess !== undefined && isSpike(excess, baseline, point.isWarm)) {
      starts.push(point);
      episodes.push({
        first: point,
        last: point,
        peak: point,
        excess,
        calm: 0,
        age: 0,
        endedNonFinite: false,
        told: undefined,
      });
    }
  }

  return {
    push(points) {
      for (let place = 0; place < points.length; place += 1) {
        const log = points.logs[place] ?? Number.NaN;
        if (isFollowed(episodes.at(-1)) || log - baseline.leastMedian() >= LEAST_RISE) {
          see(points.at(place));
        }
        if (!Number.isNaN(log)) {
          baseline.push(log);
        }
      }
    },
    episodes: () => episodes.map((episode) => (episode.told ??= describe(episode))),
    starts: () => starts,
  };
}

/** Later points may still be part of it. */
function isFollowed(newest: OpenEpisode | undefined): boolean {
  return newest !== undefined && (newest.calm < EXIT_POINTS || newest.age < NON_FINITE_POINTS);
}

/** The spread costs a sort, so it is only asked for where it can matter. */
function isOpenOrHigh(open: OpenEpisode | undefined, baseline: Window, log: number): boolean {
  return open === undefined ? log - (baseline.median() ?? Infinity) >= LEAST_RISE : !Number.isNaN(log);
}

function isSpike(excess: Excess, baseline: Window, isWarm: boolean): boolean {
  const isSettled = isWarm && baseline.length() >= WARM_UP_POINTS; // NaN and zeros give no baseline.
  const [ratio, points] = isSettled ? [ENTER_RATIO, WARM_UP_POINTS] : [WARM_UP_RATIO, WARM_UP_BASELINE_POINTS];
  return excess.ratio >= ratio && excess.z > ENTER_SPREADS && baseline.length() >= points;
}

function lookForEnd(newest: OpenEpisode, { value }: SeenPoint): void {
  newest.age += 1;
  if (newest.age <= NON_FINITE_POINTS && !Number.isFinite(value)) {
    Object.assign(newest, { endedNonFinite: true, told: undefined });
  }
}

function prolong(open: OpenEpisode, point: SeenPoint, excess: Excess | undefined): void {
  if (excess === undefined) {
    return;
  }
  open.told = undefined;
  if (excess.z <= EXIT_SPREADS) {
    open.calm += 1;
    return;
  }
  Object.assign(open, { last: point, calm: 0 });
  if (point.value > open.peak.value) {
    Object.assign(open, { peak: point, excess });
  }
}

function measure(baseline: Window, { value, log }: SeenPoint): Excess {
  const median = baseline.median() ?? log;
  const spread = baseline.spread();
  return {
    ratio: value / Math.exp(median),
    z: (log - median) / spread,
    median: Math.exp(median),
    limit: Math.exp(median + Math.max(ENTER_SPREADS * spread, LEAST_RISE)),
  };
}

function describe({ first, last, peak, excess, calm, endedNonFinite }: OpenEpisode): Episode {
  return {
    rule: "GN201",
    severity: severityOf(excess.ratio, endedNonFinite),
    start: first.step,
    peak: peak.step,
    end: calm >= EXIT_POINTS ? last.step : null,
    value: peak.value,
    limit: excess.limit,
    message: t(
      "Gradient norm jumped to {0} at {1}, {2}× the recent median {3} (robust z {4}).",
      formatNumber(peak.value),
      stepName(peak.step, peak.axis),
      formatNumber(excess.ratio),
      formatNumber(excess.median),
      formatNumber(excess.z),
    ),
    line: peak.line,
    index: first.index,
  };
}

function severityOf(ratio: number, endedNonFinite: boolean): Severity {
  if (ratio >= ERROR_RATIO || endedNonFinite) {
    return "error";
  }
  return ratio >= WARNING_RATIO ? "warning" : "info";
}
