import Papa from "papaparse";
import type { Meaning, RowCollector } from "../shared/rows.ts";
import { isEpochKey, stepColumns } from "../shared/steps.ts";

/** What a header says about the rows below it. */
export interface Table {
  readonly headerLine: string;
  readonly delimiter: string;
  readonly meanings: readonly Meaning[];
  readonly stepColumns: readonly number[];
  readonly isByEpoch: boolean;
}

/** Whether a line begins with a name. */
export function startsLikeHeader(line: string): boolean {
  return /^\s*"?[A-Za-z_]/.test(line);
}

/** Null for a line that is no header because it names no step. */
export function readHeader(headerLine: string, { meaningOf }: Pick<RowCollector, "meaningOf">): Table | null {
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
export function cellsOf(line: string, delimiter: string): readonly string[] {
  return line.includes('"') ? (Papa.parse<string[]>(line, { delimiter }).data[0] ?? []) : line.split(delimiter);
}

/** Where `;` separates cells, a comma is the decimal point, and a point before it parts thousands. */
export function withPoint(cell: string, { delimiter }: Pick<Table, "delimiter">): string {
  if (delimiter !== ";" || !cell.includes(",")) {
    return cell;
  }
  return cell.replaceAll(/\.(?=\d{3}(?:\D|$))/g, "").replace(",", ".");
}
