import { createNumberList } from "./numberList.ts";

/** Rows of numbers that stand on lines one after another. Each begins `width` numbers after the one before. */
export interface SampleRows {
  readonly values: Float64Array;
  readonly width: number;
  readonly count: number;
  readonly firstLine: number;
}

/** Where in a log samples stand: their steps and lines, once for all samples of a row. */
export interface SamplePlaces {
  /** The index of the place, which is the last one or new. */
  readonly add: (step: number, line: number) => number;
  /** The index of the first one. */
  readonly addRows: (rows: SampleRows, stepAt: number) => number;
  /** Some of them: those at the indexes, or all from one to before another, which is no copy. */
  readonly take: (indexes: Float64Array | IndexRange) => { readonly steps: Float64Array; readonly lines: Float64Array };
}

export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

export function createSamplePlaces(): SamplePlaces {
  const steps = createNumberList();
  const lines = createNumberList();
  let [lastStep, lastLine] = [Number.NaN, Number.NaN];
  let finished: { readonly steps: Float64Array; readonly lines: Float64Array } | null = null;

  return {
    add(step, line) {
      if (step !== lastStep || line !== lastLine) {
        steps.add(step);
        lines.add(line);
        [lastStep, lastLine] = [step, line];
      }
      return steps.length() - 1;
    },
    addRows({ values, width, count, firstLine }, stepAt) {
      const first = steps.length();
      steps.addAll({ values, from: stepAt, width, count });
      lines.addRange(firstLine, count);
      [lastStep, lastLine] = [Number.NaN, Number.NaN];
      return first;
    },
    take(indexes) {
      finished ??= { steps: steps.finish(), lines: lines.finish() };
      return { steps: taken(finished.steps, indexes), lines: taken(finished.lines, indexes) };
    },
  };
}

function taken(numbers: Float64Array, indexes: Float64Array | IndexRange): Float64Array {
  if (!(indexes instanceof Float64Array)) {
    const { from, to } = indexes;
    return from === 0 && to === numbers.length ? numbers : numbers.subarray(from, to);
  }
  return indexes.map((index) => numbers[index] ?? Number.NaN);
}
