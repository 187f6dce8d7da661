import { formatNumber } from "#core/format.ts";
import { t } from "@vscode/l10n";
import type { DetectorOptions } from "../detectorOptions.ts";
import { eachPoint } from "./rule.ts";
import type { Episode, Rule } from "./rule.ts";
import type { SeenPoint } from "../points/seenPoint.ts";
import { createRoundedLogRule } from "./roundedLog.ts";

const ENTER_POINTS = 20;
// A norm after clipping stands at the threshold again and again, up to rounding and the 1e-6 of clip_grad_norm_.
const AT_THRESHOLD = 2e-3;
// Two norms that differ by less print alike.
const COARSE = 5e-3;

interface Repeat {
  readonly first: SeenPoint;
  last: SeenPoint;
  points: number;
  isOver: boolean;
}

/** GN207: 20 times the same norm, which is not the clip threshold and not rounded to bfloat16 or to few digits. */
export function createFrozenRule({ threshold }: DetectorOptions): Rule {
  const repeats: Repeat[] = [];
  const rounding = createRoundedLogRule();

  const seeEach = eachPoint((point) => {
    if (Number.isNaN(point.log)) {
      return;
    }
    const newest = repeats.at(-1);
    if (newest?.first.value === point.value && !newest.isOver) {
      Object.assign(newest, { last: point, points: newest.points + 1 });
      return;
    }
    if (newest !== undefined && newest.points < ENTER_POINTS) {
      repeats.pop();
    } else if (newest !== undefined) {
      newest.isOver = true;
    }
    repeats.push({ first: point, last: point, points: 1, isOver: false });
  });

  return {
    push(points) {
      rounding.push(points);
      seeEach(points);
    },
    episodes: () =>
      rounding.episodes().length > 0
        ? []
        : repeats.filter((one) => one.points >= ENTER_POINTS && isExact(one.first, threshold)).map(describe),
  };
}

function isExact({ value, resolution }: SeenPoint, threshold: number | undefined): boolean {
  const isAtThreshold = threshold !== undefined && Math.abs(value - threshold) <= AT_THRESHOLD * threshold;
  return !isAtThreshold && (resolution === undefined || resolution <= COARSE * value);
}

function describe({ first, last, points, isOver }: Repeat): Episode {
  return {
    rule: "GN207",
    severity: "info",
    start: first.step,
    peak: first.step,
    end: isOver ? last.step : null,
    value: first.value,
    limit: first.value,
    message: t(
      "The logged norm has been {0} for {1} points; it may not be recomputed.",
      formatNumber(first.value),
      points,
    ),
    line: first.line,
  };
}
