import { numberOrNullIn, readCarry } from "../shared/carry.ts";

/**
 * What the progress bars of Hugging Face's Trainer have told so far. Evaluation draws its own bar, told from training's by
 * its total. A bar is drawn at most ten times a second, so the one before a row may be some steps late; the one after it,
 * drawn anew below the row, is right, but comes with the next line. From those the next row's step is foretold.
 */
export interface Progress {
  /** Of training. */
  step: number | null;
  total: number | null;
  /** Of the bar that was seen last. */
  lastStep: number | null;
  lastTotal: number | null;
  stepsPerSecond: number | null;
  /** The step of the last row by the bar below it, and how many steps after the row before that was. */
  drawnBelow: number | null;
  interval: number | null;
  /** 1 between a row and the bar below it. */
  isRowAbove: number | null;
  /** 1 once a row came before any bar: rows are at their epochs then. */
  isByEpoch: number | null;
  /** 1 once the user was told that there are no bars. */
  told: number | null;
}

export function readProgress(carry: string): Progress {
  const fields = readCarry(carry);
  return {
    step: numberOrNullIn(fields, "step"),
    total: numberOrNullIn(fields, "total"),
    lastStep: numberOrNullIn(fields, "lastStep"),
    lastTotal: numberOrNullIn(fields, "lastTotal"),
    stepsPerSecond: numberOrNullIn(fields, "stepsPerSecond"),
    drawnBelow: numberOrNullIn(fields, "drawnBelow"),
    interval: numberOrNullIn(fields, "interval"),
    isRowAbove: numberOrNullIn(fields, "isRowAbove"),
    isByEpoch: numberOrNullIn(fields, "isByEpoch"),
    told: numberOrNullIn(fields, "told"),
  };
}

export interface Bar {
  readonly step: number;
  readonly total: number;
  readonly stepsPerSecond: number | null;
}

export function seeBar(progress: Progress, { step, total, stepsPerSecond }: Bar): void {
  progress.lastStep = step;
  progress.lastTotal = total;
  if (progress.isRowAbove !== null) {
    progress.total = total;
    progress.interval = progress.drawnBelow === null ? null : step - progress.drawnBelow;
    progress.drawnBelow = step;
    progress.isRowAbove = null;
  }
  progress.total ??= total;
  if (total !== progress.total) {
    return;
  }
  progress.step = step;
  progress.stepsPerSecond = stepsPerSecond;
  if (progress.drawnBelow !== null && step < progress.drawnBelow) {
    [progress.drawnBelow, progress.interval] = [null, null]; // The training was resumed.
  }
}

/** A row of training comes right after training's own bar has moved; `isDrawnBelow`: the bar is drawn anew below it. */
export function seeTrainingRow(progress: Progress, isDrawnBelow: boolean): void {
  const { lastStep, lastTotal, total, drawnBelow } = progress;
  // Evaluation has ended, and training's bar was not drawn since.
  const isOther = drawnBelow !== null && lastTotal !== total && lastStep === lastTotal;
  if (!isOther) {
    [progress.total, progress.step] = [lastTotal, lastStep];
  }
  progress.step = foretold(progress) ?? progress.step;
  progress.isRowAbove = isDrawnBelow ? 1 : null;
}

// A bar that is drawn ten times a second is hardly later than this.
const LATEST_SECONDS = 0.5;

/** The step that is due, when the bar has just not come to it; null when the bar is to be believed. */
function foretold({ step, drawnBelow, interval, stepsPerSecond, total }: Progress): number | null {
  if (step === null || drawnBelow === null) {
    return null;
  }
  const due = drawnBelow + (interval ?? 1);
  const isBarOld = step === drawnBelow; // It is still that of the row before.
  const isLate = due > step && interval !== null && due - step <= LATEST_SECONDS * (stepsPerSecond ?? 0);
  return (isBarOld || isLate) && due <= (total ?? Infinity) ? due : null;
}
