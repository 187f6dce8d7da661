import { createWarmUp } from "../points/warmUp.ts";

/** A run's global norms as logged, in the order of the log. */
export interface ReplayedNorms {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly learningRateAt: (step: number) => number | undefined;
}

export interface HistoryOptions {
  /** With the points of the warm-up, which are large in most runs. */
  readonly withWarmUp?: boolean | undefined;
  /** Only the last points count. */
  readonly last?: number | undefined;
  /** Only steps from here on count: the norm settled at another level. */
  readonly fromStep?: number | undefined;
}

/** What thresholds are measured on: finite positive norms of the current segment, with a count of all that is left out. */
export interface ClipHistory {
  /** The segment's finite positive norms, in the order of their steps; what counts is from `start` on. */
  readonly norms: Float64Array;
  readonly steps: Float64Array;
  readonly start: number;
  readonly nan: number;
  readonly infinite: number;
  readonly zero: number;
  /** Placeholders such as the -1 of DeepSpeed. */
  readonly negative: number;
  /** Left out because training warmed up, because `last` newer ones count, because of `fromStep`. */
  readonly warmUp: number;
  readonly older: number;
  readonly beforeChange: number;
}

/** Longer ago a run was another: the last points decide. */
const LAST_POINTS = 2000;

/** The clean history of the current segment, which begins where the step last went back. A step logged twice counts once. */
export function clipHistoryOf(
  logged: ReplayedNorms,
  { withWarmUp = false, last = LAST_POINTS, fromStep = -Infinity }: HistoryOptions = {},
): ClipHistory {
  const kept = selectNorms(logged);
  const warmUp = withWarmUp ? 0 : kept.warmUp;
  const settled = kept.steps.findIndex((step) => step >= fromStep);
  const afterChange = Math.max(warmUp, settled < 0 ? kept.steps.length : settled);
  const start = Math.max(afterChange, kept.steps.length - last);
  return { ...kept, warmUp, start, beforeChange: afterChange - warmUp, older: start - afterChange };
}

/** The norms that count. */
export function normsIn({ norms, start }: ClipHistory): Float64Array {
  return norms.subarray(start);
}

type Selected = Omit<ClipHistory, "start" | "older" | "beforeChange">;

function selectNorms({ steps, values, learningRateAt }: ReplayedNorms): Selected {
  const norms: number[] = [];
  const at: number[] = [];
  const counts = { nan: 0, infinite: 0, zero: 0, negative: 0 };
  const follow = createWarmUp();
  let warmUp = 0;
  let isWarm = false;
  for (let index = segmentStart(steps); index < steps.length; index += 1) {
    const [step, value] = [steps[index] ?? 0, values[index] ?? Number.NaN];
    if (steps[index + 1] === step) {
      continue;
    }
    follow.push(learningRateAt(step), faultOf(value) === undefined);
    isWarm ||= follow.isOver(); // A rate that rises again later is no second warm-up.
    const fault = faultOf(value);
    if (fault !== undefined) {
      counts[fault] += 1;
      continue;
    }
    norms.push(value);
    at.push(step);
    warmUp += isWarm ? 0 : 1;
  }
  return { norms: Float64Array.from(norms), steps: Float64Array.from(at), ...counts, warmUp };
}

function segmentStart(steps: ArrayLike<number>): number {
  for (let index = steps.length - 1; index > 0; index -= 1) {
    if ((steps[index] ?? 0) < (steps[index - 1] ?? 0)) {
      return index;
    }
  }
  return 0;
}

function faultOf(value: number): "nan" | "infinite" | "zero" | "negative" | undefined {
  if (Number.isNaN(value)) {
    return "nan";
  }
  if (value === 0) {
    return "zero";
  }
  if (Math.abs(value) === Infinity) {
    return "infinite";
  }
  return value < 0 ? "negative" : undefined;
}
