import type { SortOrder, SortValue } from "../../shared/ranking.ts";
import type { CheckpointRow } from "../rows.ts";
import type { GroupSum } from "./groupSums.ts";
import { TENSOR_COLUMNS } from "./tensorColumns.ts";
import type { TreeNode } from "./tensorTree.ts";

/** Siblings by a column's value; where it says nothing, as they came. Not measured comes last in either direction. */
export function createOrder(
  { column: id, descending }: SortOrder,
  { rows, sums }: { readonly rows: readonly CheckpointRow[]; readonly sums: readonly GroupSum[] },
): (nodes: readonly TreeNode[]) => readonly TreeNode[] {
  if (id === "name") {
    return (nodes) => byText(nodes, ({ label }) => label, descending);
  }
  const column = TENSOR_COLUMNS.find((each) => each.id === id);
  if (column === undefined) {
    return (nodes) => nodes;
  }
  const valueOf = (node: TreeNode): SortValue => {
    if (node.type === "group") {
      const sum = sums[node.at];
      return sum === undefined ? null : column.valueOfGroup(sum);
    }
    const row = rows[node.row];
    return row === undefined ? null : column.valueOf(row);
  };
  return (nodes) => byValue(nodes, valueOf, descending);
}

const collator = new Intl.Collator("en", { numeric: true });

/** A collator is slow, so that it sees each text once; most are there many times. */
function byText(
  nodes: readonly TreeNode[],
  textOf: (node: TreeNode) => string,
  descending: boolean,
): readonly TreeNode[] {
  const numbers = new Map<string, number>();
  const numbered = Float64Array.from(nodes, (node) => {
    const text = textOf(node);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
  const sorted = [...numbers].toSorted(([a], [b]) => collator.compare(a, b));
  const ranks = new Float64Array(sorted.length);
  sorted.forEach(([, number], rank) => (ranks[number] = rank));
  return byNumber(
    nodes,
    numbered.map((number) => ranks[number] ?? 0),
    descending,
  );
}

function byValue(
  nodes: readonly TreeNode[],
  valueOf: (node: TreeNode) => SortValue,
  descending: boolean,
): readonly TreeNode[] {
  const known: TreeNode[] = [];
  const missing: TreeNode[] = [];
  const numbers = new Float64Array(nodes.length);
  let isText = false;
  for (const node of nodes) {
    const value = valueOf(node);
    isText ||= typeof value === "string";
    if (value === null) {
      missing.push(node);
    } else {
      numbers[known.length] = typeof value === "string" ? 0 : value;
      known.push(node);
    }
  }
  const sorted = isText
    ? byText(known, (node) => String(valueOf(node)), descending)
    : byNumber(known, numbers.subarray(0, known.length), descending);
  return [...sorted, ...missing];
}

/**
 * By numbers, equal ones as they came, NaN as the largest: a broken tensor is worse than any number. Sorting numbers alone
 * is native and several times as fast as sorting by a comparison; each item then looks up its place.
 */
export function byNumber<T>(items: readonly T[], values: Float64Array, descending: boolean): readonly T[] {
  const sorted = values.toSorted(); // NaN comes last; −0 before 0 does no harm.
  const taken = new Uint32Array(sorted.length);
  const placed: T[] = [];
  placed.length = items.length;
  for (const [at, item] of items.entries()) {
    const value = values[at] ?? 0;
    const first = firstPlace(sorted, value);
    const offset = taken[first] ?? 0;
    taken[first] = offset + 1;
    placed[first + offset] = item;
  }
  return descending ? reversedKeepingEqual(placed, sorted) : placed;
}

/** Equal ones keep their order in either direction. */
function reversedKeepingEqual<T>(placed: readonly T[], sorted: Float64Array): readonly T[] {
  const reversed: T[] = [];
  for (let end = placed.length; end > 0;) {
    const start = firstPlace(sorted, sorted[end - 1] ?? 0);
    for (let at = start; at < end; at += 1) {
      const item = placed[at];
      if (item !== undefined) {
        reversed.push(item);
      }
    }
    end = start;
  }
  return reversed;
}

/** The first place of a value that is in a sorted list. */
function firstPlace(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBelow(sorted[middle] ?? 0, value)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function isBelow(a: number, b: number): boolean {
  return Number.isNaN(b) ? !Number.isNaN(a) : a < b;
}
