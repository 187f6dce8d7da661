import type { Database, Row } from "#core/database.ts";
import type { ClipThreshold } from "#core/log.ts";
import { numberOrNullIn, readCarry, stringIn } from "../shared/carry.ts";
import { isFields } from "../shared/fields.ts";
import type { Fields } from "../shared/fields.ts";
import { asSeriesCarry, createMlflowSeries } from "./series.ts";
import type { MlflowRow } from "./series.ts";
import { createProblemList } from "#core/problems.ts";
import type { DatabaseReader, QueryStart, ReadRows } from "../reader.ts";
import { noteOnRuns, nothingRead, numberIn, textIn } from "../shared/rowsOfRun.ts";
import { thresholdInFields } from "../settings/thresholdInFields.ts";

/** MLflow's SQLite store, of which one run is read. */
export const mlflowDatabase: DatabaseReader = {
  format: "mlflowDatabase",
  growth: "byQueries",
  recognises: ({ metrics, runs }) =>
    ["key", "value", "run_uuid", "step", "is_nan"].every((column) => metrics?.includes(column) === true) &&
    runs?.includes("run_uuid") === true,
  read,
};

interface Run {
  readonly id: string;
  readonly name: string;
}

// A page is read in a fifth of a second, during which a writer may have to wait.
const PAGE_ROWS = 100_000;

function read(database: Database, { run: asked, carry }: QueryStart): ReadRows {
  const run = findRun(database, asked);
  if (run === undefined) {
    return nothingRead(asked, carry !== "");
  }
  const earlier = earlierOf(readCarry(carry));
  const goesOn = earlier !== null && earlier.run === run.id && isStillThere(database, earlier);
  const page = readPage(database, run, goesOn ? earlier : startOf(run.id));
  if (page.isLate && page.read.rows <= PAGE_ROWS) {
    return { ...readPage(database, run, startOf(run.id)).read, restarted: true };
  }
  const restarted = carry !== "" && !goesOn;
  const note = goesOn || asked !== null ? [] : noteOnRuns(countRuns(database), run.name, run.id);
  return { ...page.read, restarted, problems: [...note, ...page.read.problems] };
}

/** A run that was deleted is kept for a while; one without samples has nothing to show. */
const RUNS = `FROM runs WHERE lifecycle_stage <> 'deleted'
  AND EXISTS (SELECT 1 FROM metrics WHERE metrics.run_uuid = runs.run_uuid)`;

function findRun(database: Database, asked: string | null): Run | undefined {
  const select = `SELECT run_uuid, name ${RUNS}`;
  const order = "ORDER BY start_time DESC, run_uuid LIMIT 1";
  const rows =
    asked === null
      ? database.all(`${select} ${order}`)
      : database.all(`${select} AND (run_uuid = ? OR name = ?) ${order}`, asked, asked);
  return rows.map((row) => ({ id: textIn(row, "run_uuid"), name: textIn(row, "name") }))[0];
}

function countRuns(database: Database): number {
  return numberIn(database.all(`SELECT count(*) AS runs ${RUNS}`)[0], "runs");
}

interface Earlier {
  readonly run: string;
  /** Of the last row that was read: its number, and what stands in it. */
  readonly row: number;
  readonly rowText: string;
  readonly rows: number;
  readonly series: Fields;
}

function earlierOf(carry: Fields): Earlier | null {
  const [run, rowText] = [stringIn(carry, "run"), stringIn(carry, "rowText")];
  const [row, rows] = [numberOrNullIn(carry, "row"), numberOrNullIn(carry, "rows")];
  const series = carry["series"];
  const isWhole = run !== null && rowText !== null && row !== null && rows !== null && isFields(series);
  return isWhole ? { run, row, rowText, rows, series } : null;
}

function startOf(run: string): Earlier {
  return { run, row: 0, rowText: "", rows: 0, series: {} };
}

/** Rows are numbered anew when the database is compacted. */
function isStillThere(database: Database, { run, row, rowText }: Earlier): boolean {
  return rowText === "" || database.all(ROW, run, row).map(describeRow)[0] === rowText;
}

function describeRow(row: Row): string {
  return `${textIn(row, "key")} ${numberIn(row, "time")} ${numberIn(row, "step")}`;
}

// The numbers may be larger than integers that JavaScript has, so they come as floating point.
const SELECT = `SELECT rowid AS row, key, value, is_nan, CAST(timestamp AS REAL) AS time, CAST(step AS REAL) AS step
  FROM metrics WHERE run_uuid = ?`;
const PAGE = `${SELECT} AND rowid > ? ORDER BY rowid LIMIT ${PAGE_ROWS}`;
const ROW = `${SELECT} AND rowid = ?`;

function readPage(database: Database, run: Run, earlier: Earlier): { read: ReadRows; isLate: boolean } {
  const found = database.all(PAGE, run.id, earlier.row);
  const problems = createProblemList();
  const series = createMlflowSeries((key) => asSeriesCarry(earlier.series[key]), problems);
  for (const [key, rows] of byKey(found, earlier.rows)) {
    series.add(key, rows);
  }
  const { chunks, carries, isLate } = series.finish();
  const rows = earlier.rows + found.length;
  const last = found.at(-1);
  const place = last === undefined ? earlier : { row: numberIn(last, "row"), rowText: describeRow(last) };
  const { row, rowText } = place;
  const carry = JSON.stringify({ run: run.id, row, rowText, rows, series: { ...earlier.series, ...carries } });
  const clipThreshold = found.length === 0 ? null : findThreshold(database, run);
  const more = found.length === PAGE_ROWS;
  return { read: { chunks, carry, clipThreshold, problems: problems.finish(), rows, restarted: false, more }, isLate };
}

function byKey(found: readonly Row[], firstRow: number): Map<string, MlflowRow[]> {
  const series = new Map<string, MlflowRow[]>();
  for (const [at, row] of found.entries()) {
    const key = textIn(row, "key");
    const rows = series.get(key) ?? [];
    series.set(key, rows);
    rows.push({ time: numberIn(row, "time"), value: valueOf(row), step: numberIn(row, "step"), line: firstRow + at });
  }
  return series;
}

// MLflow writes infinities as the largest numbers there are.
const LARGEST = 1.797_693_134_862_315_7e308;

function valueOf(row: Row): number {
  const value = numberIn(row, "value");
  if (numberIn(row, "is_nan") === 1) {
    return Number.NaN;
  }
  return Math.abs(value) >= LARGEST ? Math.sign(value) * Infinity : value;
}

function findThreshold(database: Database, run: Run): ClipThreshold | null {
  const parameters = database.all("SELECT key, value FROM params WHERE run_uuid = ?", run.id);
  const fields = Object.fromEntries(parameters.map((row) => [textIn(row, "key"), textIn(row, "value")]));
  return thresholdInFields(fields, "parameter");
}
