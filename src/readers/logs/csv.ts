import Papa from "papaparse";
import { t } from "@vscode/l10n";
import { readCarry, stringIn } from "./shared/carry.ts";
import { firstLines, forEachLine } from "./shared/lines.ts";
import { parseNumber, printedResolution } from "./shared/numbers.ts";
import { createProblemList } from "#core/problems.ts";
import type { LogHead, TextReader, ParsedLog, ParseStart } from "./reader.ts";
import { createRowCollector, isMetric } from "./shared/rows.ts";
import type { Meaning, RowCollector } from "./shared/rows.ts";
import { byEpochs, isEpochKey, parseStep, stepColumns } from "./shared/steps.ts";

/** A table with a header: metrics.csv of Lightning, Keras' CSVLogger, home-made ones. */
export const csv: TextReader = { format: "csv", growth: "byLines", recognises, parse, carryFarOn: (carry) => carry };

function recognises({ text }: LogHead): boolean {
  const header = firstLines(text, 1)[0];
  const table = header === undefined ? null : readHeader(header, createRowCollector());
  return table !== null && table.meanings.some(({ key }) => isMetric(key));
}

/** What a header says about the rows below it. */
interface Table {
  readonly headerLine: string;
  readonly delimiter: string;
  readonly meanings: readonly Meaning[];
  readonly stepColumns: readonly number[];
  readonly isByEpoch: boolean;
}

function parse(text: string, { firstLine, carry }: ParseStart): ParsedLog {
  const rows = createRowCollector();
  const problems = createProblemList();
  const earlierHeader = stringIn(readCarry(carry), "header");
  let table = earlierHeader === null ? null : readHeader(earlierHeader, rows);
  forEachLine(text, firstLine, (line, number) => {
    if (line.trim() === "" || line.startsWith("#")) {
      return;
    }
    // A run that appends to an older file writes its header again.
    const header = table === null || startsLikeHeader(line) ? readHeader(line, rows) : null;
    if (header !== null) {
      table = header;
    } else if (table === null) {
      problems.add(number, t("The first line has no column with the step."));
    } else {
      const reason = addCells(cellsOf(line, table.delimiter), { table, rows, line: number });
      if (reason !== null) {
        problems.add(number, reason);
      }
    }
  });
  const { chunks, clipThreshold } = rows.finish();
  return {
    chunks: table !== null && table.isByEpoch ? chunks.map(byEpochs) : chunks,
    clipThreshold,
    carry: JSON.stringify({ header: headerOf(table) }),
    problems: problems.finish(),
  };
}

function headerOf(table: Table | null): string | null {
  return table?.headerLine ?? null;
}

function startsLikeHeader(line: string): boolean {
  return /^\s*"?[A-Za-z_]/.test(line);
}

/** Null for a line that is no header because it names no step. */
function readHeader(headerLine: string, { meaningOf }: Pick<RowCollector, "meaningOf">): Table | null {
  const delimiter = likeliestDelimiter(headerLine);
  const names = cellsOf(headerLine, delimiter).map((name) => name.trim());
  const columns = stepColumns(names);
  if (columns.length === 0 || names.length < 2) {
    return null;
  }
  const isByEpoch = columns.every((column) => isEpochKey(names[column] ?? ""));
  return { headerLine, delimiter, meanings: names.map(meaningOf), stepColumns: columns, isByEpoch };
}

function likeliestDelimiter(header: string): string {
  const counted = [",", ";", "\t"].map((delimiter) => ({ delimiter, cells: header.split(delimiter).length }));
  return counted.toSorted((a, b) => b.cells - a.cells)[0]?.delimiter ?? ",";
}

/** Most lines hold no quotes and need no parser. */
function cellsOf(line: string, delimiter: string): readonly string[] {
  return line.includes('"') ? (Papa.parse<string[]>(line, { delimiter }).data[0] ?? []) : line.split(delimiter);
}

interface RowPlace {
  readonly table: Table;
  readonly rows: RowCollector;
  readonly line: number;
}

/** What is wrong with the row, null when all is well. An empty cell is a missing value. */
function addCells(cells: readonly string[], { table, rows, line }: RowPlace): string | null {
  if (cells.length !== table.meanings.length) {
    return t("The row has {0} cells, its header {1}.", cells.length, table.meanings.length);
  }
  const stepColumn = table.stepColumns.find((column) => stepIn(cells[column], table) !== undefined);
  if (stepColumn === undefined) {
    return t("The row has no step and was left out.");
  }
  const step = stepIn(cells[stepColumn], table);
  for (const [column, meaning] of table.meanings.entries()) {
    const cell = cells[column] ?? "";
    const value = column === stepColumn || cell === "" ? undefined : parseNumber(withPoint(cell, table));
    if (value !== undefined) {
      rows.addValue(meaning, { step, line }, value);
    }
    if (value === 0) {
      meaning.column.noteResolution(printedResolution(withPoint(cell, table)) ?? 0);
    }
  }
  return null;
}

function stepIn(cell: string | undefined, table: Table): number | undefined {
  return cell === undefined ? undefined : parseStep(withPoint(cell, table));
}

/** Where `;` separates cells, a comma is the decimal point, and a point before it parts thousands. */
function withPoint(cell: string, { delimiter }: Table): string {
  if (delimiter !== ";" || !cell.includes(",")) {
    return cell;
  }
  return cell.replaceAll(/\.(?=\d{3}(?:\D|$))/g, "").replace(",", ".");
}
