import { flatten, isFields, numberIn } from "../shared/fields.ts";
import type { Fields } from "../shared/fields.ts";
import { createKnownLines } from "../shared/knownLines.ts";
import type { LikeLines, PassKnownLines } from "../shared/knownLines.ts";
import { LIKENESS } from "../shared/layout.ts";
import type { Token } from "../shared/layout.ts";
import { parseStrictly } from "../shared/lenientJson.ts";
import { rowMeanings } from "../shared/rows.ts";
import type { Meaning, RowCollector, RowMeanings } from "../shared/rows.ts";
import type { FoundStep } from "../shared/steps.ts";
import type { RowSteps } from "./rowSteps.ts";

/** Reads rows that differ from one before in their numbers only, which most rows of a log do. */
export interface KnownRows {
  /** Adds rows, up to one that must be parsed. */
  readonly pass: PassKnownLines;
  /** Learns from a row that was parsed and its step. */
  readonly learn: (line: string, fields: Fields, found: FoundStep) => void;
}

interface KnownRow {
  readonly stepKey: string;
  readonly meanings: RowMeanings;
}

export function createKnownRows(rows: RowCollector, steps: RowSteps): KnownRows {
  const known = createKnownLines<KnownRow>(LIKENESS.asInJson, take);

  function take({ stepKey, meanings }: KnownRow, lines: LikeLines): number {
    if (!steps.isSettled(stepKey)) {
      return 0;
    }
    rows.addRows(lines, meanings);
    return lines.count;
  }

  function knownRowOf(fields: Fields, key: string, places: ReadonlyMap<string, number>): KnownRow | null {
    const samples: [at: number, meaning: Meaning][] = [];
    for (const name in fields) {
      const at = places.get(name);
      const meaning = rows.meaningOf(name);
      if (at !== undefined) {
        samples.push([at, meaning]);
      } else if (numberIn(fields[name], meaning.key.kind) !== undefined) {
        return null;
      }
    }
    const stepAt = places.get(key);
    return stepAt === undefined
      ? null
      : {
          stepKey: key,
          meanings: rowMeanings(
            stepAt,
            samples.filter(([at]) => at !== stepAt),
          ),
        };
  }

  return {
    pass: known.pass,
    learn(line, fields, { key }) {
      if (!steps.isSettled(key) || "iter" in fields || !known.beginLesson()) {
        return;
      }
      const tokens = numbersIn(line);
      const row = knownRowOf(fields, key, placesOf(line, tokens));
      if (row !== null) {
        known.learn({ line, tokens, recordAt: 0, fixed: null }, row);
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
