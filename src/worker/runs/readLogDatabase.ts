import type { LogBatch, LogPosition } from "#core/log.ts";
import { queryDatabase } from "#files/sqlite/sqlite.ts";
import type { DatabaseReader } from "#readers/logs/reader.ts";

/** A database holds many runs: `mlflow.db#<name or id>` is one of them, `mlflow.db` the latest. */
export interface DatabasePath {
  readonly file: string;
  readonly run: string | null;
}

const RUN_IN_DATABASE = /^(.+\.(?:db|sqlite3?))#(.+)$/i;

/** A path that names no run is whole the file, also one with a `#` in it. */
export function databasePath(path: string): DatabasePath {
  const [, file, run] = RUN_IN_DATABASE.exec(path) ?? [];
  return file === undefined || run === undefined ? { file: path, run: null } : { file, run };
}

/** The samples of a run in a database. Its position's `offset` and `line` count the run's rows. */
export async function readLogDatabase(
  reader: DatabaseReader,
  { file, run }: DatabasePath,
  position: LogPosition | null,
): Promise<LogBatch> {
  const carry = position?.carry ?? "";
  const read = await queryDatabase(file, (database) => reader.read(database, { run, carry }));
  const { chunks, rows, restarted, more, clipThreshold, problems } = read;
  return {
    chunks,
    position: { format: reader.format, offset: rows, line: rows, identity: "", carry: read.carry },
    restarted,
    more,
    clipThreshold,
    problems,
  };
}
