import type { SortOrder, SortValue } from "../../shared/ranking.ts";
import type { CheckpointRow } from "../rows.ts";
import type { GroupSum } from "./groupSums.ts";
import { sortedPlaces } from "./radixSort.ts";
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

/** By numbers, equal ones as they came in either direction, NaN as the largest: a broken tensor is worse than any number. */
function byNumber<T>(items: readonly T[], values: Float64Array, descending: boolean): readonly T[] {
  const placed: T[] = [];
  for (const place of sortedPlaces(values, descending)) {
    const item = items[place];
    if (item !== undefined) {
      placed.push(item);
    }
  }
  return placed;
}
