import { createOverflowCount } from "./overflows.ts";
import type { ContextChange, NormPoint, SeenPoint } from "./rule.ts";
import { createWarmUp } from "./warmUp.ts";

// Norms settle again after the learning rate jumped; as long as after a start.
const CHANGE_POINTS = 50;
const CHANGE_RATIO = 2;

/** Tells of each point of a segment what all rules ask about it, so that it is worked out once. */
export function createSurroundings(): { readonly see: (point: NormPoint) => SeenPoint } {
  const warmUp = createWarmUp();
  const overflows = createOverflowCount();
  let index = -1;
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

  return {
    see(point) {
      index += 1;
      warmUp.push(point);
      noteRate(point);
      return {
        ...point,
        index,
        log: point.value > 0 && point.value < Infinity ? Math.log(point.value) : Number.NaN,
        isWarm: warmUp.isOver(),
        change: change !== undefined && index - change.index < CHANGE_POINTS ? change : undefined,
        overflows: overflows.push(point),
      };
    },
  };
}

/** From and to 0 counts as well. */
function isJump(before: number, after: number): boolean {
  return Math.max(before, after) > CHANGE_RATIO * Math.min(before, after);
}
