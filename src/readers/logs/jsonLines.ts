import { readCarry, stringIn } from "./carry.ts";
import { flatten, isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { mayHoldNonFinite, quoteNonFinite } from "./lenientJson.ts";
import { firstLines, forEachLine } from "./lines.ts";
import { createProblemList } from "./problems.ts";
import type { LogHead, TextReader, ParsedLog, ParseStart } from "./reader.ts";
import { createRowCollector, hasMetric } from "./rows.ts";
import { findStep } from "./steps.ts";

/** One JSON object per line: metrics.jsonl, trainer_log.jsonl, logging.jsonl, mmengine's scalars.json. */
export const jsonLines: TextReader = { format: "jsonl", growth: "byLines", recognises, parse };

// Rows of settings and of evaluation may come first.
const LINES_TO_RECOGNISE = 20;

function recognises({ text }: LogHead): boolean {
  const rows = firstLines(text, LINES_TO_RECOGNISE).map((line) => parseRow(line, mayHoldNonFinite(line)));
  const fields = rows.filter((row) => typeof row !== "string");
  return fields.length * 2 > rows.length && fields.some(isSampleRow);
}

function isSampleRow(fields: Fields): boolean {
  return findStep(fields, null) !== undefined && hasMetric(fields, createRowCollector());
}

function parse(text: string, { firstLine, carry }: ParseStart): ParsedLog {
  const rows = createRowCollector();
  const problems = createProblemList();
  const isLenient = mayHoldNonFinite(text);
  let stepKey = stringIn(readCarry(carry), "stepKey");
  forEachLine(text, firstLine, (line, number) => {
    const fields = parseRow(line, isLenient && mayHoldNonFinite(line));
    if (typeof fields === "string") {
      problems.add(number, fields);
      return;
    }
    const found = findStep(fields, stepKey);
    stepKey = found?.key ?? stepKey;
    if (found === undefined && hasMetric(fields, rows)) {
      problems.add(number, "The row has no step and was left out.");
    }
    rows.addRow(fields, { step: found?.step, line: number }, found?.key ?? null);
  });
  return { ...rows.finish(), carry: JSON.stringify({ stepKey }), problems: problems.finish() };
}

const EMPTY_ROW: Fields = {};

/** The row's fields, or what is wrong with it. An empty line is a row without fields. */
function parseRow(line: string, isLenient: boolean): Fields | string {
  const value = isLenient ? parseLenient(line) : parseFast(line);
  if (isFields(value)) {
    return flatten(value);
  }
  return line.trim() === "" ? EMPTY_ROW : "The line is not a JSON object.";
}

function parseFast(line: string): unknown {
  try {
    return line === "" ? undefined : JSON.parse(line);
  } catch {
    return parseLenient(line);
  }
}

/** Undefined when the line is no JSON even so. NUL bytes are left by a machine that went down while writing. */
function parseLenient(line: string): unknown {
  try {
    return JSON.parse(quoteNonFinite(line.replaceAll("\0", "")));
  } catch {
    return undefined;
  }
}
