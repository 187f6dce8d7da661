import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue } from "node:sqlite";
import { mutateJson } from "./mutateJson.ts";
import type { Random } from "../support/random.ts";

/**
 * A database of SQLite with one to four of its rows or columns changed; undefined when it is none. Changed bytes mostly
 * make it one that SQLite refuses, and what reads the rows is never asked.
 */
export function mutateRows(input: Uint8Array, _: Uint8Array, random: Random): Uint8Array | undefined {
  const database = new DatabaseSync(":memory:");
  try {
    database.deserialize(input);
    const tables = textsOf(database, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    for (let changes = 1 + random.below(4); changes > 0 && tables.length > 0; changes -= 1) {
      changeTable(database, random.pick(tables), random);
    }
    return database.serialize();
  } catch {
    return undefined; // SQLite refuses it, or the change.
  } finally {
    database.close();
  }
}

function textsOf(database: DatabaseSync, sql: string): string[] {
  const rows = database.prepare(sql).all();
  return rows.map(({ name }) => String(name));
}

function changeTable(database: DatabaseSync, table: string, random: Random): void {
  const columns = textsOf(database, `PRAGMA table_info(${quoted(table)})`);
  const column = columns.length === 0 ? "rowid" : random.pick(columns);
  const row = `rowid = (SELECT rowid FROM ${quoted(table)} LIMIT 1 OFFSET ${random.below(4)})`;
  switch (random.below(16)) {
    case 0:
      return database.exec(`ALTER TABLE ${quoted(table)} DROP COLUMN ${quoted(column)}`);
    case 1:
      return database.exec(`ALTER TABLE ${quoted(table)} RENAME COLUMN ${quoted(column)} TO other`);
    case 2:
    case 3:
      return database.exec(`DELETE FROM ${quoted(table)} WHERE ${row}`);
    case 4:
    case 5:
    case 6:
      return database.exec(`INSERT INTO ${quoted(table)} SELECT * FROM ${quoted(table)} WHERE ${row}`);
    default: {
      const before = database.prepare(`SELECT ${quoted(column)} AS cell FROM ${quoted(table)} WHERE ${row}`).get();
      const update = database.prepare(`UPDATE ${quoted(table)} SET ${quoted(column)} = ? WHERE ${row}`);
      update.run(changedCell(before?.["cell"], random));
    }
  }
}

const CELLS: readonly SQLInputValue[] = [
  null,
  0,
  1,
  -1,
  0.5,
  1e308,
  Infinity,
  -Infinity,
  2 ** 53,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  "",
  "NaN",
  "1e999",
  "grad_norm",
  "train/loss",
  "deleted",
  "\0",
  '{"grad_norm": 1, "step": 2}',
  "[]",
  new Uint8Array([0, 255]),
];

/** Trackers keep rows as JSON in a cell. */
function changedCell(cell: SQLInputValue | undefined, random: Random): SQLInputValue {
  const json = typeof cell === "string" && cell.startsWith("{") && random.below(4) > 0 ? Buffer.from(cell) : undefined;
  const changed = json === undefined ? undefined : mutateJson(json, json, random);
  return changed === undefined ? random.pick(CELLS) : Buffer.from(changed).toString();
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
