import { formatNumber } from "#core/format.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import type { Points } from "../points/points.ts";
import type { Episode, Rule } from "./rule.ts";
import type { SeenPoint } from "../points/seenPoint.ts";
import { createStretches } from "./stretches.ts";
import type { Stretch } from "./stretches.ts";

const WINDOW_POINTS = 1000;
const LEAST_SPIKES = 5;
const CHANCE = 0.05;

/** Spike episodes that began in the last 1000 points, and in the 1000 before them. */
interface Counts {
  recent: number;
  before: number;
}

interface Peak extends Counts {
  point: SeenPoint;
}

/**
 * GN202: five or more spikes in 1000 points, and so many more than in the 1000 before that a steady rate would give it
 * by chance at most one time in twenty. Both windows must lie behind the warm-up, in which no spike counts.
 */
export function createSpikeRateRule(spikes: { readonly starts: () => readonly SeenPoint[] }): Rule {
  const stretches = createStretches<Peak>();
  let warmIndex: number | undefined;
  let [beforeFrom, recentFrom, until] = [0, 0, 0];

  /** The index of the first start at or after a point, from one on that is not after it. */
  function advance(from: number, index: number): number {
    const starts = spikes.starts();
    let at = from;
    while ((starts[at]?.index ?? Infinity) < index) {
      at += 1;
    }
    return at;
  }

  /** The counts as they were at a point: its block may have later spikes. */
  function countAt(index: number): Counts {
    beforeFrom = advance(beforeFrom, index - 2 * WINDOW_POINTS + 1);
    recentFrom = advance(recentFrom, index - WINDOW_POINTS + 1);
    until = advance(until, index + 1);
    return { recent: until - recentFrom, before: recentFrom - beforeFrom };
  }

  function tell(points: Points, place: number, counts: Counts): Stretch<Peak> | undefined {
    const { recent, before } = counts;
    if (recent <= before || recent < LEAST_SPIKES) {
      return stretches.calm();
    }
    const isUnlikely = chanceOfAtLeast(recent, recent + before) <= CHANCE;
    return isUnlikely
      ? stretches.bad(points, place, () => ({ ...counts, point: points.at(place) }))
      : stretches.between(points, place);
  }

  function see(points: Points, place: number): void {
    const index = points.indexes[place] ?? 0;
    warmIndex ??= points.areWarm[place] === 1 ? index : undefined;
    const isLate = warmIndex !== undefined && index >= warmIndex + 2 * WINDOW_POINTS;
    if (!isLate || Number.isNaN(points.logs[place])) {
      return;
    }
    const counts = countAt(index);
    const stretch = tell(points, place, counts);
    if (stretch !== undefined && counts.recent - counts.before > stretch.detail.recent - stretch.detail.before) {
      Object.assign(stretch.detail, counts, { point: points.at(place) });
    }
  }

  /** Fewer than five spikes began since the 1000 points before a block's first. */
  function areFew(points: Points): boolean {
    const starts = spikes.starts();
    const fifthLast = starts[starts.length - LEAST_SPIKES];
    return fifthLast === undefined || fifthLast.index <= (points.indexes[0] ?? 0) - WINDOW_POINTS;
  }

  return {
    push(points) {
      if (warmIndex !== undefined && !stretches.isOpen() && areFew(points)) {
        return;
      }
      for (let place = 0; place < points.length; place += 1) {
        see(points, place);
      }
    },
    episodes: () => stretches.all().map((stretch) => describe(stretch, stretches.endOf(stretch))),
  };
}

/** P(X ≥ k) for X of a binomial distribution with n trials and probability ½. */
function chanceOfAtLeast(k: number, n: number): number {
  let term = 2 ** -n; // P(X = n)
  let sum = 0;
  for (let hits = n; hits >= k; hits -= 1) {
    sum += term;
    term *= hits / (n - hits + 1);
  }
  return sum;
}

function describe({ first, detail }: Stretch<Peak>, end: number | null): Episode {
  const { point, recent, before } = detail;
  return {
    rule: "GN202",
    severity: "warning",
    start: first.step,
    peak: point.step,
    end,
    value: recent,
    limit: Math.max(LEAST_SPIKES, before),
    message: t(
      "Gradient spikes are becoming more frequent: {0} in the last {1} points up to {2} against {3} before.",
      formatNumber(recent),
      WINDOW_POINTS,
      stepName(point.step, point.axis),
      before,
    ),
    line: point.line,
  };
}
