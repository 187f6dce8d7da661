import type { Numbers } from "#core/numbers.ts";
import type { SeriesChunk, SeriesKey } from "#core/series.ts";
import { ALL_STEPS, NO_COUNTS, atMost } from "./bucket.ts";
import type { Bucket, Sample, StepWindow } from "./bucket.ts";
import { blocksOf, coarsen } from "./coarsen.ts";
import { concatenate, createColumn } from "./column.ts";
import type { Column } from "./column.ts";
import { createPyramid } from "./pyramid.ts";
import type { IndexRange, Pyramid } from "./pyramid.ts";
import { currentRanges, lastIndexOf, restarts } from "./segments.ts";
import { NONE, SAMPLE_KINDS, samplesOf } from "./summary.ts";
import type { Summary, WeightedValues } from "./summary.ts";

/** Samples as columns of equal length. */
export interface Columns {
  readonly steps: Numbers;
  readonly values: Numbers;
  /** Zero-based lines, or records, of the log. */
  readonly lines: Numbers;
}

/**
 * All samples of one series, in the order the log gives them. In a long run the oldest may be coarsened: of each block
 * its first and last sample, its extremes and the first of each kind of value are kept.
 */
export interface Series {
  readonly key: SeriesKey;
  /** Samples that are kept; the columns are this long and valid until the next change. */
  readonly length: () => number;
  readonly steps: () => Numbers;
  readonly values: () => Numbers;
  readonly lines: () => Numbers;
  /** Seconds since the epoch, NaN where the log has none; undefined when it has none at all. */
  readonly wallTimes: () => Numbers | undefined;
  /** Half a unit of the last digit printed, of the coarsest sample; undefined when values are as computed. */
  readonly resolution: () => number | undefined;
  readonly last: () => Sample | undefined;
  /** Samples that the log gave. */
  readonly count: () => number;
  /** Of the samples given, how many of the first ones are no longer kept one by one. */
  readonly coarsened: () => number;
  /** The samples given after the first `count`; of coarsened ones only when all are asked for. */
  readonly since: (count: number) => Columns;
  /** How often the step went back, plus one: restarts and resumed runs. */
  readonly segments: () => number;
  /**
   * Value at a step; the last one written where a step is logged twice; undefined when it is not logged or, where
   * samples were coarsened, no longer known.
   */
  readonly valueAt: (step: number) => number | undefined;
  /** How many samples of each kind the log gave. */
  readonly counts: () => Bucket["counts"];
  /** What counts in a window of steps, ascending: all samples that a later segment does not replace. */
  readonly counted: (window: StepWindow) => Pick<Columns, "steps" | "values">;
  /** What counts in a window of steps, in at most `most` buckets of neighbours, ascending. */
  readonly buckets: (window: StepWindow, most: number) => readonly Bucket[];
  /** All samples or, of more than a few times `most`, those that a picture of `most` columns needs. */
  readonly thinned: (most: number) => Pick<Columns, "steps" | "values">;
}

/** The series of one log, which grows and may be coarsened. */
export interface GrowingSeries extends Series {
  readonly append: (chunk: SeriesChunk) => void;
  /** Index of the last sample at a step that is kept one by one; -1 when there is none. */
  readonly indexAt: (step: number) => number;
  /** Coarsens the older half of the samples kept one by one, or once more all that were coarsened. */
  readonly coarsen: (what: "olderHalf" | "coarsened") => void;
}

interface State {
  readonly steps: Column;
  readonly values: Column;
  readonly lines: Column;
  wallTimes: Column | undefined;
  resolution: number | undefined;
  segmentStarts: number[];
  pyramid: Pyramid;
  /** For how many samples each coarsened one stands; none for those kept one by one. */
  weights: Uint32Array;
  count: number;
}

