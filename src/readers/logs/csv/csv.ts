import { t } from "@vscode/l10n";
import { readCarry, stringIn } from "../shared/carry.ts";
import { firstLines, forEachUnknownLine } from "../shared/lines.ts";
import { parseNumber, printedResolution } from "../shared/numbers.ts";
import { createProblemList } from "#core/problems.ts";
import type { LogHead, TextReader, ParsedLog, ParseStart } from "../reader.ts";
import { createRowCollector, isMetric } from "../shared/rows.ts";
import type { RowCollector } from "../shared/rows.ts";
import { byEpochs, parseStep } from "../shared/steps.ts";
import { createKnownCells } from "./knownCells.ts";
import { cellsOf, readHeader, startsLikeHeader, withPoint } from "./table.ts";
import type { Table } from "./table.ts";

/** A table with a header: metrics.csv of Lightning, Keras' CSVLogger, home-made ones. */
export const csv: TextReader = { format: "csv", growth: "byLines", recognises, parse, carryFarOn: (carry) => carry };

function recognises({ text }: LogHead): boolean {
  const header = firstLines(text, 1)[0];
  const table = header === undefined ? null : readHeader(header, createRowCollector());
  return table !== null && table.meanings.some(({ key }) => isMetric(key));
}

function parse(text: string, { firstLine, carry }: ParseStart): ParsedLog {
  const rows = createRowCollector();
  const problems = createProblemList();
  const earlierHeader = stringIn(readCarry(carry), "header");
  let table = earlierHeader === null ? null : readHeader(earlierHeader, rows);
  const known = createKnownCells(rows, () => table);

  function visit(line: string, number: number): void {
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
      if (reason === null) {
        known.learn(line, table);
      } else {
        problems.add(number, reason);
      }
    }
  }

  forEachUnknownLine(text, firstLine, { pass: known.pass, visit });
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
