import { copyFile, mkdtemp, rm, stat } from "node:fs/promises";
import type * as Sqlite from "node:sqlite";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import type { Database } from "#core/database.ts";
import { formatBytes } from "#core/format.ts";
import { messageOf } from "#core/messageOf.ts";
import { t } from "@vscode/l10n";
import { openForReading } from "../readHandle.ts";
import { readUpTo } from "../readRange.ts";
import { rowsOf } from "./askRows.ts";

/**
 * Asks a SQLite database that another program may be writing. Neither it nor a file beside it is made, changed or left
 * behind. `ask` may be called again when the file changed under it. Rejects with a sentence for people.
 */
export async function queryDatabase<T>(path: string, ask: (database: Database) => T): Promise<T> {
  const sqlite = loadSqlite();
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const before = await stateOf(path);
    const answer = askInPlace(sqlite, { path, state: before, ask });
    if (answer === null || needsCopy(answer.failure)) {
      return askCopy(sqlite, path, ask);
    }
    if (!before.isAtRest || isSame(before, await stateOf(path))) {
      return valueOf(path, answer);
    }
  }
  throw new Error(t("{0}: the database is being written all the time. It is read again later.", path));
}

interface Question<T> {
  readonly path: string;
  readonly state: DatabaseState;
  readonly ask: (database: Database) => T;
}

/** Null where SQLite would make a file beside the database. */
function askInPlace<T>(sqlite: SqliteModule, { path, state, ask }: Question<T>): Answer<T> | null {
  if (state.isAtRest) {
    return askOnce(sqlite, `${pathToFileURL(path).href}?immutable=1`, ask);
  }
  return state.isWal && !state.isShared ? null : askOnce(sqlite, path, ask);
}

function valueOf<T>(path: string, answer: Answer<T>): T {
  if ("value" in answer) {
    return answer.value;
  }
  const { failure } = answer;
  const reason = messageOf(failure);
  throw new Error(t("{0}: the database cannot be read: {1}.", path, reason), { cause: failure });
}

const MAX_TRIES = 3;

type SqliteModule = typeof Sqlite;

/** Node 22 warns that the module is experimental; people can do nothing with that. */
function loadSqlite(): SqliteModule {
  const warn = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    // Asked for at run time: Electron can be built without it, and a program must start there, too.
    const found = process.getBuiltinModule("node:sqlite") as SqliteModule | undefined;
    if (found === undefined) {
      throw new Error(
        t("Databases of MLflow and Trackio need Node's SQLite, which this program lacks. Update VS Code."),
      );
    }
    return found;
  } finally {
    process.emitWarning = warn;
  }
}

interface DatabaseState {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  /** It uses a write-ahead log, whose index a reader makes where there is none. */
  readonly isWal: boolean;
  /** That index is there. */
  readonly isShared: boolean;
  /** A write-ahead log, but no file of it: all there is stands in the database itself. */
  readonly isAtRest: boolean;
}

const HEADER_BYTES = 100;
const READ_VERSION_AT = 19;
const WAL_VERSION = 2;

async function stateOf(path: string): Promise<DatabaseState> {
  const handle = await openForReading(path);
  try {
    const { ino, size, mtimeMs } = await handle.stat();
    const header = await readUpTo(handle, 0, HEADER_BYTES);
    const isWal = header[READ_VERSION_AT] === WAL_VERSION;
    const [log, index] = [await exists(`${path}-wal`), await exists(`${path}-shm`)];
    return { ino, size, mtimeMs, isWal, isShared: log && index, isAtRest: isWal && !log };
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isSame(a: DatabaseState, b: DatabaseState): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && b.isAtRest;
}

type Answer<T> = { readonly value: T; readonly failure?: undefined } | { readonly failure: unknown };

// Transactions of a training are short. The program that reads answers others meanwhile not at all.
const LOCK_WAIT_MS = 500;

function askOnce<T>({ DatabaseSync }: SqliteModule, place: string, ask: (database: Database) => T): Answer<T> {
  try {
    const database = new DatabaseSync(place, { readOnly: true, timeout: LOCK_WAIT_MS });
    try {
      return { value: ask(rowsOf(database)) };
    } finally {
      database.close();
    }
  } catch (failure) {
    return { failure };
  }
}

// Result codes of SQLite, of which the lowest byte tells the kind.
const NEEDING_COPY: ReadonlySet<number> = new Set([5, 6, 8, 14]); // Busy, locked, needs a writer, cannot be opened in place.

function needsCopy(failure: unknown): boolean {
  const code = failure instanceof Error && "errcode" in failure ? failure.errcode : undefined;
  return typeof code === "number" && NEEDING_COPY.has(code & 0xff);
}

// A copy is made only of what a killed writer left, or a busy one locks.
const MAX_COPIED_BYTES = 2 ** 28;
const SIDE_FILES = ["-wal", "-journal"];

/** What a writer left half done is finished in a copy: its own files stay as they are. */
async function askCopy<T>(sqlite: SqliteModule, path: string, ask: (database: Database) => T): Promise<T> {
  const before = await stateOf(path);
  if (before.size > MAX_COPIED_BYTES) {
    throw new Error(
      t(
        "{0}: the database is locked, and with {1} too large to be copied. It is read again later.",
        path,
        formatBytes(before.size),
      ),
    );
  }
  const folder = await mkdtemp(join(tmpdir(), "gradlens-"));
  try {
    const copy = join(folder, basename(path));
    await copyFile(path, copy);
    for (const suffix of SIDE_FILES) {
      if (await exists(path + suffix)) {
        await copyFile(path + suffix, copy + suffix);
      }
    }
    const after = await stateOf(path);
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw new Error(t("{0}: the database changed while it was copied. It is read again later.", path));
    }
    finish(sqlite, copy);
    return valueOf(path, askOnce(sqlite, copy, ask));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Opening a copy for writing undoes or completes what its writer began. */
function finish({ DatabaseSync }: SqliteModule, copy: string): void {
  const database = new DatabaseSync(copy);
  try {
    database.prepare("SELECT count(*) FROM sqlite_master").all();
  } finally {
    database.close();
  }
}
