import { expect, test } from "vitest";
import { createPool } from "#store/columns/pool.ts";
import { appendRows, columnOf, emptyTable, numberAt, thin } from "#store/columns/table.ts";
import type { Table } from "#store/columns/table.ts";
import { createRandom } from "../../support/random.ts";
import type { Random } from "../../support/random.ts";

interface Row {
  readonly step: number;
  readonly value: number;
  readonly line: number;
  readonly wallTime: number;
}

const SPECIAL = [Number.NaN, Infinity, -Infinity, -0, 5e-324, 0.1, 1e300];

function randomRows(random: Random, hasTimes: boolean): Row[] {
  const isPlain = random.below(4) > 0;
  return Array.from({ length: random.below(random.pick([2, 3, 30, 3000])) }, () => ({
    step: isPlain ? random.below(1e9) : random.pick([0.5, 2 ** 40, -1]),
    value: isPlain ? random.below(1e6) / 1024 : random.pick(SPECIAL),
    line: isPlain ? random.below(1e9) : Number.NaN,
    wallTime: hasTimes ? 1.7e9 + random.below(1000) / 8 : Number.NaN,
  }));
}

function append(table: Table, rows: readonly Row[], hasTimes: boolean): void {
  appendRows(table, {
    steps: rows.map(({ step }) => step),
    values: rows.map(({ value }) => value),
    lines: rows.map(({ line }) => line),
    ...(hasTimes && { wallTimes: rows.map(({ wallTime }) => wallTime) }),
  });
}

function rowsOf(table: Table): Row[] {
  const [steps, values, lines] = [columnOf(table, "steps"), columnOf(table, "values"), columnOf(table, "lines")];
  return Array.from({ length: table.length }, (_, row) => ({
    step: steps?.[row] ?? Number.NaN,
    value: values?.[row] ?? Number.NaN,
    line: lines?.[row] ?? Number.NaN,
    wallTime: numberAt(table, "wallTimes", row) ?? Number.NaN,
  }));
}

/** Each second row or so of the first ones, with its index for its weight. */
function thinAtRandom(random: Random, table: Table, rows: readonly Row[]): Row[] {
  const end = random.below(rows.length + 1);
  const indexes = Uint32Array.from(rows.slice(0, end).keys()).filter(() => random.below(2) === 0);
  thin(table, { indexes, weights: indexes }, end);
  const weights = Array.from(columnOf(table, "weights")?.subarray(0, indexes.length) ?? []);
  expect(weights).toEqual(table.length === 0 ? [] : [...indexes]);
  return [...Array.from(indexes, (index) => rows[index]).filter((row) => row !== undefined), ...rows.slice(end)];
}

test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  "tables that share memory, and grow, widen and are thinned, keep every number exactly, seed %i",
  (seed) => {
    const random = createRandom(seed);
    const pool = createPool();
    const all = Array.from({ length: 20 }, () => ({ table: emptyTable(pool), rows: new Array<Row>() }));
    for (let turn = 0; turn < 200; turn += 1) {
      const one = random.pick(all);
      if (random.below(12) === 0) {
        one.rows = thinAtRandom(random, one.table, one.rows);
      } else {
        const hasTimes = random.below(30) === 0;
        const rows = randomRows(random, hasTimes);
        append(one.table, rows, hasTimes);
        one.rows = one.rows.concat(rows);
      }
    }
    expect(all.map(({ table }) => rowsOf(table))).toEqual(all.map(({ rows }) => rows));
  },
);

test("a row that a table does not have has no number", () => {
  const table = emptyTable(createPool());
  const before = [numberAt(table, "values", 0), columnOf(table, "values")];
  append(table, [{ step: 1, value: 0, line: 0, wallTime: Number.NaN }], false);
  expect([before, [-1, 0, 1, Number.NaN].map((row) => numberAt(table, "values", row))]).toEqual([
    [undefined, undefined],
    [undefined, 0, undefined, undefined],
  ]);
});

test("whole numbers and float32 take four bytes, others eight", () => {
  const table = emptyTable(createPool());
  const bytes = (): number => table.layout.rowBytes;
  append(table, [{ step: 1, value: Number.NaN, line: 0, wallTime: Number.NaN }], false);
  const narrow = bytes();
  append(table, [{ step: 2, value: 0.1, line: 1, wallTime: Number.NaN }], false);
  expect([narrow, bytes()]).toEqual([12, 16]);
});

/** Bytes of all pages that tables lie in. */
function pageBytes(tables: readonly Table[]): number {
  const buffers = new Set(tables.map(({ page }) => page?.words.buffer));
  return Array.from(buffers, (buffer) => buffer?.byteLength ?? 0).reduce((sum, bytes) => sum + bytes, 0);
}

test("ten thousand tables that grow together take little more than their rows", () => {
  const pool = createPool();
  const tables = Array.from({ length: 10_000 }, () => emptyTable(pool));
  for (let step = 0; step < 20; step += 1) {
    tables.forEach((table) => append(table, [{ step, value: 1, line: step, wallTime: Number.NaN }], false));
  }
  expect(pageBytes(tables) / (10_000 * 20 * 12)).toBeLessThan(1.05);
});
