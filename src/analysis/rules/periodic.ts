import { t } from "@vscode/l10n";
import { eachPoint } from "./rule.ts";
import type { Episode, Rule } from "./rule.ts";
import type { SeenPoint } from "../points/seenPoint.ts";

const WINDOW_POINTS = 1000;
const LEAST_PERIOD = 5;
const LONGEST_PERIOD = WINDOW_POINTS / 4;
const CORRELATION = 0.4;
/** How far the correlation must rise again after its lowest. */
const RECOVERY = 0.3;
// Multiples of a period correlate as well as the period itself, up to noise.
const ALIKE = 0.1;
const SHORTER = 0.6;

interface Peak {
  readonly period: number;
  readonly correlation: number;
}

interface Repetition extends Peak {
  readonly first: SeenPoint;
  last: SeenPoint;
  isOver: boolean;
}

/** GN208: ln‖g‖ of 1000 points, without its linear trend, is like itself some points later. Judged every 1000 points. */
export function createPeriodicRule(): Rule {
  const found: Repetition[] = [];
  let points: SeenPoint[] = [];

  function judge(first: SeenPoint, last: SeenPoint): void {
    const newest = found.at(-1);
    const best = strongestPeriod(withoutTrend(points.map(({ log }) => log)));
    if (newest !== undefined && !newest.isOver && best !== undefined) {
      newest.last = last;
    } else if (best !== undefined) {
      found.push({ first, last, ...best, isOver: false });
    } else if (newest !== undefined) {
      newest.isOver = true;
    }
  }

  return {
    push: eachPoint((point) => {
      if (Number.isNaN(point.log)) {
        return;
      }
      points.push(point);
      const [first] = points;
      if (points.length === WINDOW_POINTS && first !== undefined) {
        judge(first, point);
        points = [];
      }
    }),
    episodes: () => found.map(describe),
  };
}

/** What the line of least squares leaves. */
function withoutTrend(values: readonly number[]): readonly number[] {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const covariance = values.reduce((sum, value, x) => sum + (x - middle) * (value - mean), 0);
  const variance = values.reduce((sum, _, x) => sum + (x - middle) ** 2, 0);
  return values.map((value, x) => value - mean - (covariance / variance) * (x - middle));
}

/** The highest peak of the autocorrelation that counts, of a period and its multiples the first; undefined without one. */
function strongestPeriod(rest: readonly number[]): Peak | undefined {
  const peaks = peaksOf(autocorrelations(rest)).toSorted((a, b) => b.correlation - a.correlation);
  let best = peaks[0];
  for (let shorter = best; shorter !== undefined;) {
    best = shorter;
    const { period, correlation } = shorter;
    shorter = peaks.find((peak) => peak.period <= SHORTER * period && peak.correlation >= correlation - ALIKE);
  }
  return best;
}

function peaksOf(correlations: readonly number[]): readonly Peak[] {
  const at = (lag: number): number => correlations[lag] ?? Number.NaN;
  const peaks: Peak[] = [];
  let lowest = Infinity;
  for (let period = 1; period <= LONGEST_PERIOD; period += 1) {
    const correlation = at(period);
    const isPeak = correlation > at(period - 1) && correlation >= at(period + 1);
    if (isPeak && period >= LEAST_PERIOD && correlation >= CORRELATION && correlation - lowest >= RECOVERY) {
      peaks.push({ period, correlation });
    }
    lowest = Math.min(lowest, correlation);
  }
  return peaks;
}

/** By lag, from 0 to one beyond the longest period. All NaN for a constant series. */
function autocorrelations(rest: readonly number[]): readonly number[] {
  const values = Float64Array.from(rest);
  const power = productAt(values, 0);
  return Array.from({ length: LONGEST_PERIOD + 2 }, (_, lag) => productAt(values, lag) / power);
}

function productAt(values: Float64Array, lag: number): number {
  let sum = 0;
  for (let index = lag; index < values.length; index += 1) {
    sum += (values[index] ?? 0) * (values[index - lag] ?? 0);
  }
  return sum;
}

function describe({ first, last, period, correlation, isOver }: Repetition): Episode {
  return {
    rule: "GN208",
    severity: "info",
    start: first.step,
    peak: first.step,
    end: isOver ? last.step : null,
    value: correlation,
    limit: CORRELATION,
    message: t("Gradient norm repeats every ≈{0} points (data order, accumulation or schedule).", period),
    line: first.line,
  };
}
