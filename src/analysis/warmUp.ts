import type { NormPoint } from "./rule.ts";

// Before this many points a norm says little; real runs fall by a factor of 27 in their first hundred steps.
export const WARM_UP_POINTS = 50;

/** Follows the learning rate: training warms up for 50 points, and for as long as the rate keeps setting a new maximum. */
export interface WarmUp {
  readonly push: (point: NormPoint) => void;
  readonly isOver: () => boolean;
}

export function createWarmUp(): WarmUp {
  let points = 0;
  let highest = -Infinity;
  let isRising = true;
  return {
    push({ learningRate }) {
      points += 1;
      if (learningRate === undefined) {
        isRising = isRising && highest !== -Infinity; // A log without learning rates has no ramp to wait for.
      } else if (learningRate > highest) {
        highest = learningRate;
      } else {
        isRising = false;
      }
    },
    isOver: () => points > WARM_UP_POINTS && !isRising,
  };
}
