import { createKnownLines } from "../shared/knownLines.ts";
import type { LikeLines, PassKnownLines } from "../shared/knownLines.ts";
import { LIKENESS } from "../shared/layout.ts";
import type { Token } from "../shared/layout.ts";
import { parseNumber } from "../shared/numbers.ts";
import { rowMeanings } from "../shared/rows.ts";
import type { RowCollector, RowMeanings } from "../shared/rows.ts";
import { startsLikeHeader, withPoint } from "./table.ts";
import type { Table } from "./table.ts";

/** Reads rows of a table that differ from one before in their numbers only, which most do. */
export interface KnownCells {
  /** Adds rows, up to one that must be parsed. */
  readonly pass: PassKnownLines;
  /** Learns from a row that was parsed. */
  readonly learn: (line: string, table: Table) => void;
}

interface KnownRow {
  /** Below another header cells mean something else. */
  readonly table: Table;
  readonly meanings: RowMeanings;
}

export function createKnownCells(rows: RowCollector, current: () => Table | null): KnownCells {
  const known = createKnownLines<KnownRow>(LIKENESS.asCells, take);

  function take({ table, meanings }: KnownRow, lines: LikeLines): number {
    const count = table === current() ? countWithSteps(lines, meanings.stepAt) : 0;
    if (count > 0) {
      rows.addRows(count === lines.count ? lines : { ...lines, count }, meanings);
    }
    return count;
  }

  return {
    pass: known.pass,
    learn(line, table) {
      if (line.includes('"') || startsLikeHeader(line) || !known.beginLesson()) {
        return;
      }
      const row = numbersIn(line, table);
      if (row !== null) {
        const { tokens, columns, stepAt } = row;
        const samples = columns.flatMap((column, at) => {
          const meaning = at === stepAt ? undefined : table.meanings[column];
          return meaning === undefined ? [] : [[at, meaning] as const];
        });
        known.learn({ line, tokens, recordAt: 0, fixed: null }, { table, meanings: rowMeanings(stepAt, samples) });
      }
    },
  };
}

/** A minus before a step is none of a step's. */
function countWithSteps({ values, width, count }: LikeLines, stepAt: number): number {
  for (let line = 0; line < count; line += 1) {
    const step = values[line * width + stepAt] ?? Number.NaN;
    if (step < 0 || Object.is(step, -0)) {
      return line;
    }
  }
  return count;
}

interface RowNumbers {
  readonly tokens: readonly Token[];
  /** The column of each. */
  readonly columns: readonly number[];
  readonly stepAt: number;
}

const PLAIN = /^( *)(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?) *$/;

/** Null for a row with a number that is not plain, or whose step may be in another column in the next row. */
function numbersIn(line: string, { delimiter, stepColumns }: Table): RowNumbers | null {
  const tokens: Token[] = [];
  const columns: number[] = [];
  let from = 0;
  for (const [column, cell] of line.split(delimiter).entries()) {
    const [, spaces = "", number] = PLAIN.exec(cell) ?? [];
    if (number !== undefined) {
      const start = from + spaces.length;
      tokens.push({ start, end: start + number.length });
      columns.push(column);
    } else if (parseNumber(withPoint(cell, { delimiter })) !== undefined) {
      return null;
    }
    from += cell.length + delimiter.length;
  }
  const stepAt = columns.indexOf(stepColumns.find((column) => columns.includes(column)) ?? Number.NaN);
  const step = tokens[stepAt];
  return step !== undefined && /^\d+$/.test(line.slice(step.start, step.end)) ? { tokens, columns, stepAt } : null;
}
