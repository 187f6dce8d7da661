import type { Numbers } from "#core/numbers.ts";
import { kindOf, NONE, SAMPLE_KINDS } from "./summary.ts";
import type { Summary, WeightedValues } from "./summary.ts";

// A summary as numbers in a row: `low`, `high` and `lowPositive`, the first of each kind, how many there are of each.
const FIRST_OF = 3;
const KINDS = SAMPLE_KINDS.length;
const COUNTS = FIRST_OF + KINDS;
export const NODE_FIELDS = COUNTS + KINDS;

/** Looks at each of the samples `from` to `to`, at least one. */
export function summarise(samples: WeightedValues, from: number, to: number): Summary {
  const node = new Float64Array(NODE_FIELDS);
  writeNode(node, samples, { from, to });
  return summaryIn(node, 0, { first: from, last: to - 1 });
}

/** The same into a node. */
export function writeNode(
  node: Float64Array,
  { values, weights }: WeightedValues,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  let [low, high, lowPositive] = [NONE, NONE, NONE];
  let [least, most, leastPositive] = [Infinity, -Infinity, Infinity];
  node.fill(NONE, FIRST_OF, COUNTS).fill(0, COUNTS);
  for (let index = from; index < to; index += 1) {
    const value = values[index] ?? Number.NaN;
    const kind = kindOf(value);
    if (kind <= 2) {
      if (value < least) {
        [low, least] = [index, value];
      }
      if (value > most) {
        [high, most] = [index, value];
      }
      if (value > 0 && value < leastPositive) {
        [lowPositive, leastPositive] = [index, value];
      }
    }
    if (node[FIRST_OF + kind] === NONE) {
      node[FIRST_OF + kind] = index;
    }
    node[COUNTS + kind] = (node[COUNTS + kind] ?? 0) + (index < weights.length ? (weights[index] ?? 1) : 1);
  }
  node[0] = low;
  node[1] = high;
  node[2] = lowPositive;
}

/** Writes the summary of two neighbours, whose nodes follow each other. */
export function writeMerged(node: Float64Array, nodes: Numbers, at: number, { values }: WeightedValues): void {
  const next = at + NODE_FIELDS;
  node[0] = extreme(values, nodes[at], nodes[next], 1);
  node[1] = extreme(values, nodes[at + 1], nodes[next + 1], -1);
  node[2] = extreme(values, nodes[at + 2], nodes[next + 2], 1);
  for (let field = FIRST_OF; field < COUNTS; field += 1) {
    node[field] = Math.min(nodes[at + field] ?? NONE, nodes[next + field] ?? NONE);
  }
  for (let field = COUNTS; field < NODE_FIELDS; field += 1) {
    node[field] = (nodes[at + field] ?? 0) + (nodes[next + field] ?? 0);
  }
}

/** Which of two samples has the smaller value times `sign`: the first of equal ones, the other one where one is missing. */
function extreme(values: Numbers, first = NONE, second = NONE, sign: 1 | -1): number {
  if (first === NONE || second === NONE) {
    return Math.min(first, second);
  }
  return sign * (values[second] ?? Number.NaN) < sign * (values[first] ?? Number.NaN) ? second : first;
}

/** The summary of samples whose node begins at a place. */
export function summaryIn(
  nodes: Numbers,
  at: number,
  { first, last }: { readonly first: number; readonly last: number },
): Summary {
  return {
    first,
    last,
    low: nodes[at] ?? NONE,
    high: nodes[at + 1] ?? NONE,
    lowPositive: nodes[at + 2] ?? NONE,
    firstOf: nodes.slice(at + FIRST_OF, at + COUNTS),
    counts: nodes.slice(at + COUNTS, at + NODE_FIELDS),
  };
}
