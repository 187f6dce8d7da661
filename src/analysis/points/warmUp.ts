// Before this many points a norm says little; real runs fall by a factor of 27 in their first hundred steps.
export const WARM_UP_POINTS = 50;
// A rate printed in few digits repeats while it rises, the first steps of a schedule have 0, and some logs have a
// rate only now and then: only this many points without a new maximum say that it has stopped rising.
const LEVEL_POINTS = 20;

/**
 * Follows the learning rate: training warms up for 50 points, and for as long as the rate keeps setting a new maximum.
 * Points without a finite positive norm do not count, so that they change no other finding.
 */
export interface WarmUp {
  readonly push: (learningRate: number | undefined, isMeasured: boolean) => void;
  readonly isOver: () => boolean;
}

export function createWarmUp(): WarmUp {
  let points = 0;
  let highest = 0;
  let level = LEVEL_POINTS; // A log without learning rates has no ramp to wait for.
  return {
    push(learningRate, isMeasured) {
      const counted = isMeasured ? 1 : 0;
      points += counted;
      level += counted;
      if (learningRate !== undefined && learningRate > highest) {
        highest = learningRate;
        level = 0;
      } else if (learningRate !== undefined && learningRate < highest) {
        level = LEVEL_POINTS;
      }
    },
    isOver: () => points > WARM_UP_POINTS && level >= LEVEL_POINTS,
  };
}