export function createSeries(key: SeriesKey): GrowingSeries {
  const state = createState();
  const { steps, values, lines } = state;
  let known = 0;

  /** Most look up one step after the other, so the next sample is tried first. */
  function indexAt(step: number): number {
    const [all, next] = [steps.values(), known + 1];
    const isNext = state.segmentStarts.length === 1 && all[next] === step && all[next + 1] !== step;
    known =
      isNext && next >= state.weights.length
        ? next
        : lastIndexOf(all, step, { starts: state.segmentStarts, from: state.weights.length });
    return known;
  }

  return {
    key,
    length: steps.length,
    steps: steps.values,
    values: values.values,
    lines: lines.values,
    wallTimes: () => state.wallTimes?.values(),
    resolution: () => state.resolution,
    last: () => lastSample(state),
    count: () => state.count,
    coarsened: () => coarsenedCount(state),
    since: (count) => samplesSince(state, count),
    segments: () => state.segmentStarts.length,
    valueAt: (step) => values.values()[indexAt(step)],
    counts: () => countsOf(state),
    counted: (window) => countedIn(state, window),
    buckets: (window, most) => bucketsOf(state, window, most),
    thinned: (most) => thinnedTo(state, most),
    append: (chunk) => appendTo(state, chunk),
    indexAt,
    coarsen: (what) => coarsenPart(state, what),
  };
}

function createState(): State {
  const values = createColumn("float32");
  const state: State = {
    steps: createColumn("uint32"),
    values,
    lines: createColumn("uint32"),
    wallTimes: undefined,
    resolution: undefined,
    segmentStarts: [],
    pyramid: createPyramid(() => weightedValues(state)),
    weights: new Uint32Array(),
    count: 0,
  };
  return state;
}

function weightedValues({ values, weights }: State): WeightedValues {
  return { values: values.values(), weights };
}

function appendTo(state: State, chunk: SeriesChunk): void {
  const { steps, values, lines, segmentStarts } = state;
  const before = steps.last() ?? Infinity;
  for (const index of restarts(before, chunk.steps)) {
    segmentStarts.push(steps.length() + index);
  }
  appendWallTimes(state, chunk);
  steps.append(chunk.steps);
  values.append(chunk.values);
  lines.append(chunk.lines);
  state.count += chunk.steps.length;
  if (chunk.resolution !== undefined) {
    state.resolution = Math.max(state.resolution ?? 0, chunk.resolution);
  }
  state.pyramid.grow(state.values.length());
}

/** NaN where the log has none. */
function appendWallTimes(state: State, { steps, wallTimes }: SeriesChunk): void {
  if (wallTimes !== undefined && state.wallTimes === undefined) {
    state.wallTimes = createColumn();
    state.wallTimes.append(new Float64Array(state.steps.length()).fill(Number.NaN));
  }
  state.wallTimes?.append(wallTimes ?? new Float64Array(steps.length).fill(Number.NaN));
}

function lastSample({ steps, values }: State): Sample | undefined {
  const [step, value] = [steps.last(), values.last()];
  return step === undefined || value === undefined ? undefined : { step, value };
}

function coarsenedCount({ count, steps, weights }: State): number {
  return count - (steps.length() - weights.length);
}

function samplesSince(state: State, count: number): Columns {
  const { steps, values, lines, weights } = state;
  const from = count <= 0 ? 0 : weights.length + Math.max(0, count - coarsenedCount(state));
  return {
    steps: steps.values().subarray(from),
    values: values.values().subarray(from),
    lines: lines.values().subarray(from),
  };
}

function countsOf({ pyramid, values }: State): Bucket["counts"] {
  return values.length() === 0 ? NO_COUNTS : nameCounts(pyramid.summarise({ from: 0, to: values.length() }));
}

/** Without a copy as long as no segment follows another in the window. */
function countedIn(state: State, window: StepWindow): Pick<Columns, "steps" | "values"> {
  const [steps, values] = [state.steps.values(), state.values.values()];
  const ranges = currentRanges(steps, state.segmentStarts, window);
  return {
    steps: concatenate(ranges.map(({ from, to }) => steps.subarray(from, to))),
    values: concatenate(ranges.map(({ from, to }) => values.subarray(from, to))),
  };
}

