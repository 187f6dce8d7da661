import { t } from "@vscode/l10n";
import { flatten, isFields } from "../shared/fields.ts";
import type { Fields } from "../shared/fields.ts";
import { mayHoldNonFinite, parseStrictly, quoteNonFinite } from "../shared/lenientJson.ts";
import { forEachUnknownLine } from "../shared/lines.ts";
import { createProblemList } from "#core/problems.ts";
import type { ParsedLog, ParseStart } from "../reader.ts";
import { createRowCollector, hasMetric } from "../shared/rows.ts";
import { createKnownRows } from "./knownRows.ts";
import type { RowSteps } from "./rowSteps.ts";
import { byEpochs } from "../shared/steps.ts";

/** Reads a JSON object from every line. Which step it belongs to, the steps say. */
export function parseRows(text: string, { firstLine }: ParseStart, steps: RowSteps): ParsedLog {
  const rows = createRowCollector();
  const problems = createProblemList();
  const known = createKnownRows(rows, steps);
  const isLenient = mayHoldNonFinite(text);

  function visit(line: string, number: number): void {
    const fields = isLenient ? parseRow(line) : parsePlainRow(line);
    if (typeof fields === "string") {
      problems.add(number, fields);
      return;
    }
    const found = steps.find(fields);
    rows.addRow(fields, { step: found?.step, line: number }, found?.key ?? null);
    if (found !== undefined) {
      known.learn(line, fields, found);
    } else if (hasMetric(fields, rows)) {
      problems.add(number, t("The row has no step and was left out."));
    }
  }

  forEachUnknownLine(text, firstLine, { pass: known.pass, visit });
  const { chunks, clipThreshold } = rows.finish();
  const carry = JSON.stringify(steps.state());
  return {
    chunks: steps.areEpochs() ? chunks.map(byEpochs) : chunks,
    clipThreshold,
    carry,
    problems: problems.finish(),
  };
}

/** The row's fields, or what is wrong with it. An empty line is a row without fields. */
export function parseRow(line: string): Fields | string {
  return mayHoldNonFinite(line) && isEnclosed(line)
    ? rowOf(parseStrictly(asStrictJson(line)), line)
    : parsePlainRow(line);
}

const EMPTY_ROW: Fields = {};

/** The same for a line that spells no number as Python does. */
function parsePlainRow(line: string): Fields | string {
  return rowOf(isEnclosed(line) ? parseFast(line) : undefined, line);
}

function rowOf(value: unknown, line: string): Fields | string {
  if (isFields(value)) {
    return flatten(value);
  }
  return line.trim() === "" ? EMPTY_ROW : t("The line is not a JSON object.");
}

/** Whether it can be an object at all: where other output stands between the rows, a parser that fails costs the most. */
function isEnclosed(line: string): boolean {
  if (line.startsWith("{") && line.endsWith("}")) {
    return true;
  }
  const bare = line.replaceAll("\0", "").trim();
  return bare.startsWith("{") && bare.endsWith("}");
}

/** Undefined when the line is no JSON even so. */
function parseFast(line: string): unknown {
  const fields = parseStrictly(line);
  if (fields !== undefined) {
    return fields;
  }
  const strict = asStrictJson(line);
  return strict === line ? undefined : parseStrictly(strict);
}

/** NUL bytes are left by a machine that went down while writing. */
function asStrictJson(line: string): string {
  return quoteNonFinite(line.replaceAll("\0", ""));
}
