import { formatNumber } from "#core/format.ts";
import { medianOfSorted } from "#core/quantile.ts";
import { t } from "@vscode/l10n";
import { eachPoint } from "./rule.ts";
import type { Episode, Rule } from "./rule.ts";
import type { SeenPoint } from "../points/seenPoint.ts";
import { WARM_UP_POINTS } from "../points/warmUp.ts";
import { createWindow } from "../points/window.ts";

const LEAD_STEPS = 10;
const WINDOW_POINTS = 200;
const ENTER_SPREADS = 5;
const EXIT_SPREADS = 2;
// A loss that hardly varies has no spikes.
const SPREAD_FLOOR = 0.01;
// Fewer prove nothing.
const LEAST_SPIKES = 3;

/** A loss spike that came 1 to 10 steps after a gradient spike began. */
interface Followed {
  readonly point: SeenPoint;
  readonly lead: number;
}

/**
 * GN209: of three or more spikes of the loss at least half began 1 to 10 steps after one of the gradient norm. A loss
 * spikes like a norm does, but on the linear scale, because it may be negative.
 */
export function createLossFollowsRule(spikes: { readonly starts: () => readonly SeenPoint[] }): Rule {
  const window = createWindow(WINDOW_POINTS);
  const followed: Followed[] = [];
  let lossSpikes = 0;
  let isOpen = false;

  function judge(point: SeenPoint, loss: number): void {
    if (loss <= window.leastMedian()) {
      isOpen = false;
      return;
    }
    const median = window.median() ?? loss;
    const spread = Math.max(window.spread(), SPREAD_FLOOR * Math.abs(median));
    const isHigh = loss - median > (isOpen ? EXIT_SPREADS : ENTER_SPREADS) * spread;
    if (isHigh && !isOpen && point.isWarm && window.length() >= WARM_UP_POINTS) {
      lossSpikes += 1;
      const start = spikes.starts().findLast(({ step }) => step < point.step);
      const lead = point.step - (start?.step ?? -Infinity);
      followed.push(...(lead <= LEAD_STEPS ? [{ point, lead }] : []));
    }
    isOpen = isHigh;
  }

  return {
    push: eachPoint((point) => {
      if (point.loss !== undefined && Number.isFinite(point.loss)) {
        judge(point, point.loss);
        window.push(point.loss);
      }
    }),
    episodes: () =>
      lossSpikes >= LEAST_SPIKES && followed.length >= lossSpikes / 2 ? describe(followed, lossSpikes) : [],
  };
}

function describe(followed: readonly Followed[], lossSpikes: number): readonly Episode[] {
  const leads = Float64Array.from(followed, ({ lead }) => lead).toSorted();
  const lead = formatNumber(medianOfSorted(leads) ?? 0);
  return followed.slice(0, 1).map(({ point }) => ({
    rule: "GN209",
    severity: "info",
    start: point.step,
    peak: point.step,
    end: null,
    value: followed.length,
    limit: lossSpikes / 2,
    message: t(
      "{0} of {1} loss spikes were preceded by a gradient spike, median lead {2} steps.",
      followed.length,
      lossSpikes,
      lead,
    ),
    line: point.line,
  }));
}
