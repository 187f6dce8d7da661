import { formatNumber } from "#core/format.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import { isBfloat16 } from "./bfloat16.ts";
import type { Points } from "../points/points.ts";
import type { Episode, Rule } from "./rule.ts";
import type { SeenPoint } from "../points/seenPoint.ts";
import { createStretches } from "./stretches.ts";

/**
 * GN103: the number is no norm of its step. A norm is never negative; and one that repeats the last to the last digit
 * while the log says that the step was skipped is the value of an earlier step. Numbers with few digits repeat by chance.
 */
export function createSentinelRule(): Rule {
  const stretches = createStretches<null>();
  let previous: number | undefined;

  function see(points: Points, place: number): void {
    const point = points.at(place);
    const isPlaceholder = Number.isFinite(point.value) && (point.value < 0 || isStale(point, previous));
    if (isPlaceholder) {
      stretches.bad(points, place, () => null);
    } else {
      stretches.calm();
    }
    previous = point.value;
  }

  return {
    push(points) {
      if (points.areOrdinary && !stretches.isOpen()) {
        previous = points.values[points.length - 1];
        return;
      }
      for (let place = 0; place < points.length; place += 1) {
        see(points, place);
      }
    },
    episodes: () =>
      stretches.all().map((stretch): Episode => {
        const { first, bad } = stretch;
        return {
          rule: "GN103",
          severity: "warning",
          start: first.step,
          peak: first.step,
          end: stretches.endOf(stretch),
          value: first.value,
          limit: 0,
          message: bad > 1 ? t("{0} {1} such values so far.", describe(first), bad) : describe(first),
          line: first.line,
        };
      }),
  };
}

function isStale({ value, skipped, resolution }: SeenPoint, previous: number | undefined): boolean {
  return value === previous && value > 0 && skipped > 0 && resolution === undefined && !isBfloat16(value);
}

function describe({ value, step, axis }: SeenPoint): string {
  return value < 0
    ? t(
        "Norm {0} at {1} is a placeholder: a norm is never negative, and some trainers log this in place of NaN or Inf.",
        formatNumber(value),
        stepName(step, axis),
      )
    : t(
        "Norm {0} at {1} repeats the one before although the step was skipped: it is a stale value.",
        formatNumber(value),
        stepName(step, axis),
      );
}
