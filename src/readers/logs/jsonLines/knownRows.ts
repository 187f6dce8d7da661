import { flatten, isFields, numberIn } from "../shared/fields.ts";
import type { Fields } from "../shared/fields.ts";
import { createLayoutMatcher, NO_MATCH } from "../shared/layout.ts";
import type { Layout, Token } from "../shared/layout.ts";
import { parseStrictly } from "../shared/lenientJson.ts";
import type { PassKnownLine } from "../shared/lines.ts";
import type { Meaning, RowCollector } from "../shared/rows.ts";
import type { FoundStep } from "../shared/steps.ts";
import type { RowSteps } from "./rowSteps.ts";

/** Reads rows that differ from one before in their numbers only, which most rows of a log do. */
export interface KnownRows {
  /** Adds a row, unless it must be parsed. */
  readonly pass: PassKnownLine;
  /** Learns from a row that was parsed and its step. */
  readonly learn: (line: string, fields: Fields, found: FoundStep) => void;
}

interface KnownRow {
  readonly layout: Layout;
  readonly stepKey: string;
  /** Which of the numbers is the step. */
  readonly stepAt: number;
  /** The samples, in the order of the row's fields. */
  readonly samples: readonly KnownSample[];
}

interface KnownSample {
  /** Which of the numbers it is. */
  readonly at: number;
  readonly meaning: Meaning;
}

// Rows of training, of validation and of a system's load take turns.
const MAX_ROWS = 4;
// Where no row is like another, to learn them all would take longer than to parse them.
const FREE_LESSONS = 8;
const ROWS_PER_LESSON = 16;

export function createKnownRows(rows: RowCollector, steps: RowSteps): KnownRows {
  const matcher = createLayoutMatcher(({ hasLeadingZero, value }) => !hasLeadingZero && Number.isFinite(value));
  const known: KnownRow[] = [];
  const place = { step: 0, line: 0 }; // Reused from row to row, so that none of them makes an object.
  let lessonsLeft = FREE_LESSONS * ROWS_PER_LESSON;

  function add({ stepAt, samples }: KnownRow, line: number): void {
    const { values } = matcher;
    place.step = values[stepAt] ?? Number.NaN;
    place.line = line;
    for (const sample of samples) {
      rows.addValue(sample.meaning, place, values[sample.at] ?? Number.NaN);
    }
    lessonsLeft += 1;
  }

  function knownRowOf(line: string, fields: Fields, { key }: FoundStep): KnownRow | null {
    const tokens = numbersIn(line);
    const places = placesOf(line, tokens);
    const samples: KnownSample[] = [];
    for (const name in fields) {
      const at = places.get(name);
      const meaning = rows.meaningOf(name);
      if (at !== undefined) {
        samples.push({ at, meaning });
      } else if (numberIn(fields[name], meaning.key.kind) !== undefined) {
        return null;
      }
    }
    const layout = matcher.layoutOf(line, 0, tokens);
    const stepAt = places.get(key);
    return layout === null || stepAt === undefined
      ? null
      : { layout, stepKey: key, stepAt, samples: samples.filter(({ at }) => at !== stepAt) };
  }

  return {
    pass(source, start, number) {
      for (const row of known) {
        const next = matcher.match(row.layout, source, start);
        if (next !== NO_MATCH && steps.isSettled(row.stepKey)) {
          add(row, number);
          return next;
        }
      }
      return NO_MATCH;
    },
    learn(line, fields, found) {
      if (lessonsLeft < ROWS_PER_LESSON || !steps.isSettled(found.key) || "iter" in fields) {
        return;
      }
      lessonsLeft -= ROWS_PER_LESSON;
      const row = knownRowOf(line, fields, found);
      if (row !== null) {
        known.unshift(row);
        known.length = Math.min(known.length, MAX_ROWS);
      }
    },
  };
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function numbersIn(line: string): Token[] {
  return Array.from(line.matchAll(STRING_OR_NUMBER), ({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
  })).filter(({ start }) => line[start] !== '"');
}

/**
 * Which number of a line each of its fields is: where JSON itself puts numbers that are known, one after another, in
 * place of the line's own. Nothing for a line that is no strict JSON.
 */
function placesOf(line: string, tokens: readonly Token[]): ReadonlyMap<string, number> {
  const ends = [0, ...tokens.map(({ end }) => end)];
  const pieces = tokens.map(({ start }, index) => `${line.slice(ends[index], start)}${index}`);
  const row = parseStrictly(`${pieces.join("")}${line.slice(ends.at(-1))}`);
  const fields = isFields(row) ? Object.entries(flatten(row)) : [];
  return new Map(fields.flatMap(([name, value]) => (typeof value === "number" ? [[name, value]] : [])));
}
