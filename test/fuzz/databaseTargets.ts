import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { DatabaseSync } from "node:sqlite";
import { queryDatabase } from "#files/sqlite.ts";
import type { DatabaseReader, ReadRows } from "#readers/logs/reader.ts";
import type { Target } from "./target.ts";
import { createMlflowDatabase, insertMetrics, insertRun } from "../support/mlflow.ts";
import {
  createLaterTrackioDatabase,
  createTrackioDatabase,
  logConfig,
  logLaterRow,
  logRow,
} from "../support/trackio.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlens-fuzz-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** A reader of databases, through SQLite and a file, read twice. What SQLite says of a damaged file is an outcome. */
export function databaseTarget(reader: DatabaseReader): Target {
  const path = join(folder, `${reader.format}.db`);
  const read = async (carry: string): Promise<ReadRows> =>
    queryDatabase(path, (database) => reader.read(database, { run: null, carry }));
  return {
    name: `logs/${reader.format}`,
    seeds: () => (SEEDS[reader.format] ?? []).map((write) => written(write)),
    async run(input) {
      writeFileSync(path, input);
      try {
        const first = await read("");
        const second = await read(first.carry);
        if (!first.more && !second.restarted && second.chunks.length > 0) {
          throw new Error("rows were read twice");
        }
        return "rows";
      } catch (error) {
        if (isOfSqlite(error, path)) {
          return "refused";
        }
        throw error;
      }
    },
  };
}

function isOfSqlite(error: unknown, path: string): boolean {
  return (
    error instanceof Error &&
    error.message.startsWith(`${path}: the database cannot be read: `) &&
    error.cause instanceof Error &&
    "code" in error.cause &&
    error.cause.code === "ERR_SQLITE_ERROR"
  );
}

type Write = (path: string) => DatabaseSync;

const SEEDS: Readonly<Record<string, readonly Write[]>> = {
  mlflowDatabase: [
    (path) => {
      const database = createMlflowDatabase(path);
      insertRun(database, { id: "a1", name: "first", startTime: 1000 });
      insertMetrics(database, "a1", "grad_norm", [
        [1, 2.5, 1],
        [2, Number.NaN, 2],
      ]);
      return database;
    },
  ],
  trackio: [
    (path) => {
      const database = createTrackioDatabase(path);
      logRow(database, "run", 1, { grad_norm: 2.5, loss: 1 });
      logConfig(database, "run", { max_grad_norm: 1 });
      return database;
    },
    (path) => {
      const database = createLaterTrackioDatabase(path);
      logLaterRow(database, { id: "1", run: "run", step: 1, metrics: { grad_norm: 2.5 } });
      return database;
    },
  ],
};

function written(write: Write): Uint8Array {
  const path = join(folder, "seed.db");
  rmSync(path, { force: true });
  const database = write(path);
  database.exec("PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM;");
  database.close();
  return readFileSync(path);
}
