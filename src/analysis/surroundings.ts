import type { ContextChange, NormPoint, SeenPoint } from "./rule.ts";
import { createSkipCount } from "./skipCount.ts";
import { createWarmUp } from "./warmUp.ts";

// Norms settle again after the learning rate jumped; as long as after a start.
const CHANGE_POINTS = 50;
const CHANGE_RATIO = 2;

/** Tells of each point of a segment what all rules ask about it, so that it is worked out once. */
export interface Surroundings {
  readonly see: (point: NormPoint) => SeenPoint;
  /** The usual number of steps from one point to the next; 1 while there are fewer than two. */
  readonly interval: () => number;
}

export function createSurroundings(): Surroundings {
  const warmUp = createWarmUp();
  const skips = createSkipCount();
  const interval = createMajority();
  let index = 0;
  let lastStep: number | undefined;
  let rate: number | undefined;
  let change: ContextChange | undefined;

  function noteRate({ step, learningRate }: NormPoint): void {
    if (learningRate === undefined) {
      return;
    }
    if (rate !== undefined && isJump(rate, learningRate)) {
      change = { step, index, from: rate, to: learningRate };
    }
    rate = learningRate;
  }

  function see(point: NormPoint): SeenPoint {
    const isMeasured = point.value > 0 && point.value < Infinity;
    if (lastStep !== undefined) {
      interval.push(point.step - lastStep);
    }
    lastStep = point.step;
    warmUp.push(point.learningRate, isMeasured);
    noteRate(point);
    const seen = {
      ...point,
      index,
      log: isMeasured ? Math.log(point.value) : Number.NaN,
      isWarm: warmUp.isOver(),
      change: change !== undefined && index - change.index < CHANGE_POINTS ? change : undefined,
      skipped: skips.push(point),
    };
    index += isMeasured ? 1 : 0;
    return seen;
  }

  return { see, interval: () => interval.value() ?? 1 };
}

/** From and to 0 counts as well. */
function isJump(before: number, after: number): boolean {
  return Math.max(before, after) > CHANGE_RATIO * Math.min(before, after);
}

/** The number that most of a sequence are, in constant memory: the vote of Boyer and Moore. */
function createMajority(): { readonly push: (value: number) => void; readonly value: () => number | undefined } {
  let leader: number | undefined;
  let lead = 0;
  return {
    push(value) {
      if (lead === 0) {
        leader = value;
      }
      lead += value === leader ? 1 : -1;
    },
    value: () => leader,
  };
}
