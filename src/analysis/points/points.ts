import type { LoggedNorms } from "./loggedNorms.ts";
import type { ContextChange, SeenPoint } from "./seenPoint.ts";

/**
 * How many points a block has at most. It ends as well with every 50th finite positive norm of its segment, because there
 * GN204 asks what GN203 has found by then.
 */
export const BLOCK_POINTS = 50;

/** Neighbouring points of one segment as columns, so that rules can pass over most of them without an object for each. */
export interface Points {
  readonly length: number;
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly lines: Float64Array;
  /** Of each point what `SeenPoint` calls `log`, `index`, `isWarm` (as 1 and 0) and `change`. */
  readonly logs: Float64Array;
  readonly indexes: Float64Array;
  readonly areWarm: Uint8Array;
  readonly changes: readonly (ContextChange | undefined)[];
  /** All norms are finite and positive, and no step was skipped. */
  readonly areOrdinary: boolean;
  /** A loss scale above 1 is logged with one of them. */
  readonly haveScaler: boolean;
  /** A point by itself, to be kept; it is made when it is first asked for. */
  readonly at: (place: number) => SeenPoint;
}

/** Points that are taken out and put in again. */
export interface Block extends Points {
  length: number;
  readonly skipped: Float64Array;
  readonly changes: (ContextChange | undefined)[];
  areOrdinary: boolean;
  haveScaler: boolean;
  /** It must be judged, and cleared, before it takes another point. */
  isComplete: boolean;
  /** Where the points are from. */
  norms: LoggedNorms | undefined;
  /** Takes all points out. */
  readonly clear: () => void;
}

export function createBlock(): Block {
  const column = (): Float64Array => new Float64Array(BLOCK_POINTS);
  let made: SeenPoint[] = [];

  const block: Block = {
    length: 0,
    steps: column(),
    values: column(),
    lines: column(),
    logs: column(),
    indexes: column(),
    areWarm: new Uint8Array(BLOCK_POINTS),
    changes: [],
    skipped: column(),
    areOrdinary: true,
    haveScaler: false,
    isComplete: false,
    norms: undefined,
    at: (place) => (made[place] ??= pointAt(block, place)),
    clear() {
      block.length = 0;
      block.areOrdinary = true;
      block.haveScaler = false;
      block.isComplete = false;
      block.norms = undefined;
      made = made.length > 0 ? [] : made;
    },
  };
  return block;
}

function pointAt(block: Block, place: number): SeenPoint {
  const { norms } = block;
  const numberIn = (column: Float64Array): number => column[place] ?? Number.NaN;
  const step = numberIn(block.steps);
  return {
    step,
    axis: norms?.axis,
    value: numberIn(block.values),
    line: numberIn(block.lines),
    loss: norms?.lossAt?.(step),
    lossScale: norms?.lossScaleAt?.(step),
    rankNorms: norms?.rankNormsAt?.(step),
    resolution: norms?.resolution,
    index: numberIn(block.indexes),
    log: numberIn(block.logs),
    isWarm: block.areWarm[place] === 1,
    change: block.changes[place],
    skipped: numberIn(block.skipped),
  };
}
