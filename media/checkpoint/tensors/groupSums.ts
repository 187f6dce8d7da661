import type { Tie } from "#core/ties.ts";
import type { CheckpointRow } from "../rows.ts";
import { nonFiniteCount } from "../rows.ts";
import type { TensorTree, TreeGroup } from "./tensorTree.ts";

/** Norms of a group's tensors taken together: squares are added, norms never. Tensors in the same bytes count once. */
export interface GroupSum {
  tensors: number;
  elements: number;
  /** Of those that have norms. */
  measuredElements: number;
  squared: number;
  linf: number;
  nonFinite: number;
  /** Not measured yet. */
  waiting: number;
  /** Not to be measured at all. */
  unread: number;
}

/** Sums by group, over the rows that are kept. */
export function sumGroups(
  { groups, leaves }: TensorTree,
  rows: readonly CheckpointRow[],
  { keeps, ties }: { readonly keeps: (row: number) => boolean; readonly ties: readonly Tie[] },
): readonly GroupSum[] {
  const sums = groups.map(createSum);
  const tiedTo = storageNumbers(ties);
  const counted = new Set<string>();
  for (const leaf of leaves) {
    const row = rows[leaf.row];
    if (row !== undefined && keeps(leaf.row)) {
      const storage = tiedTo.get(leaf.row);
      forEachGroup(leaf.parent, ({ at }) => {
        const sum = sums[at];
        if (sum !== undefined) {
          add(sum, row, storage !== undefined && isSecond(counted, `${at} ${storage}`));
        }
      });
    }
  }
  return sums;
}

function forEachGroup(innermost: TreeGroup | null, act: (group: TreeGroup) => void): void {
  for (let group = innermost; group !== null; group = group.parent) {
    act(group);
  }
}

function createSum(): GroupSum {
  return { tensors: 0, elements: 0, measuredElements: 0, squared: 0, linf: 0, nonFinite: 0, waiting: 0, unread: 0 };
}

/** Of tensors that share their bytes with others, which of them do. */
function storageNumbers(ties: readonly Tie[]): ReadonlyMap<number, number> {
  return new Map(ties.flatMap(([tensor, first]) => [[first, first] as const, [tensor, first] as const]));
}

function isSecond(counted: Set<string>, key: string): boolean {
  const isKnown = counted.has(key);
  counted.add(key);
  return isKnown;
}

function add(sum: GroupSum, { entry, norms, why }: CheckpointRow, isCounted: boolean): void {
  sum.tensors += 1;
  if (norms === undefined) {
    sum.waiting += why === undefined ? 1 : 0;
    sum.unread += why === undefined ? 0 : 1;
  }
  if (isCounted) {
    return;
  }
  sum.elements += entry.elements;
  if (norms !== undefined) {
    sum.measuredElements += entry.elements;
    sum.squared += norms.l2 * norms.l2;
    sum.linf = Number.isNaN(sum.linf) || Number.isNaN(norms.linf) ? Number.NaN : Math.max(sum.linf, norms.linf);
    sum.nonFinite += nonFiniteCount(norms);
  }
}
