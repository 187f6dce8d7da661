import { formatNumber } from "#core/format.ts";
import { t } from "@vscode/l10n";
import type { Episode, Rule, SeenPoint } from "./rule.ts";
import { createStretches } from "./stretches.ts";
import type { Stretch } from "./stretches.ts";

const WINDOW_POINTS = 1000;
const LEAST_SPIKES = 5;
const CHANCE = 0.05;

/** Spike episodes that began in the last 1000 points, and in the 1000 before them. */
interface Counts {
  point: SeenPoint;
  recent: number;
  before: number;
}

/**
 * GN202: five or more spikes in 1000 points, and so many more than in the 1000 before that a steady rate would give it
 * by chance at most one time in twenty. Both windows must lie behind the warm-up, in which no spike counts.
 */
export function createSpikeRateRule(spikes: { readonly starts: () => readonly SeenPoint[] }): Rule {
  const stretches = createStretches<Counts>();
  let warmIndex: number | undefined;
  let [recentFrom, beforeFrom] = [0, 0];

  /** The index of the first start at or after a point, from one on that is not after it. */
  function advance(from: number, index: number): number {
    const starts = spikes.starts();
    let at = from;
    while ((starts[at]?.index ?? Infinity) < index) {
      at += 1;
    }
    return at;
  }

  function tell(counts: Counts): Stretch<Counts> | undefined {
    const { point, recent, before } = counts;
    if (recent <= before || recent < LEAST_SPIKES) {
      return stretches.calm();
    }
    const isUnlikely = chanceOfAtLeast(recent, recent + before) <= CHANCE;
    return isUnlikely ? stretches.bad(point, () => counts) : stretches.between(point);
  }

  return {
    push(point) {
      const { index } = point;
      warmIndex ??= point.isWarm ? index : undefined;
      if (warmIndex === undefined || index < warmIndex + 2 * WINDOW_POINTS || Number.isNaN(point.log)) {
        return;
      }
      recentFrom = advance(recentFrom, index - WINDOW_POINTS + 1);
      beforeFrom = advance(beforeFrom, index - 2 * WINDOW_POINTS + 1);
      const counts = { point, recent: spikes.starts().length - recentFrom, before: recentFrom - beforeFrom };
      const stretch = tell(counts);
      if (stretch !== undefined && counts.recent - counts.before > stretch.detail.recent - stretch.detail.before) {
        Object.assign(stretch.detail, counts);
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

function describe({ first, detail }: Stretch<Counts>, end: number | null): Episode {
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
      "Gradient spikes are becoming more frequent: {0} in the last {1} points up to step {2} against {3} before.",
      formatNumber(recent),
      WINDOW_POINTS,
      point.step,
      before,
    ),
    line: point.line,
  };
}
