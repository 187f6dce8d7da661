import { t } from "@vscode/l10n";
import { isBfloat16 } from "./bfloat16.ts";
import { eachPoint } from "./rule.ts";
import type { Episode, Rule } from "./rule.ts";
import type { SeenPoint } from "../points/seenPoint.ts";

const LEAST_POINTS = 30;
// One number that repeats, such as 1, says nothing about how it was rounded.
const LEAST_DISTINCT = 10;
const SHARE = 0.95;

/** GN105: 95 % of the norms, at least 30, are bfloat16 numbers. Printed with few digits they would be by chance. */
export function createRoundedLogRule(): Rule {
  const distinct = new Set<number>();
  let first: SeenPoint | undefined;
  let last: SeenPoint | undefined;
  let points = 0;
  let rounded = 0;
  const holds = (): boolean => points >= LEAST_POINTS && distinct.size >= LEAST_DISTINCT && rounded >= SHARE * points;
  return {
    push: eachPoint((point) => {
      if (Number.isNaN(point.log) || point.resolution !== undefined) {
        return;
      }
      first ??= point;
      last = point;
      points += 1;
      rounded += isBfloat16(point.value) ? 1 : 0;
      if (distinct.size < LEAST_DISTINCT) {
        distinct.add(point.value);
      }
    }),
    episodes: () => (first === undefined || last === undefined || !holds() ? [] : [describe(first, rounded / points)]),
  };
}

function describe({ step, line }: SeenPoint, share: number): Episode {
  return {
    rule: "GN105",
    severity: "info",
    start: step,
    peak: step,
    end: null,
    value: share,
    limit: SHARE,
    message: t("Logged norms are bf16: steps below 0.8 % are rounding."),
    line,
  };
}
