import type { SortOrder } from "../../shared/ranking.ts";
import type { CheckpointRow } from "../rows.ts";
import type { Tie } from "#core/ties.ts";
import { createOrder } from "./columnOrder.ts";
import { sumGroups } from "./groupSums.ts";
import type { GroupSum } from "./groupSums.ts";
import type { OpenGroups } from "./openGroups.ts";
import { createTensorFilter, searchedText } from "./tensorFilter.ts";
import { createTensorTree } from "./tensorTree.ts";
import type { TensorTree, TreeNode } from "./tensorTree.ts";
import { flatLines, treeLines } from "./treeLines.ts";
import type { Lines } from "./treeLines.ts";

/** The tensors of a table: their tree, which of them a filter keeps, what groups add up to, and in which order they stand. */
export interface TensorModel {
  readonly open: (rows: readonly CheckpointRow[], ties: readonly Tie[]) => void;
  /** The same tensors with more norms. */
  readonly renew: (rows: readonly CheckpointRow[]) => void;
  readonly setFilter: (text: string) => void;
  readonly setOrder: (order: SortOrder) => void;
  readonly setList: (isList: boolean) => void;
  readonly lines: () => Lines;
  readonly rowOf: (node: TreeNode) => CheckpointRow | undefined;
  readonly sumOf: (node: TreeNode) => GroupSum | undefined;
  /** Whether a filter leaves so few that their groups are opened. */
  readonly isFiltered: () => boolean;
  readonly count: () => { readonly kept: number; readonly all: number; readonly problem: string | undefined };
}

export interface ModelOptions {
  readonly filter: string;
  readonly order: SortOrder;
  readonly isList: boolean;
  readonly opened: OpenGroups;
}

/** Of more tensors nobody reads all lines at once. */
const MOST_OPENED = 1000;

interface State {
  rows: readonly CheckpointRow[];
  ties: readonly Tie[];
  tree: TensorTree;
  searched: readonly string[];
  kept: Uint8Array;
  keptCount: number;
  sums: readonly GroupSum[];
  /** All tensors in the order of the list, until it changes. */
  listed: readonly TreeNode[] | undefined;
  text: string;
  problem: string | undefined;
  order: SortOrder;
  isList: boolean;
}

export function createTensorModel({ filter, order, isList, opened }: ModelOptions): TensorModel {
  const state: State = { ...EMPTY, tree: createTensorTree([]), text: filter, order, isList };
  const isFiltered = (): boolean => state.text !== "" && state.keptCount <= MOST_OPENED;
  return {
    open(rows, ties) {
      const searched = rows.map(({ entry }) => searchedText(entry.name, entry.parameter));
      Object.assign(state, { rows, ties, searched, listed: undefined, tree: createTensorTree(rows) });
      opened.fit(state.tree);
      keep(state);
    },
    renew(rows) {
      Object.assign(state, { rows, listed: undefined });
      sum(state);
    },
    setFilter(text) {
      state.text = text;
      opened.forgetFiltered();
      keep(state);
    },
    setOrder: (newOrder) => void Object.assign(state, { order: newOrder, listed: undefined }),
    setList(newIsList) {
      state.isList = newIsList;
      sum(state);
    },
    lines: () => linesOf(state, opened.isOpen(isFiltered())),
    rowOf: (node) => (node.type === "leaf" ? state.rows[node.row] : undefined),
    sumOf: (node) => (node.type === "group" ? state.sums[node.at] : undefined),
    isFiltered,
    count: () => ({ kept: state.keptCount, all: state.rows.length, problem: state.problem }),
  };
}

const EMPTY = {
  rows: [],
  ties: [],
  searched: [],
  kept: new Uint8Array(),
  keptCount: 0,
  sums: [],
  listed: undefined,
  problem: undefined,
};

function keep(state: State): void {
  const { keeps, problem } = createTensorFilter(state.text);
  const kept = new Uint8Array(state.rows.length);
  let keptCount = 0;
  for (const [at, each] of state.searched.entries()) {
    if (keeps(each)) {
      kept[at] = 1;
      keptCount += 1;
    }
  }
  Object.assign(state, { kept, keptCount, problem });
  sum(state);
}

/** A list has no groups. */
function sum(state: State): void {
  const { tree, rows, ties, kept, isList } = state;
  if (!isList) {
    state.sums = sumGroups(tree, rows, { keeps: (row) => kept[row] === 1, ties });
  }
}

function linesOf(state: State, isOpen: ReturnType<OpenGroups["isOpen"]>): Lines {
  const { tree, rows, sums, kept } = state;
  const order = createOrder(state.order, { rows, sums });
  const keeps = (node: TreeNode): boolean =>
    node.type === "group" ? (sums[node.at]?.tensors ?? 0) > 0 : kept[node.row] === 1;
  if (!state.isList) {
    return treeLines(tree, { keeps, isOpen, order });
  }
  state.listed ??= order(tree.leaves);
  return flatLines(state.listed.filter(keeps));
}
