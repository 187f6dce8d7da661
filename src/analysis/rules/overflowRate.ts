import { formatNumber } from "#core/format.ts";
import { t } from "@vscode/l10n";
import type { Points } from "../points/points.ts";
import type { Episode, Rule } from "./rule.ts";
import type { SeenPoint } from "../points/seenPoint.ts";
import { createStretches } from "./stretches.ts";
import type { Stretch } from "./stretches.ts";

const WINDOW_POINTS = 1000;
const LIMIT = 0.01;
// A scaler searches its scale first, and overflows on purpose.
const CALIBRATION_POINTS = 100;

interface Peak {
  point: SeenPoint;
  rate: number;
}

/**
 * GN102: with fp16 loss scaling more than 1 % of the last 1000 points overflowed. Where a log has a line every so many
 * steps, a point counts with the share of its steps that overflowed. Ten overflows are needed however short the log is.
 */
export function createOverflowRateRule(): Rule {
  const shares = new Float64Array(WINDOW_POINTS);
  const stretches = createStretches<Peak>();
  let calibrationPoints = 0; // As long as there are too few, no point counts.
  let seen = 0;
  let sum = 0;
  let overflowed = 0; // How many shares are not 0.
  let hasScaler = false;
  let lastStep: number | undefined;

  function countIn(share: number): void {
    const slot = seen % WINDOW_POINTS;
    const leaving = shares[slot] ?? 0;
    sum += share - leaving;
    overflowed += Number(share > 0) - Number(leaving > 0);
    shares[slot] = share;
    seen += 1;
  }

  function see(points: Points, place: number): void {
    const point = points.at(place);
    const steps = Math.max(1, point.step - (lastStep ?? point.step - 1));
    lastStep = point.step;
    hasScaler ||= point.lossScale !== undefined && point.lossScale > 1;
    calibrationPoints += 1;
    if (calibrationPoints <= CALIBRATION_POINTS) {
      return;
    }
    countIn(Math.min(1, overflowsAt(point) / steps));
    const rate = sum / Math.min(seen, WINDOW_POINTS);
    const isBad = hasScaler && sum > LIMIT * WINDOW_POINTS;
    const stretch = isBad ? stretches.bad(points, place, () => ({ point, rate })) : stretches.calm();
    if (stretch !== undefined && rate > stretch.detail.rate) {
      Object.assign(stretch.detail, { point, rate });
    }
  }

  /** Without overflows before it either, an ordinary block leaves all shares as they are. */
  function pass(points: Points): void {
    lastStep = points.steps[points.length - 1];
    hasScaler ||= points.haveScaler;
    seen += points.length;
  }

  return {
    push(points) {
      if (points.areOrdinary && overflowed === 0 && calibrationPoints >= CALIBRATION_POINTS && !stretches.isOpen()) {
        pass(points);
        return;
      }
      for (let place = 0; place < points.length; place += 1) {
        see(points, place);
      }
    },
    episodes: () => stretches.all().map((stretch) => describe(stretch, stretches.endOf(stretch))),
  };
}

/** A norm that is not finite is an overflow that no counter need tell. */
function overflowsAt({ value, skipped }: SeenPoint): number {
  return Math.max(skipped, Number.isFinite(value) ? 0 : 1);
}

function describe({ first, detail }: Stretch<Peak>, end: number | null): Episode {
  return {
    rule: "GN102",
    severity: "warning",
    start: first.step,
    peak: detail.point.step,
    end,
    value: detail.rate,
    limit: LIMIT,
    message: t("{0} % of recent steps overflowed; the loss scale cannot settle.", formatNumber(detail.rate * 100)),
    line: detail.point.line,
  };
}
