import { NO_COUNTS, atMost } from "./bucket.ts";
import type { Bucket, Sample, StepWindow } from "./bucket.ts";
import { blocksOf } from "./coarsen.ts";
import { joinColumns } from "./column.ts";
import { createPyramid } from "./pyramid.ts";
import type { Pyramid } from "./pyramid.ts";
import { stepsOf, valuesOf, weightedValues } from "./samples.ts";
import type { Samples } from "./samples.ts";
import { currentRanges } from "./segments.ts";
import type { Columns } from "../series.ts";
import { NONE, SAMPLE_KINDS, samplesOf } from "./summary.ts";
import type { Summary } from "./summary.ts";

/** How many samples of each kind the log gave. */
export function countsOf(samples: Samples): Bucket["counts"] {
  return samples.length === 0 ? NO_COUNTS : nameCounts(pyramidOf(samples).summarise({ from: 0, to: samples.length }));
}

/** Without a copy as long as no segment follows another in the window. */
export function countedIn(samples: Samples, window: StepWindow): Pick<Columns, "steps" | "values"> {
  const [steps, values] = [stepsOf(samples), valuesOf(samples)];
  const ranges = currentRanges(steps, samples.segmentStarts, window);
  return {
    steps: joinColumns(ranges.map(({ from, to }) => steps.subarray(from, to))),
    values: joinColumns(ranges.map(({ from, to }) => values.subarray(from, to))),
  };
}

export function bucketsOf(samples: Samples, window: StepWindow, most: number): readonly Bucket[] {
  const [steps, values] = [stepsOf(samples), valuesOf(samples)];
  const at = (index: number): Sample => ({ step: steps[index] ?? Number.NaN, value: values[index] ?? Number.NaN });
  const ifAny = (index: number): Sample | undefined => (index === NONE ? undefined : at(index));
  const ranges = currentRanges(steps, samples.segmentStarts, window);
  const buckets = pyramidOf(samples)
    .cut(ranges, most)
    .map((summary) => ({
      first: at(summary.first),
      last: at(summary.last),
      low: ifAny(summary.low),
      high: ifAny(summary.high),
      lowPositive: ifAny(summary.lowPositive),
      counts: nameCounts(summary),
    }));
  return atMost(buckets, most);
}

// A bucket names four samples, as long as all values are positive.
const SAMPLES_PER_BUCKET = 4;

/** Segment by segment, so that restarts are still seen. */
export function thinnedTo(samples: Samples, most: number): Pick<Columns, "steps" | "values"> {
  const [steps, values] = [stepsOf(samples), valuesOf(samples)];
  if (steps.length <= most * SAMPLES_PER_BUCKET) {
    return { steps, values };
  }
  const ranges = [...blocksOf({ from: 0, to: steps.length }, Infinity, samples.segmentStarts)];
  const kept = pyramidOf(samples).cut(ranges, most).flatMap(samplesOf);
  return {
    steps: Float64Array.from(kept, (index) => steps[index] ?? Number.NaN),
    values: Float64Array.from(kept, (index) => values[index] ?? Number.NaN),
  };
}

/** Of few samples one without levels, which looks at each of them. */
function pyramidOf(samples: Samples): Pyramid {
  return samples.pyramid ?? createPyramid(() => weightedValues(samples));
}

function nameCounts({ counts }: Summary): Bucket["counts"] {
  const named = { ...NO_COUNTS };
  SAMPLE_KINDS.forEach((kind, index) => (named[kind] = counts[index] ?? 0));
  return named;
}
