import type { Row } from "#core/database.ts";
import type { LogProblem } from "#core/log.ts";
import { t } from "@vscode/l10n";
import type { ReadRows } from "../reader.ts";

/** The number in a column; NaN for anything else. */
export function numberIn(row: Row | undefined, column: string): number {
  const value = row?.[column];
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : Number.NaN;
}

/** The text in a column, also where it was written as bytes; empty for anything else. */
export function textIn(row: Row | undefined, column: string): string {
  const value = row?.[column];
  return value instanceof Uint8Array ? UTF8.decode(value) : typeof value === "string" ? value : "";
}

const UTF8 = new TextDecoder();

/** A database holds the runs of a project, of which one is a log. */
export function noteOnRuns(runs: number, name: string, id: string): LogProblem[] {
  const shown = name === id || name === "" ? id : `${name} (${id})`;
  const reason = t(
    "The database holds {0} runs. This is the latest, {1}; add #<name or id> to the path for another.",
    runs,
    shown,
  );
  return runs > 1 ? [{ line: 0, reason }] : [];
}

export function nothingRead(asked: string | null, restarted: boolean): ReadRows {
  const reason = t("The database has no run {0} with samples.", asked ?? "");
  const problems = asked === null ? [] : [{ line: 0, reason }];
  return { chunks: [], carry: "", clipThreshold: null, problems, rows: 0, restarted, more: false };
}
