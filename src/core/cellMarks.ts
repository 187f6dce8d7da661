/**
 * What a cell of a picture holds besides positive finite norms, as bits: none of them has a place on a logarithmic scale.
 * A cell without samples has none, and no norm either: nothing was measured.
 */
export const CELL_MARKS = {
  nan: 1,
  infinite: 2,
  zero: 4,
  /** Below zero: a placeholder that some trainers write. */
  negative: 8,
  /** Of a group: at some step not all of its tensors were measured, and the norm is a lower bound. */
  partial: 16,
} as const;

export type CellMark = keyof typeof CELL_MARKS;

export function hasMark(marks: number, mark: CellMark): boolean {
  return (marks & CELL_MARKS[mark]) !== 0;
}
