import { isFields } from "../shared/fields.ts";
import type { Dialect } from "./dialect.ts";

/** What a record says of all its values. */
export interface RecordStart {
  readonly step: number;
  readonly rank: string | null;
  readonly scope: string;
}

/** Puts together records that a terminal wrapped over several lines, and a copy of it kept so. */
export interface WrappedRecord {
  /** The part of a record's text whose values are certainly whole. */
  readonly beforeWrap: (body: string) => string;
  /** The record goes on: `tail` is the start of a value or of its name. */
  readonly begin: (start: RecordStart, tail: string, line: number) => void;
  /** What the line adds to the record that waits, and null when none does. Another line shows that it was whole. */
  readonly goOn: (line: string, number: number, mayContinue: boolean) => Continuation | null;
  readonly state: () => unknown;
}

export interface Continuation {
  readonly start: RecordStart;
  readonly body: string;
  readonly line: number;
}

interface Waiting {
  readonly start: RecordStart;
  readonly tail: string;
  readonly line: number;
  readonly linesLeft: number;
}

const MAX_LINES = 3;

export function createWrappedRecord({ terminator }: Dialect, earlier: unknown): WrappedRecord {
  let waiting = readWaiting(earlier);

  function beforeWrap(body: string): string {
    if (terminator === undefined || body.trimEnd().endsWith(terminator)) {
      return body;
    }
    // The terminator goes with the tail: patterns tell by it where a name begins.
    return body.slice(0, Math.max(body.lastIndexOf(terminator), 0));
  }

  return {
    beforeWrap,
    begin(start, tail, line) {
      waiting = { start, tail, line, linesLeft: MAX_LINES };
    },
    goOn(line, number, mayContinue) {
      if (waiting === null) {
        return null;
      }
      const { start, tail, linesLeft } = waiting;
      const wholeBefore = { start, body: tail, line: waiting.line };
      waiting = null;
      if (!mayContinue || linesLeft === 0 || terminator === undefined || !line.includes(terminator)) {
        return wholeBefore;
      }
      const joined = join(tail, line);
      const body = beforeWrap(joined);
      if (body.length < joined.length) {
        waiting = { start, tail: joined.slice(body.length), line: number, linesLeft: linesLeft - 1 };
      }
      return { start, body, line: number };
    },
    state: () => waiting,
  };
}

/** A space at the wrap may be lost. Two whole words are more likely than one that was cut where a word could end. */
function join(tail: string, line: string): string {
  const isBetweenWords = /[A-Za-z]$/.test(tail) && /^[A-Za-z]/.test(line) && KNOWN_WORD.test(line);
  return isBetweenWords ? `${tail} ${line}` : tail + line;
}

// Words that stand within the names Megatron prints.
const KNOWN_WORD = /^(?:iterations?|norm|samples|tokens|rate|loss|scale|size|zeros|time|per|second|batch|value)\b/;

function readWaiting(earlier: unknown): Waiting | null {
  if (!isFields(earlier) || !isFields(earlier["start"])) {
    return null;
  }
  const { tail, line, linesLeft } = earlier;
  const { step, rank, scope } = earlier["start"];
  if (typeof tail !== "string" || typeof line !== "number" || typeof linesLeft !== "number") {
    return null;
  }
  if (typeof step !== "number" || typeof scope !== "string") {
    return null;
  }
  return { start: { step, scope, rank: typeof rank === "string" ? rank : null }, tail, line, linesLeft };
}
