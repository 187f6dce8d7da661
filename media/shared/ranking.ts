/** Null means "not measured". */
export type SortValue = number | string | null;

export interface SortOrder {
  readonly column: string;
  readonly descending: boolean;
}

/** Sorted rows; equal ones keep their order. What was not measured comes last in either direction. */
export function rankRows<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => SortValue,
  descending: boolean,
): readonly Row[] {
  const keyed = rows.map((row) => ({ row, value: valueOf(row) }));
  keyed.sort((a, b) => compare(a.value, b.value, descending ? -1 : 1));
  return keyed.map(({ row }) => row);
}

function compare(a: SortValue, b: SortValue, direction: 1 | -1): number {
  if (a === null || b === null) {
    return Number(a === null) - Number(b === null);
  }
  if (typeof a === "string" || typeof b === "string") {
    return direction * String(a).localeCompare(String(b), "en", { numeric: true });
  }
  return direction * compareNumbers(a, b);
}

/** A broken step is worse than any number, so NaN is the largest of all. */
function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) {
    return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  }
  return a === b ? 0 : a < b ? -1 : 1;
}
