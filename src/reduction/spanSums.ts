import type { FullSpanSums, SpanSums, SquareSum } from "#core/spanSums.ts";
import type { TensorEntry, TensorStatistics } from "#core/tensor.ts";
import { createFullCollector, exponentsOf } from "./fullStatistics.ts";
import type { FullCollector, FullStatistics } from "./fullStatistics.ts";
import type { FullSums } from "./fullSums.ts";
import { addSquares, NO_SQUARES } from "./squares.ts";
import { mergeStatistics, NOTHING, toTensorStatistics } from "./statistics.ts";
import type { Statistics } from "./statistics.ts";

export interface SpanCollector {
  /** Adds a chunk, in the order of the tensor's; its statistics with indices of the tensor and as often as it has them. */
  readonly add: (statistics: Statistics, full?: FullSums, times?: number) => void;
  readonly finish: () => SpanSums;
}

export interface SpanOptions {
  /** Whether the span begins with the tensor's first chunk. */
  readonly isStart: boolean;
  readonly isFull: boolean;
}

type Described = Pick<TensorEntry, "dtype" | "elements">;

export function createSpanCollector(entry: Described, { isStart, isFull }: SpanOptions): SpanCollector {
  const squares: SquareSum[] = [];
  const full = isFull ? createFullSpanCollector(entry, isStart) : undefined;
  let total = NOTHING;
  return {
    add(statistics, sums, times = 1) {
      total = mergeStatistics(total, statistics);
      if (!isStart) {
        squares.push(statistics.squares);
      }
      if (sums !== undefined) {
        full?.add(sums, times);
      }
    },
    finish: () => ({ ...total, squares: isStart ? [total.squares] : squares, full: full?.finish() ?? null }),
  };
}

interface FullSpanCollector {
  readonly add: (sums: FullSums, times: number) => void;
  readonly finish: () => FullSpanSums;
}

function createFullSpanCollector(entry: Described, isStart: boolean): FullSpanCollector {
  const collector: FullCollector = createFullCollector(entry);
  const apart: Pick<FullSums, "l1" | "sum">[] = [];
  return {
    add(sums, times) {
      collector.add(sums, times);
      if (!isStart) {
        apart.push({ l1: sums.l1 * times, sum: sums.sum * times });
      }
    },
    finish() {
      const { l1, sum, zeros, histogram } = { ...collector.sums(), ...collector.finish() };
      return { sums: isStart ? [{ l1, sum }] : apart, zeros, histogram };
    },
  };
}

/** Statistics of a tensor, with those that only `--full` asks for. */
export type Reduced = TensorStatistics & { readonly full?: FullStatistics };

/** A tensor's statistics from all its spans in their order: the same bits however it was cut. */
export function joinSpans(entry: Described, spans: readonly SpanSums[]): Reduced {
  let total = NOTHING;
  let full: FullCollector | undefined;
  for (const span of spans) {
    const squares = span.squares.reduce(addSquares, total.squares);
    total = { ...mergeStatistics(total, { ...span, squares: NO_SQUARES }), squares };
    if (span.full !== null) {
      full ??= createFullCollector(entry);
      addFull(full, span.full);
    }
  }
  return { ...toTensorStatistics(total), ...(full === undefined ? {} : { full: full.finish() }) };
}

function addFull(collector: FullCollector, { sums, zeros, histogram }: FullSpanSums): void {
  sums.forEach((each) => collector.add({ ...each, zeros: 0, exponents: [] }));
  collector.add({ l1: 0, sum: 0, zeros, exponents: exponentsOf(histogram) });
}
