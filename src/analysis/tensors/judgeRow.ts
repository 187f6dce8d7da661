import type { Roster } from "./roster.ts";
import type { JudgedRow, TensorRow } from "./tensorRow.ts";

// Some logs have other tensors at other steps; a share among few tensors is not one among all.
const NEARLY_ALL = 0.9;
/** How fast the number of tensors that counts as all follows when tensors are no longer logged. */
const FORGET = 0.98;

/** Adds up rows. It remembers how many tensors a row usually has. */
export interface RowJudge {
  readonly judge: (row: TensorRow) => JudgedRow;
  readonly copy: () => RowJudge;
}

export function createRowJudge(roster: Roster, known = 0): RowJudge {
  let fullest = known;
  return {
    judge(row) {
      fullest = Math.max(row.tensors.length, fullest * FORGET);
      return { ...row, total: totalOf(row, roster), isWhole: row.tensors.length >= NEARLY_ALL * fullest };
    },
    copy: () => createRowJudge(roster, fullest),
  };
}

/** A head with exactly the norm of an embedding is the same tensor under a second name, and counts once. */
function totalOf({ tensors, norms }: TensorRow, roster: Roster): number {
  let total = 0;
  for (const norm of norms) {
    total += norm ** 2;
  }
  const normOf = (tensor: number): number | undefined => norms[tensors.indexOf(tensor)];
  for (const head of roster.heads()) {
    const norm = normOf(head);
    if (norm !== undefined && roster.embeddings().some((embedding) => normOf(embedding) === norm)) {
      total -= norm ** 2;
    }
  }
  return total;
}
