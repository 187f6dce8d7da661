import { t } from "@vscode/l10n";
import { createLevelChanges } from "./levelChanges.ts";
import type { LevelChange } from "./levelChanges.ts";
import { eachPoint } from "./rule.ts";
import type { Episode, Rule } from "./rule.ts";

const TOLERANCE = 0.05;
// torch's GradScaler doubles its scale after this many steps without an overflow.
const GROWTH_STEPS = 2000;
const STEP_TOLERANCE = 2;

/**
 * GN405: the level of the norm doubles or halves from one point to the next, twice or more, and does so with the logged
 * loss scale or, where none is logged, doubles 2000 steps after the change before.
 */
export function createUnscaledRule(): Rule {
  const levels = createLevelChanges();
  const changes: LevelChange[] = [];
  return {
    push: eachPoint((point) => {
      const change = Number.isNaN(point.log) ? undefined : levels.push(point);
      if (change !== undefined && isFactorOf2(change.ratio) && scaleAgrees(change) !== false) {
        changes.push(change);
      }
    }),
    episodes: () => (isByScale(changes) ? changes.slice(0, 1).map((first) => describe(first, changes.length)) : []),
  };
}

function isFactorOf2(ratio: number): boolean {
  return [2, 1 / 2].some((factor) => Math.abs(ratio / factor - 1) <= TOLERANCE);
}

/** Whether the loss scale changed likewise; undefined where it is not logged. */
function scaleAgrees({ point, previous, ratio }: LevelChange): boolean | undefined {
  const [before, after] = [previous.lossScale, point.lossScale];
  return before === undefined || after === undefined ? undefined : after / before === (ratio > 1 ? 2 : 1 / 2);
}

function isByScale(changes: readonly LevelChange[]): boolean {
  if (changes.length < 2) {
    return false;
  }
  const unproven = changes.filter((change) => change.ratio > 1 && scaleAgrees(change) === undefined);
  const timed = unproven.filter((change) => isInTime(change, changes));
  const isFirst = (change: LevelChange): boolean => change === changes[0];
  const isSure = timed.length > 0 || changes.some((change) => scaleAgrees(change) === true);
  return isSure && unproven.every((change) => isFirst(change) || timed.includes(change));
}

function isInTime(change: LevelChange, changes: readonly LevelChange[]): boolean {
  const before = changes[changes.indexOf(change) - 1];
  const steps = change.point.step - (before?.point.step ?? -Infinity);
  return Math.abs(steps - GROWTH_STEPS) <= Math.max(STEP_TOLERANCE, change.point.step - change.previous.step);
}

function describe({ point, ratio }: LevelChange, count: number): Episode {
  return {
    rule: "GN405",
    severity: "warning",
    start: point.step,
    peak: point.step,
    end: null,
    value: ratio,
    limit: 2,
    message: t(
      "Norm doubles or halves as a loss scale does, {0} times so far: it may be measured before unscale_.",
      count,
    ),
    line: point.line,
  };
}
