import type { LogFormat } from "#core/log.ts";
import type { Database } from "#core/database.ts";
import { queryDatabase } from "#files/sqlite/sqlite.ts";
import type { Tables } from "#readers/logs/reader.ts";
import { identifyDatabase, identifyLog } from "#readers/logs/readers.ts";

/** A log's format from its path and first bytes. A database is opened and asked for its tables. */
export async function identifyFile(
  path: string,
  head: Uint8Array,
  customPatterns?: readonly string[],
): Promise<LogFormat | undefined> {
  return isDatabase(head)
    ? identifyDatabase(await queryDatabase(path, tablesOf))
    : identifyLog(path, head, customPatterns);
}

/** The same for files that people did not name: only a database that says so at its start is opened. */
export async function identifyFound(
  path: string,
  head: Uint8Array,
  customPatterns?: readonly string[],
): Promise<LogFormat | undefined> {
  const isOther = isDatabase(head) && !Buffer.from(head).includes("metrics");
  return isOther ? undefined : identifyFile(path, head, customPatterns);
}

const MAGIC = "SQLite format 3\0";

function isDatabase(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, MAGIC.length)).toString("latin1") === MAGIC;
}

function tablesOf({ all }: Database): Tables {
  const tables = new Map<string, string[]>();
  const columns = "SELECT t.name AS tab, c.name AS col FROM sqlite_master t, pragma_table_info(t.name) c";
  for (const { tab, col } of all(`${columns} WHERE t.type = 'table'`)) {
    tables.set(String(tab), [...(tables.get(String(tab)) ?? []), String(col)]);
  }
  return Object.fromEntries(tables);
}
