import type { Numbers } from "#core/numbers.ts";
import { NARROW, widened } from "./layout.ts";
import type { ColumnName, Layout, Place, Rows } from "./layout.ts";
import { extend } from "./pool.ts";
import type { Page, Pool } from "./pool.ts";

/**
 * Columns of equal length, one after the other in a slot of a pool. Each is kept in four bytes a number until one of
 * them needs eight: no number is ever rounded. Functions work on it, since an object with methods of its own is larger
 * than most tables.
 */
export interface Table {
  readonly pool: Pool;
  /** Undefined as long as it has no room. */
  page: Page | undefined;
  /** Bytes from the page's start. */
  offset: number;
  /** Rows that the slot has room for: a multiple of four. */
  capacity: number;
  length: number;
  layout: Layout;
}

export function emptyTable(pool: Pool): Table {
  return { pool, page: undefined, offset: 0, capacity: 0, length: 0, layout: NARROW };
}

/** Where wall times are missing they are NaN. */
export function appendRows(table: Table, rows: Rows): void {
  const { length } = rows.values;
  makeRoom(table, table.length + length, widened(table.layout, rows));
  const { steps, values, lines, wallTimes } = table.layout.places;
  write(table, steps, rows.steps);
  write(table, values, rows.values);
  write(table, lines, rows.lines);
  if (wallTimes !== undefined) {
    write(table, wallTimes, rows.wallTimes ?? new Float64Array(length).fill(Number.NaN));
  }
  table.length += length;
}

/** A column from a row on, without a copy, valid until the next change; undefined where the table does not have it. */
export function columnOf(table: Table, name: ColumnName, from = 0): Numbers | undefined {
  const { page, length } = table;
  const place = table.layout.places[name];
  if (place === undefined || page === undefined) {
    return undefined;
  }
  const start = startOf(table, place);
  return page[place.width].subarray(start + Math.min(from, length), start + length);
}

/** The number in a row; undefined where there is none. */
export function numberAt(table: Table, name: ColumnName, row: number): number | undefined {
  const { page, length } = table;
  const place = table.layout.places[name];
  return place === undefined || page === undefined || !(row >= 0 && row < length)
    ? undefined
    : page[place.width][startOf(table, place) + row];
}

/** What stays of the first rows: their indexes, ascending, and for how many samples of its kind each of them stands. */
export interface Kept {
  readonly indexes: Uint32Array;
  readonly weights: Uint32Array;
}

/** Keeps, of the rows before `end`, some with weights, and gives memory back. */
export function thin(table: Table, { indexes, weights }: Kept, end: number): void {
  const before = { ...table };
  const length = indexes.length + table.length - end;
  const layout = widened(table.layout, { steps: [], values: [], lines: [], weights });
  Object.assign(table, newSlot(table.pool, layout, roomFor(length)), { length, layout });
  for (const name of layout.names) {
    const [from, to] = [columnOf(before, name), columnOf(table, name)];
    if (from !== undefined && to !== undefined) {
      indexes.forEach((row, index) => (to[index] = from[row] ?? Number.NaN));
      to.set(from.subarray(end), indexes.length);
    }
  }
  columnOf(table, "weights")?.set(weights);
  giveBack(before);
}

function write(table: Table, place: Place | undefined, numbers: ArrayLike<number>): void {
  if (place !== undefined && table.page !== undefined) {
    const column = table.page[place.width];
    const start = startOf(table, place) + table.length;
    for (let index = 0; index < numbers.length; index += 1) {
      column[start + index] = numbers[index] ?? Number.NaN;
    }
  }
}

/** Where a column begins among the numbers of its page. */
function startOf({ offset, capacity }: Table, { before, bytes }: Place): number {
  return (offset + before * capacity) / bytes;
}

function makeRoom(table: Table, rows: number, layout: Layout): void {
  if (rows <= table.capacity && layout === table.layout) {
    return;
  }
  const before = { ...table };
  const capacity = rows <= table.capacity ? table.capacity : roomFor(rows);
  const longer = layout === table.layout ? longerSlot(table, capacity) : undefined;
  Object.assign(table, longer ?? newSlot(table.pool, layout, capacity), { layout });
  if (longer !== undefined) {
    layout.names.toReversed().forEach((name) => moveUp(table, layout.places[name], before.capacity));
    return;
  }
  for (const name of layout.names) {
    columnOf(table, name)?.set(columnOf(before, name) ?? new Float64Array(table.length).fill(Number.NaN));
  }
  giveBack(before);
}

/** A quarter more than is needed at most. */
function roomFor(rows: number): number {
  const unit = Math.max(4, 2 ** (Math.floor(Math.log2(Math.max(1, rows))) - 2));
  return Math.ceil(rows / unit) * unit;
}

type Room = Pick<Table, "page" | "offset" | "capacity">;

function newSlot(pool: Pool, { rowBytes }: Layout, capacity: number): Room {
  return capacity === 0 ? { page: undefined, offset: 0, capacity } : { ...pool.take(capacity * rowBytes), capacity };
}

function longerSlot({ page, offset, layout }: Table, capacity: number): Room | undefined {
  const longer = page && extend({ page, offset }, capacity * layout.rowBytes);
  return longer && { ...longer, capacity };
}

function giveBack({ pool, page, offset }: Table): void {
  if (page !== undefined) {
    pool.give({ page, offset });
  }
}

/** In a slot that became longer, from the last column to the first: none is written over another that still must move. */
function moveUp(table: Table, place: Place | undefined, capacityBefore: number): void {
  if (place !== undefined && table.page !== undefined) {
    const column = table.page[place.width];
    const start = startOf({ ...table, capacity: capacityBefore }, place);
    column.copyWithin(startOf(table, place), start, start + table.length);
  }
}
