import type { Database, Row } from "#core/database.ts";
import type { ClipThreshold } from "#core/log.ts";
import { t } from "@vscode/l10n";
import { numberOrNullIn, readCarry, stringIn } from "./shared/carry.ts";
import { flatten, isFields } from "./shared/fields.ts";
import type { Fields } from "./shared/fields.ts";
import { quoteNonFinite } from "./shared/lenientJson.ts";
import { createProblemList } from "#core/problems.ts";
import type { DatabaseReader, QueryStart, ReadRows } from "./reader.ts";
import { createRowCollector } from "./shared/rows.ts";
import { noteOnRuns, nothingRead, numberIn, textIn } from "./shared/rowsOfRun.ts";
import { findStep } from "./shared/steps.ts";
import { thresholdInFields } from "./settings/thresholdInFields.ts";

/** A project of Trackio: a row for every call of `log`, its metrics as JSON. */
export const trackio: DatabaseReader = {
  format: "trackio",
  growth: "byQueries",
  recognises: ({ metrics }) =>
    ["id", "timestamp", "run_name", "step", "metrics"].every((column) => metrics?.includes(column) === true),
  read,
};

// A page is parsed in some tenths of a second.
const PAGE_ROWS = 50_000;

/** What tells runs apart: older versions have their names alone, which are then unique. */
type RunColumn = "run_id" | "run_name";

interface Run {
  readonly column: RunColumn;
  /** What stands in that column. */
  readonly id: string;
  readonly name: string;
}

function pageOf({ column }: Run): string {
  return `SELECT id AS row, CAST(step AS REAL) AS step, metrics
  FROM metrics WHERE ${column} = ? AND id > ? ORDER BY id LIMIT ${PAGE_ROWS}`;
}

interface Earlier {
  readonly row: number;
  readonly rows: number;
  readonly stepKey: string | null;
}

const START: Earlier = { row: 0, rows: 0, stepKey: null };

function read(database: Database, start: QueryStart): ReadRows {
  const newest = numberIn(database.all("SELECT max(id) AS newest FROM metrics")[0], "newest");
  const earlier = readCarry(start.carry);
  if (numberOrNullIn(earlier, "newest") === newest) {
    const rows = numberOrNullIn(earlier, "rows") ?? 0;
    return { chunks: [], carry: start.carry, clipThreshold: null, problems: [], rows, restarted: false, more: false };
  }
  const { carry, ...page } = readNew(database, start);
  // While more pages wait, no row is the newest that was seen.
  return { ...page, carry: page.more ? carry : JSON.stringify({ ...readCarry(carry), newest }) };
}

function readNew(database: Database, { run: asked, carry }: QueryStart): ReadRows {
  const run = findRun(database, asked);
  const earlier = run === undefined ? null : earlierOf(database, readCarry(carry), run);
  const found = run === undefined ? [] : database.all(pageOf(run), run.id, earlier?.row ?? 0);
  if (run === undefined || (earlier === null && found.length === 0)) {
    return nothingRead(asked, carry !== "");
  }
  const page = readRows(database, { run, found, earlier: earlier ?? START });
  if (earlier !== null) {
    return page;
  }
  const note = asked === null ? noteOnRuns(countRuns(database, run), run.name, run.id) : [];
  return { ...page, restarted: carry !== "", problems: [...note, ...page.problems] };
}

interface FoundRows {
  readonly run: Run;
  readonly found: readonly Row[];
  readonly earlier: Earlier;
}

function readRows(database: Database, { run, found, earlier }: FoundRows): ReadRows {
  const { chunks, problems, next, clipThreshold } = parseRows(found, earlier);
  return {
    chunks,
    problems,
    carry: JSON.stringify({ run: run.id, ...next }),
    clipThreshold: found.length === 0 ? null : (clipThreshold ?? findThreshold(database, run)),
    rows: next.rows,
    restarted: false,
    more: found.length === PAGE_ROWS,
  };
}

/** The one that began last: of two that are training, the same one each time. */
function findRun(database: Database, asked: string | null): Run | undefined {
  const columns = database.all("SELECT name FROM pragma_table_info('metrics')").map((row) => textIn(row, "name"));
  const column: RunColumn = columns.includes("run_id") ? "run_id" : "run_name";
  const select = `SELECT ${column} AS id, max(run_name) AS name FROM metrics`;
  const order = `GROUP BY ${column} ORDER BY min(metrics.id) DESC LIMIT 1`;
  const rows =
    asked === null
      ? database.all(`${select} ${order}`)
      : database.all(`${select} WHERE ${column} = ? OR run_name = ? ${order}`, asked, asked);
  return rows.map((row) => ({ column, id: textIn(row, "id"), name: textIn(row, "name") }))[0];
}

function countRuns(database: Database, { column }: Run): number {
  return numberIn(database.all(`SELECT count(DISTINCT ${column}) AS runs FROM metrics`)[0], "runs");
}

/** Null when the run is another one, or was deleted since. */
function earlierOf(database: Database, carry: Fields, run: Run): Earlier | null {
  const [row, rows] = [numberOrNullIn(carry, "row"), numberOrNullIn(carry, "rows")];
  if (row === null || rows === null || stringIn(carry, "run") !== run.id) {
    return null;
  }
  const isThere = database.all(`SELECT 1 FROM metrics WHERE id = ? AND ${run.column} = ?`, row, run.id).length > 0;
  return isThere ? { row, rows, stepKey: stringIn(carry, "stepKey") } : null;
}

function parseRows(
  found: readonly Row[],
  earlier: Earlier,
): Pick<ReadRows, "chunks" | "clipThreshold" | "problems"> & { readonly next: Earlier } {
  const rows = createRowCollector();
  const problems = createProblemList();
  let { row, stepKey } = earlier;
  for (const [at, one] of found.entries()) {
    const line = earlier.rows + at;
    row = numberIn(one, "row");
    const metrics = parseMetrics(textIn(one, "metrics"));
    if (metrics === undefined) {
      problems.add(line, t("The row's metrics are no JSON object."));
      continue;
    }
    // Hugging Face's Trainer logs its own step beside; Trackio's only counts the calls.
    const step = findStep({ ...metrics, [ROW_STEP]: numberIn(one, "step") }, stepKey);
    stepKey = step?.key ?? stepKey;
    rows.addRow(metrics, { step: step?.step, line }, step?.key ?? null);
  }
  const next = { row, rows: earlier.rows + found.length, stepKey };
  return { ...rows.finish(), problems: problems.finish(), next };
}

/** Less sure than any step that was logged on purpose. */
const ROW_STEP = "_step";

/** Tables, images and the like say `_type`; they hold no metrics. */
function parseMetrics(json: string): Fields | undefined {
  const metrics = parseJson(json);
  return isFields(metrics)
    ? flatten(
        Object.fromEntries(
          Object.entries(metrics).filter(([, value]) => !isFields(value) || value["_type"] === undefined),
        ),
      )
    : undefined;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(quoteNonFinite(json));
  } catch {
    return undefined;
  }
}

function findThreshold(database: Database, run: Run): ClipThreshold | null {
  const isThere = database.all("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'configs'").length > 0;
  const configs = isThere ? database.all(`SELECT config FROM configs WHERE ${run.column} = ?`, run.id) : [];
  const config = parseJson(textIn(configs.at(-1), "config"));
  return isFields(config) ? thresholdInFields(flatten(config), t("the run's configuration")) : null;
}
