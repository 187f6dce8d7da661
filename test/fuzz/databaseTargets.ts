import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import type { Database } from "#core/database.ts";
import { rowsOf } from "#files/sqlite/askRows.ts";
import { queryDatabase } from "#files/sqlite/sqlite.ts";
import type { DatabaseReader, ReadRows } from "#readers/logs/reader.ts";
import { mutateRows } from "./mutateRows.ts";
import type { Target } from "./target.ts";
import { createMlflowDatabase, insertMetrics, insertRun } from "../support/mlflow.ts";
import {
  createLaterTrackioDatabase,
  createTrackioDatabase,
  logConfig,
  logLaterRow,
  logRow,
} from "../support/trackio.ts";

const MEMORY_DISK = "/dev/shm"; // Linux has one.
const folder = mkdtempSync(join(existsSync(MEMORY_DISK) ? MEMORY_DISK : tmpdir(), "gradlens-fuzz-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

// To read a file takes ten times as long as what stands in memory.
const IN_FILE_EVERY = 16;

/** A reader of databases, through SQLite, read twice; some from a file. What SQLite says of a damaged one is an outcome. */
export function databaseTarget(reader: DatabaseReader): Target {
  const path = join(folder, `${reader.format}.db`);
  const inFile = async (input: Uint8Array): Promise<ReadRows> => {
    writeFileSync(path, input);
    return queryDatabase(path, (database) => readTwice(reader, database));
  };
  return {
    name: `logs/${reader.format}`,
    seeds: () => (SEEDS[reader.format] ?? []).map((write) => written(write)),
    change: mutateRows,
    async run(input) {
      try {
        await (crc32(input) % IN_FILE_EVERY === 0 ? inFile(input) : inMemory(reader, input));
        return "rows";
      } catch (error) {
        if (isOfSqlite(error) || (error instanceof Error && isOfSqlite(error.cause))) {
          return "refused";
        }
        throw error;
      }
    },
  };
}

function readTwice(reader: DatabaseReader, database: Database): ReadRows {
  const first = reader.read(database, { run: null, carry: "" });
  const second = reader.read(database, { run: null, carry: first.carry });
  if (!first.more && !second.restarted && second.chunks.length > 0) {
    throw new Error("rows were read twice");
  }
  return second;
}

function inMemory(reader: DatabaseReader, input: Uint8Array): ReadRows {
  const database = new DatabaseSync(":memory:");
  try {
    database.deserialize(input);
    return readTwice(reader, rowsOf(database));
  } finally {
    database.close();
  }
}

function isOfSqlite(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
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
