import type { LoggedNorms } from "./loggedNorms.ts";
import { BLOCK_POINTS } from "./points.ts";
import type { Block } from "./points.ts";
import type { ContextChange } from "./rule.ts";
import { createSkipCount } from "./skipCount.ts";
import { createWarmUp } from "./warmUp.ts";

// Norms settle again after the learning rate jumped; as long as after a start.
const CHANGE_POINTS = 50;
const CHANGE_RATIO = 2;

/** Tells of each point of a segment what all rules ask about it, so that it is worked out once. */
export interface Surroundings {
  /** Adds a row of a log to a block that is not complete. */
  readonly see: (norms: LoggedNorms, row: number, block: Block) => void;
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

  function noteRate(step: number, learningRate: number | undefined): void {
    if (learningRate === undefined || learningRate === rate) {
      return;
    }
    if (rate !== undefined && isJump(rate, learningRate)) {
      change = { step, index, from: rate, to: learningRate };
    }
    rate = learningRate;
  }

  function see(norms: LoggedNorms, row: number, block: Block): void {
    const step = norms.steps[row] ?? Number.NaN;
    const value = norms.values[row] ?? Number.NaN;
    const isMeasured = value > 0 && value < Infinity;
    const learningRate = norms.learningRateAt?.(step);
    const skipped = skips.push(norms, step);
    if (lastStep !== undefined) {
      interval.push(step - lastStep);
    }
    lastStep = step;
    warmUp.push(learningRate, isMeasured);
    noteRate(step, learningRate);
    const place = block.length;
    block.steps[place] = step;
    block.values[place] = value;
    block.lines[place] = norms.lines[row] ?? 0;
    block.logs[place] = isMeasured ? Math.log(value) : Number.NaN;
    block.indexes[place] = index;
    block.areWarm[place] = warmUp.isOver() ? 1 : 0;
    block.changes[place] = change !== undefined && index - change.index < CHANGE_POINTS ? change : undefined;
    block.skipped[place] = skipped;
    block.areOrdinary &&= isMeasured && skipped === 0;
    block.haveScaler ||= (norms.lossScaleAt?.(step) ?? 0) > 1;
    block.norms = norms;
    block.length = place + 1;
    index += isMeasured ? 1 : 0;
    block.isComplete = block.length === BLOCK_POINTS || (isMeasured && index % BLOCK_POINTS === 0);
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
