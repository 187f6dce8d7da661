import { formatNumber } from "#core/format.ts";
import type { Axis } from "#core/series.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import { createLevels } from "../points/levels.ts";
import type { Levels } from "../points/levels.ts";
import type { Points } from "../points/points.ts";
import type { Episode, Rule } from "./rule.ts";
import type { ContextChange, SeenPoint } from "../points/seenPoint.ts";
import { createStretches } from "./stretches.ts";
import type { Stretch, Stretches } from "./stretches.ts";

// A burst of 30 points passes the test for 30 points.
const ENTER_POINTS = 40;
const ENTER_SPREADS = 4;
const EXIT_SPREADS = 2;
const EXIT_SIZE = Math.log(1.5);
const ERROR_RATIO = 10;
/** How far back a jump of the learning rate may lie that explains a shift: both windows together. */
const EXPLAINING_POINTS = 225;

type ShiftRuleId = "GN203" | "GN205";

/** A confirmed shift, in steps. */
export interface Shift {
  readonly rule: ShiftRuleId;
  readonly start: number;
  readonly confirmed: number;
  readonly end: number | null;
}

export interface LevelShiftRule extends Rule {
  readonly shifts: () => readonly Shift[];
}

interface Detail {
  readonly start: number;
  readonly change: ContextChange | undefined;
  peak: SeenPoint;
  /** ln of the ratio of the levels, where it was largest. */
  size: number;
  /** ln of the new level there, and of what it had to pass. */
  level: number;
  limit: number;
}

/** Upwards by a factor of 2, or downwards by a factor of 10. */
const DIRECTIONS = [
  { rule: "GN203", sign: 1, ratio: 2 },
  { rule: "GN205", sign: -1, ratio: 10 },
] as const;

interface Watch {
  readonly rule: ShiftRuleId;
  readonly stretches: Stretches<Detail>;
  /** Takes a point behind the warm-up. */
  readonly judge: (points: Points, place: number) => void;
}

/**
 * GN203 and GN205: the median of the last 25 points has left that of the 200 before them by 4 spreads, for 40 points on
 * end. It ends when the 200 points have reached the new level.
 */
export function createLevelShiftRule(): LevelShiftRule {
  const levels = createLevels();
  let change: ContextChange | undefined;
  const watches = DIRECTIONS.map((direction) => createWatch(direction, levels, () => change));

  function see(points: Points, place: number): void {
    const log = points.logs[place] ?? Number.NaN;
    const now = points.changes[place];
    if (Number.isNaN(log)) {
      return;
    }
    levels.push(points.steps[place] ?? Number.NaN, log);
    change = now ?? change;
    if (now !== undefined || points.areWarm[place] === 0 || !levels.areFilled()) {
      return;
    }
    const isCalm = levels.areWithin(EXIT_SIZE);
    for (const watch of watches) {
      if (isCalm) {
        watch.stretches.calm();
      } else {
        watch.judge(points, place);
      }
    }
  }

  return {
    push(points) {
      for (let place = 0; place < points.length; place += 1) {
        see(points, place);
      }
    },
    episodes: () =>
      watches.flatMap(({ rule, stretches }) =>
        stretches.all().map((stretch) => describe(rule, stretch, stretches.endOf(stretch))),
      ),
    shifts: () =>
      watches.flatMap(({ rule, stretches }) =>
        stretches.all().map((stretch) => ({
          rule,
          start: stretch.detail.start,
          confirmed: stretch.confirmedStep,
          end: stretches.endOf(stretch),
        })),
      ),
  };
}

function createWatch(
  { rule, sign, ratio }: (typeof DIRECTIONS)[number],
  levels: Levels,
  latestChange: () => ContextChange | undefined,
): Watch {
  const stretches = createStretches<Detail>(ENTER_POINTS);

  function judge(points: Points, place: number): void {
    const size = sign * (levels.recent() - levels.older());
    // The spread costs a walk over the window, so it is only asked for where it can matter.
    const spread = size < EXIT_SIZE ? undefined : levels.spread();
    if (spread === undefined || size < EXIT_SPREADS * spread) {
      stretches.calm();
      return;
    }
    const enter = Math.max(Math.log(ratio), ENTER_SPREADS * spread);
    const extremeOf = (): Omit<Detail, "start" | "change"> => ({
      peak: points.at(place),
      size,
      level: levels.recent(),
      limit: levels.older() + sign * enter,
    });
    const detailOf = (): Detail => {
      const change = latestChange();
      const isRecent = change !== undefined && (points.indexes[place] ?? 0) - change.index < EXPLAINING_POINTS;
      const explanation = isRecent ? change : undefined;
      const onset = levels.onset(sign, enter / 2);
      // While points were not judged, because the learning rate had jumped, the shift may have left the recent ones.
      const start = onset.isOldest ? (explanation?.step ?? onset.step) : onset.step;
      return { start, change: explanation, ...extremeOf() };
    };
    const stretch = size > enter ? stretches.bad(points, place, detailOf) : stretches.between(points, place);
    if (stretch !== undefined && size > stretch.detail.size) {
      Object.assign(stretch.detail, extremeOf());
    }
  }

  return { rule, stretches, judge };
}

function describe(rule: ShiftRuleId, { detail }: Stretch<Detail>, end: number | null): Episode {
  const ratio = Math.exp(detail.size);
  const times = formatNumber(ratio);
  const { axis } = detail.peak;
  const start = stepName(detail.start, axis);
  const what =
    rule === "GN203"
      ? t("Gradient norm has settled {0}× higher since {1}.", times, start)
      : t("Gradient norm fell to 1/{0} of its level at {1}.", times, start);
  return {
    rule,
    severity: rule === "GN203" && ratio >= ERROR_RATIO ? "error" : "warning",
    start: detail.start,
    peak: detail.peak.step,
    end,
    value: Math.exp(detail.level),
    limit: Math.exp(detail.limit),
    message: `${what} ${describeChange(detail.change, axis)}`.trimEnd(),
    line: detail.peak.line,
  };
}

function describeChange(change: ContextChange | undefined, axis: Axis | undefined): string {
  return change === undefined
    ? ""
    : t(
        "The learning rate went from {0} to {1} at {2}.",
        formatNumber(change.from),
        formatNumber(change.to),
        stepName(change.step, axis),
      );
}
