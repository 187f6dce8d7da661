import type * as Sqlite from "node:sqlite";
import type { Database } from "#core/database.ts";

/** What readers ask of an open database. Whole numbers that JavaScript's cannot hold come as BigInt, with all of their row's. */
export function rowsOf(database: Sqlite.DatabaseSync): Database {
  return {
    all(sql, ...parameters) {
      const statement = database.prepare(sql);
      try {
        return statement.all(...parameters);
      } catch (error) {
        if (!isTooLarge(error)) {
          throw error;
        }
        // Not at once: it takes longer, and hardly a database has such numbers.
        statement.setReadBigInts(true);
        return statement.all(...parameters);
      }
    },
  };
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_OUT_OF_RANGE";
}
