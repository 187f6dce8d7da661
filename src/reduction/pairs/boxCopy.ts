import type { ReadInto } from "#core/byteSource.ts";
import type { Box } from "#core/tensorPart.ts";

/** A box of a tensor that lies somewhere with strides, in elements. */
export interface StridedBox extends Box {
  readonly strides: readonly number[];
}

export interface BoxSource extends StridedBox {
  /** Gives the decoded bytes of the part. */
  readonly read: ReadInto;
}

export interface BoxTarget extends StridedBox {
  readonly bytes: Uint8Array;
}

/** Copies what two boxes have in common, element by element or in runs; reads the source in its own order, a window at a time. */
export async function copyBox(source: BoxSource, target: BoxTarget, elementBytes: number): Promise<void> {
  const common = intersect(source, target);
  if (common === undefined) {
    return;
  }
  const axes = common.shape
    .map((size, axis) => ({ size, from: source.strides[axis] ?? 0, to: target.strides[axis] ?? 0 }))
    .filter(({ size }) => size !== 1)
    .toSorted((a, b) => b.from - a.from);
  const place = { from: offsetOf(common, source), to: offsetOf(common, target) };
  const end = place.from + 1 + axes.reduce((sum, { size, from }) => sum + (size - 1) * from, 0);
  const window = createWindow(source.read, { start: place.from, end, elementBytes });
  for (const { from, to, run } of runsOf(axes, place)) {
    for (let done = 0; done < run;) {
      const bytes = await window(from + done);
      const count = Math.min(run - done, bytes.length / elementBytes);
      target.bytes.set(bytes.subarray(0, count * elementBytes), (to + done) * elementBytes);
      done += count;
    }
  }
}

interface Axis {
  readonly size: number;
  /** Elements from one to the next in the source and in the target. */
  readonly from: number;
  readonly to: number;
}

function intersect(one: Box, other: Box): Box | undefined {
  const start = one.start.map((at, axis) => Math.max(at, other.start[axis] ?? 0));
  const shape = start.map((at, axis) => {
    const ends = [one, other].map((box) => (box.start[axis] ?? 0) + (box.shape[axis] ?? 0));
    return Math.min(...ends) - at;
  });
  return shape.every((size) => size > 0) ? { start, shape } : undefined;
}

function offsetOf({ start }: Box, box: StridedBox): number {
  return start.reduce((sum, at, axis) => sum + (at - (box.start[axis] ?? 0)) * (box.strides[axis] ?? 0), 0);
}

interface Place {
  readonly from: number;
  readonly to: number;
}

/** Where elements that follow each other in both begin, the last axis running fastest. */
function* runsOf(axes: readonly Axis[], place: Place): Generator<Place & { readonly run: number }, void> {
  const last = axes.at(-1);
  const hasRuns = last?.from === 1 && last.to === 1;
  const run = hasRuns ? last.size : 1;
  yield* placesOf(hasRuns ? axes.slice(0, -1) : axes, { ...place, run });
}

function* placesOf<T extends Place>(axes: readonly Axis[], place: T): Generator<T, void> {
  const [first, ...others] = axes;
  if (first === undefined) {
    yield place;
    return;
  }
  for (let index = 0; index < first.size; index += 1) {
    yield* placesOf(others, { ...place, from: place.from + index * first.from, to: place.to + index * first.to });
  }
}

interface Extent {
  readonly start: number;
  /** Elements: nothing is read past it. */
  readonly end: number;
  readonly elementBytes: number;
}

/** A function that gives the bytes from an element on, as many as are at hand: one at least. */
function createWindow(read: ReadInto, { start, end, elementBytes }: Extent): (from: number) => Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(WINDOW_BYTES, (end - start) * elementBytes));
  const size = bytes.length / elementBytes;
  let [first, stop] = [0, 0];
  return async (from) => {
    if (from < first || from >= stop) {
      first = from;
      stop = Math.min(from + size, end);
      await read(bytes.subarray(0, (stop - first) * elementBytes), first * elementBytes);
    }
    return bytes.subarray((from - first) * elementBytes, (stop - first) * elementBytes);
  };
}

// A multiple of every element's size.
const WINDOW_BYTES = 1024 * 1024;
