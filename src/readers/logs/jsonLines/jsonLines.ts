import { t } from "@vscode/l10n";
import { readCarry } from "../shared/carry.ts";
import { parseRow, parseRows } from "./jsonRows.ts";
import { firstLines } from "../shared/lines.ts";
import type { Fields } from "../shared/fields.ts";
import type { LogHead, ParsedLog, ParseStart, TextReader } from "../reader.ts";
import { createRowCollector, hasMetric } from "../shared/rows.ts";
import { createRowSteps } from "./rowSteps.ts";
import { findStep } from "../shared/steps.ts";

/**
 * One JSON object per line: metrics.jsonl, trainer_log.jsonl, logging.jsonl, mmengine's scalars.json, the metrics files of
 * MaxText and levanter.
 */
export const jsonLines: TextReader = { format: "jsonl", growth: "byLines", recognises, parse, carryFarOn };

// Rows of settings and of evaluation may come first.
const LINES_TO_RECOGNISE = 20;

function recognises({ text }: LogHead): boolean {
  const rows = text.includes("\n") ? firstLines(text, LINES_TO_RECOGNISE).map(parseRow) : [parseCutRow(text)];
  const fields = rows.filter((row) => typeof row !== "string");
  return fields.length * 2 > rows.length && fields.some((row) => isSampleRow(row) || isProgressRow(row));
}

// A row of metrics has its numbers in objects of one or two levels.
const ENDINGS: readonly string[] = ["", "}", "}}", "}}}"];

/** A row of ten thousand tensors is longer than the head of a log: what it has up to the last comma says what it is. */
function parseCutRow(row: string): Fields | string {
  const whole = row.slice(0, row.lastIndexOf(","));
  const rows = ENDINGS.map((ending) => parseRow(ending === "" ? row : whole + ending));
  return rows.find((fields) => typeof fields !== "string") ?? "";
}

function isSampleRow(fields: Fields): boolean {
  return findStep(fields, null) !== undefined && hasMetric(fields, createRowCollector());
}

function parse(text: string, start: ParseStart): ParsedLog {
  const parsed = parseRows(text, start, createRowSteps(readCarry(start.carry)));
  if (start.firstLine > 0 || !firstLines(text, 1).map(parseRow).some(isProgressRow)) {
    return parsed;
  }
  const problem = { line: 0, reason: describeProgressLog() };
  return { ...parsed, problems: [problem, ...parsed.problems] };
}

/** Rows of mmengine's validation stand at the iteration before them. */
function carryFarOn(carry: string): string | null {
  return "iteration" in readCarry(carry) ? null : carry;
}

function describeProgressLog(): string {
  return t(
    "LLaMA-Factory writes no gradient norms into trainer_log.jsonl. They are in trainer_state.json and in runs/ beside it.",
  );
}

/** A row of LLaMA-Factory's trainer_log.jsonl, which may hold nothing but progress. */
function isProgressRow(row: Fields | string): boolean {
  return typeof row !== "string" && ["current_steps", "total_steps", "percentage"].every((key) => key in row);
}
