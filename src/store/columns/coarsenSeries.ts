import { ALL_STEPS } from "./bucket.ts";
import { blocksOf, coarsen } from "./coarsen.ts";
import { growPyramid, stepsOf, weightedValues } from "./samples.ts";
import type { Samples } from "./samples.ts";
import { currentRanges } from "./segments.ts";
import { columnOf, thin } from "./table.ts";

// A block of 64 keeps about four samples. A short series, and one coarsened before, loses less at a time.
const BLOCK = 64;
const COARSE_BLOCK = 32;
const SMALL_BLOCK = 16;

/** Coarsens the older half of the samples kept one by one, or once more all that were coarsened. */
export function coarsenSeries(samples: Samples, what: "olderHalf" | "coarsened"): void {
  const { coarse } = samples;
  const half = coarse + Math.floor((samples.length - coarse) / 2);
  const part = what === "coarsened" ? { from: 0, to: coarse } : { from: coarse, to: half };
  if (part.from === part.to) {
    return;
  }
  const detailBlock = part.to - part.from < 4 * BLOCK ? SMALL_BLOCK : BLOCK;
  const blocks = blocksOf(part, what === "coarsened" ? COARSE_BLOCK : detailBlock, edgesOf(samples));
  const kept = coarsen(weightedValues(samples), blocks);
  const before = Uint32Array.from({ length: part.from }, (_, index) => index);
  const weightsBefore = before.length === 0 ? before : Uint32Array.from(columnOf(samples, "weights") ?? []);
  const indexes = join(before, kept.indexes);
  thin(samples, { indexes, weights: join(weightsBefore.subarray(0, part.from), kept.weights) }, part.to);
  samples.coarse = indexes.length;
  samples.segmentStarts = movedStarts(samples.segmentStarts, indexes, part.to);
  samples.pyramid = undefined;
  growPyramid(samples);
}

/** Where segments start, and where what counts of them ends: extremes are kept on both sides. */
function edgesOf(samples: Samples): readonly number[] {
  const ends = currentRanges(stepsOf(samples), samples.segmentStarts, ALL_STEPS).map(({ to }) => to);
  return [...new Set([...samples.segmentStarts, ...ends])].toSorted((a, b) => a - b);
}

/** Where segments start when of the samples before `end` only those at the given indexes are left. */
function movedStarts(starts: readonly number[], kept: Uint32Array, end: number): readonly number[] {
  if (starts.length === 1) {
    return starts; // The first sample always stays.
  }
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