function bucketsOf(state: State, window: StepWindow, most: number): readonly Bucket[] {
  const [steps, values] = [state.steps.values(), state.values.values()];
  const at = (index: number): Sample => ({ step: steps[index] ?? Number.NaN, value: values[index] ?? Number.NaN });
  const ifAny = (index: number): Sample | undefined => (index === NONE ? undefined : at(index));
  const buckets = state.pyramid.cut(currentRanges(steps, state.segmentStarts, window), most).map((summary) => ({
    first: at(summary.first),
    last: at(summary.last),
    low: ifAny(summary.low),
    high: ifAny(summary.high),
    lowPositive: ifAny(summary.lowPositive),
    counts: nameCounts(summary),
  }));
  return atMost(buckets, most);
}

function nameCounts({ counts }: Summary): Bucket["counts"] {
  const named = { ...NO_COUNTS };
  SAMPLE_KINDS.forEach((kind, index) => (named[kind] = counts[index] ?? 0));
  return named;
}

// A bucket names four samples, as long as all values are positive.
const SAMPLES_PER_BUCKET = 4;

/** Segment by segment, so that restarts are still seen. */
function thinnedTo(state: State, most: number): Pick<Columns, "steps" | "values"> {
  const [steps, values] = [state.steps.values(), state.values.values()];
  if (steps.length <= most * SAMPLES_PER_BUCKET) {
    return { steps, values };
  }
  const ranges = rangesOf(state.segmentStarts, { from: 0, to: steps.length });
  const kept = state.pyramid.cut(ranges, most).flatMap(samplesOf);
  return {
    steps: Float64Array.from(kept, (index) => steps[index] ?? Number.NaN),
    values: Float64Array.from(kept, (index) => values[index] ?? Number.NaN),
  };
}

function rangesOf(starts: readonly number[], whole: IndexRange): IndexRange[] {
  return [...blocksOf(whole, Infinity, starts)];
}

// A block of 64 keeps about four samples. A short series, and one coarsened before, loses less at a time.
const BLOCK = 64;
const COARSE_BLOCK = 32;
const SMALL_BLOCK = 16;

function coarsenPart(state: State, what: "olderHalf" | "coarsened"): void {
  const known = state.weights.length;
  const half = known + Math.floor((state.steps.length() - known) / 2);
  const part = what === "coarsened" ? { from: 0, to: known } : { from: known, to: half };
  if (part.from === part.to) {
    return;
  }
  const detailBlock = part.to - part.from < 4 * BLOCK ? SMALL_BLOCK : BLOCK;
  const blocks = blocksOf(part, what === "coarsened" ? COARSE_BLOCK : detailBlock, edgesOf(state));
  const kept = coarsen(weightedValues(state), blocks);
  const before = Uint32Array.from({ length: part.from }, (_, index) => index);
  const indexes = join(before, kept.indexes);
  for (const column of [state.steps, state.values, state.lines, state.wallTimes]) {
    column?.thin(indexes, part.to);
  }
  state.weights = what === "coarsened" ? kept.weights : join(state.weights, kept.weights);
  state.segmentStarts = movedStarts(state.segmentStarts, indexes, part.to);
  state.pyramid = createPyramid(() => weightedValues(state));
  state.pyramid.grow(state.values.length());
}

/** Where segments start, and where what counts of them ends: extremes are kept on both sides. */
function edgesOf({ segmentStarts, steps }: State): readonly number[] {
  const ends = currentRanges(steps.values(), segmentStarts, ALL_STEPS).map(({ to }) => to);
  return [...new Set([...segmentStarts, ...ends])].toSorted((a, b) => a - b);
}

/** Where segments start when of the samples before `end` only those at the given indexes are left. */
function movedStarts(starts: readonly number[], kept: Uint32Array, end: number): number[] {
  let place = 0;
  return starts.map((start) => {
    if (start >= end) {
      return start - end + kept.length;
    }
    while (place < kept.length && (kept[place] ?? end) < start) {
      place += 1;
    }
    return place;
  });
}

function join(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
