import type { LoggedNorms } from "./loggedNorms.ts";
import { BLOCK_POINTS } from "./points.ts";
import type { Block } from "./points.ts";
import type { ContextChange } from "./seenPoint.ts";
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

  function noteStep(step: number): void {
    if (lastStep !== undefined) {
      interval.push(step - lastStep);
    }
    lastStep = step;
  }

  function recentChange(): ContextChange | undefined {
    return change !== undefined && index - change.index < CHANGE_POINTS ? change : undefined;
  }

  function see(norms: LoggedNorms, row: number, block: Block): void {
    const place = block.length;
    copyRow(norms, row, block);
    const [step, value] = [block.steps[place] ?? Number.NaN, block.values[place] ?? Number.NaN];
    const isMeasured = value > 0 && value < Infinity;
    const learningRate = norms.learningRateAt?.(step);
    const skipped = skips.push(norms, step);
    noteStep(step);
    warmUp.push(learningRate, isMeasured);
    noteRate(step, learningRate);
    block.logs[place] = isMeasured ? Math.log(value) : Number.NaN;
    block.indexes[place] = index;
    block.areWarm[place] = Number(warmUp.isOver());
    block.changes[place] = recentChange();
    block.skipped[place] = skipped;
    block.areOrdinary &&= isMeasured && skipped === 0;
    block.haveScaler ||= hasScaler(norms, step);
    index += Number(isMeasured);
    block.isComplete = block.length === BLOCK_POINTS || (isMeasured && index % BLOCK_POINTS === 0);
  }

  return { see, interval: () => interval.value() ?? 1 };
}

function copyRow(norms: LoggedNorms, row: number, block: Block): void {
  const place = block.length;
  block.norms = norms;
  block.steps[place] = norms.steps[row] ?? Number.NaN;
  block.values[place] = norms.values[row] ?? Number.NaN;
  block.lines[place] = norms.lines[row] ?? 0;
  block.length = place + 1;
}

function hasScaler({ lossScaleAt }: LoggedNorms, step: number): boolean {
  return (lossScaleAt?.(step) ?? 0) > 1;
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
