import type { SortOrder } from "./ranking.ts";

/** How a table is sorted and filtered. */
export interface TableState {
  readonly order: SortOrder;
  readonly filter: string;
}

/** What was stored, checked field by field; what does not fit is as at first. */
export function parseTableState(stored: unknown, first: TableState): TableState {
  if (!isRecord(stored)) {
    return first;
  }
  const { order, filter } = stored;
  return { order: parseOrder(order) ?? first.order, filter: typeof filter === "string" ? filter : first.filter };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function parseOrder(order: unknown): SortOrder | undefined {
  if (!isRecord(order)) {
    return undefined;
  }
  const { column, descending } = order;
  return typeof column === "string" && typeof descending === "boolean" ? { column, descending } : undefined;
}
