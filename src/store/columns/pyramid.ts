import { createColumn } from "./column.ts";
import type { Column } from "./column.ts";
import { NODE_FIELDS, summarise, summaryIn, writeMerged, writeNode } from "./node.ts";
import { mergeSummaries } from "./summary.ts";
import type { Summary, WeightedValues } from "./summary.ts";

/** Samples of one node of the lowest level; each level above halves the number of nodes. */
const NODE_SAMPLES = 128;
/** Fewer are looked at one by one: levels over them would take more memory than they do. */
export const LEAST_FOR_PYRAMID = 1024;

export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/** Summaries of ever larger blocks of a series, so that no question looks at all samples. */
export interface Pyramid {
  /** Takes in the samples that are new; `length` is how many there are in all. */
  readonly grow: (length: number) => void;
  /** Of the samples in a range that is not empty; looks at O(log n) of them. */
  readonly summarise: (range: IndexRange) => Summary;
  /** The ranges cut at multiples of a power of two, into at most `most` pieces, or one for each range. */
  readonly cut: (ranges: readonly IndexRange[], most: number) => Summary[];
}

export function createPyramid(samples: () => WeightedValues): Pyramid {
  const levels: Column[] = [];
  const newNode = new Float64Array(NODE_FIELDS);
  let summarised = 0;

  /** Adds the new node to a level and, with the one before it, to the levels above. */
  function add(weighted: WeightedValues, level: number): void {
    const nodes = (levels[level] ??= createColumn());
    nodes.append(newNode);
    const index = nodes.length() / NODE_FIELDS - 1;
    if (index % 2 === 1) {
      writeMerged(newNode, nodes.values(), (index - 1) * NODE_FIELDS, weighted);
      add(weighted, level + 1);
    }
  }

  function nodeAt(level: number, index: number): Summary {
    const nodes = levels[level]?.values() ?? new Uint32Array();
    const first = index * sizeOf(level);
    return summaryIn(nodes, index * NODE_FIELDS, { first, last: first + sizeOf(level) - 1 });
  }

  /** The largest node that starts here and ends in time, else the samples up to the next node. */
  function next(weighted: WeightedValues, { from, to }: IndexRange): Summary {
    let level = -1;
    while (from % sizeOf(level + 1) === 0 && from + sizeOf(level + 1) <= to && hasNode(level + 1, from)) {
      level += 1;
    }
    const nextNode = from - (from % NODE_SAMPLES) + NODE_SAMPLES;
    return level === -1 ? summarise(weighted, from, Math.min(to, nextNode)) : nodeAt(level, from / sizeOf(level));
  }

  const hasNode = (level: number, from: number): boolean =>
    (from / sizeOf(level) + 1) * NODE_FIELDS <= (levels[level]?.length() ?? 0);

  function summariseRange(weighted: WeightedValues, { from, to }: IndexRange): Summary {
    let sum = next(weighted, { from, to });
    while (sum.last + 1 < to) {
      sum = mergeSummaries(weighted, sum, next(weighted, { from: sum.last + 1, to }));
    }
    return sum;
  }

  return {
    grow(length) {
      if (summarised + NODE_SAMPLES > length) {
        return;
      }
      const weighted = samples();
      for (; summarised + NODE_SAMPLES <= length; summarised += NODE_SAMPLES) {
        writeNode(newNode, weighted, { from: summarised, to: summarised + NODE_SAMPLES });
        add(weighted, 0);
      }
    },
    summarise: (range) => summariseRange(samples(), range),
    cut(ranges, most) {
      const weighted = samples();
      return cutAt(ranges, sizeFor(ranges, most)).map((range) => summariseRange(weighted, range));
    },
  };
}

function sizeOf(level: number): number {
  return NODE_SAMPLES * 2 ** level;
}

/** The smallest power of two whose multiples cut the ranges into at most `most` pieces. */
function sizeFor(ranges: readonly IndexRange[], most: number): number {
  const longest = ranges.reduce((length, { from, to }) => Math.max(length, to - from), 1);
  let size = 1;
  while (size < longest && countPieces(ranges, size) > most) {
    size *= 2;
  }
  return countPieces(ranges, size) > most ? Infinity : size;
}

function countPieces(ranges: readonly IndexRange[], size: number): number {
  return ranges.reduce((sum, { from, to }) => sum + Math.ceil(to / size) - Math.floor(from / size), 0);
}

function cutAt(ranges: readonly IndexRange[], size: number): IndexRange[] {
  const pieces: IndexRange[] = [];
  for (const { from, to } of ranges) {
    for (let at = from; at < to;) {
      const end = size === Infinity ? to : Math.min(to, (Math.floor(at / size) + 1) * size);
      pieces.push({ from: at, to: end });
      at = end;
    }
  }
  return pieces;
}
