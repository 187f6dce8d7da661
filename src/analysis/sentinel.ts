import { formatNumber } from "#core/format.ts";
import { isBfloat16 } from "./bfloat16.ts";
import type { Episode, Rule, SeenPoint } from "./rule.ts";
import { createStretches } from "./stretches.ts";

/**
 * GN103: the number is no norm of its step. A norm is never negative; and one that repeats the last to the last digit
 * while the log says that the step was skipped is the value of an earlier step. Numbers with few digits repeat by chance.
 */
export function createSentinelRule(): Rule {
  const stretches = createStretches<null>();
  let previous: number | undefined;
  return {
    push(point) {
      const isPlaceholder = Number.isFinite(point.value) && (point.value < 0 || isStale(point, previous));
      if (isPlaceholder) {
        stretches.bad(point, () => null);
      } else {
        stretches.calm();
      }
      previous = point.value;
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
          message: `${describe(first)}${bad > 1 ? ` ${bad} such values so far.` : ""}`,
          line: first.line,
        };
      }),
  };
}

function isStale({ value, skipped, resolution }: SeenPoint, previous: number | undefined): boolean {
  return value === previous && value > 0 && skipped > 0 && resolution === undefined && !isBfloat16(value);
}

function describe({ value, step }: SeenPoint): string {
  const what = `Norm ${formatNumber(value)} at step ${step}`;
  return value < 0
    ? `${what} is a placeholder: a norm is never negative, and some trainers log this in place of NaN or Inf.`
    : `${what} repeats the one before although the step was skipped: it is a stale value.`;
}
