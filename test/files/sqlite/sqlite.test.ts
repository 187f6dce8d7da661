import { copyFile, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { queryDatabase } from "#files/sqlite/sqlite.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
let writer: DatabaseSync | undefined;
beforeEach(async () => {
  folder = await createTestFolder();
});
afterEach(async () => {
  writer?.close();
  writer = undefined;
  await folder.dispose();
});

function create(name: string, pragma = ""): { path: string; database: DatabaseSync } {
  const path = join(folder.path, name);
  const database = new DatabaseSync(path);
  database.exec(`${pragma}; CREATE TABLE metrics (value REAL); INSERT INTO metrics VALUES (1.5)`);
  return { path, database };
}

async function values(path: string): Promise<unknown[]> {
  const rows = await queryDatabase(path, ({ all }) => all("SELECT value FROM metrics ORDER BY rowid"));
  return rows.map(({ value }) => value);
}

const WAL = "PRAGMA journal_mode = WAL";

test.each([
  { kind: "with a rollback journal", pragma: "" },
  { kind: "with a write-ahead log", pragma: WAL },
])("a database $kind at rest is read, and nothing is made beside it", async ({ pragma }) => {
  const { path, database } = create("rest #1 ä?.db", pragma);
  database.close();
  const before = await readFile(path);
  expect(await values(path)).toEqual([1.5]);
  expect([await readdir(folder.path), (await readFile(path)).equals(before)]).toEqual([["rest #1 ä?.db"], true]);
});

test("a database whose writer has it open is read with what was written last", async () => {
  const { path, database } = create("live.db", WAL);
  writer = database;
  const before = await readdir(folder.path);
  database.exec("INSERT INTO metrics VALUES (2.5)");
  expect([await values(path), await readdir(folder.path)]).toEqual([[1.5, 2.5], before]);
});

test("the log that a killed writer left is read without completing it", async () => {
  const { path, database } = create("live.db", WAL);
  writer = database;
  const left = join(folder.path, "left.db");
  await copyFile(path, left);
  await copyFile(`${path}-wal`, `${left}-wal`);
  const before = await readdir(folder.path);
  const { size } = await stat(`${left}-wal`);
  expect([await values(left), await readdir(folder.path), (await stat(`${left}-wal`)).size]).toEqual([
    [1.5],
    before,
    size,
  ]);
});

test("a journal that a killed writer left is undone in a copy", async () => {
  const { path, database } = create("whole.db", "PRAGMA cache_size = 2");
  writer = database;
  database.exec(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO metrics SELECT i FROM n",
  );
  database.exec("BEGIN; UPDATE metrics SET value = 7");
  const left = join(folder.path, "left.db");
  await copyFile(path, left);
  await copyFile(`${path}-journal`, `${left}-journal`);
  const before = await readdir(folder.path);
  expect([(await values(left)).slice(0, 3), await readdir(folder.path)]).toEqual([[1.5, 1, 2], before]);
});

test("a database that is locked for a while is read from a copy, without what is not committed", async () => {
  const { path, database } = create("locked.db");
  writer = database;
  database.exec("BEGIN EXCLUSIVE; INSERT INTO metrics VALUES (9)");
  expect(await values(path)).toEqual([1.5]);
});

test("nothing can be written through it", async () => {
  const { path, database } = create("read.db");
  database.close();
  await expect(queryDatabase(path, ({ all }) => all("DELETE FROM metrics"))).rejects.toThrow("readonly");
  expect(await values(path)).toEqual([1.5]);
});

test("a file that is no database, or a damaged one, is a sentence", async () => {
  const path = await folder.write("damaged.db", `SQLite format 3\0${"x".repeat(5000)}`);
  await expect(values(path)).rejects.toThrow("not a database");
  await expect(values(join(folder.path, "nowhere.db"))).rejects.toThrow("ENOENT");
});

test("no warning about Node's SQLite reaches people", async () => {
  const { path, database } = create("quiet.db");
  database.close();
  const warnings: unknown[] = [];
  const listen = (warning: Error): void => void warnings.push(warning.message);
  process.on("warning", listen);
  await values(path);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", listen);
  expect(warnings).toEqual([]);
});

test("whole numbers that JavaScript's cannot hold are read beside others", async () => {
  const { path, database } = create("large.db");
  database.exec("ALTER TABLE metrics ADD COLUMN step INTEGER");
  database.exec(`INSERT INTO metrics VALUES (2.5, ${2n ** 63n - 1n})`);
  database.close();
  const rows = await queryDatabase(path, ({ all }) => all("SELECT value, step FROM metrics ORDER BY rowid"));
  expect(rows.map(({ value, step }) => [value, step])).toEqual([
    [1.5, null],
    [2.5, 2n ** 63n - 1n],
  ]);
});
