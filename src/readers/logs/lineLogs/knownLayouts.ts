import { parseNumber } from "../shared/numbers.ts";
import { createProblemList } from "#core/problems.ts";
import type { Meaning, RowCollector } from "../shared/rows.ts";
import type { LineRange } from "./cleanLines.ts";
import type { Dialect } from "./dialect.ts";
import { createLayoutMatcher } from "./layout.ts";
import type { Layout, LayoutMatcher, Token } from "./layout.ts";
import type { LineSample } from "./lineRecord.ts";
import { rankIn } from "./rankIn.ts";
import type { RankSorter } from "./ranks.ts";
import { createRecordReader } from "./recordReader.ts";
import type { Reading, RecordReader } from "./recordReader.ts";

/** Reads lines that differ from one before in their numbers only, which most lines of a log do. */
export interface KnownLayouts {
  /** False when the line must be read by the dialect's patterns. */
  readonly add: (text: string, range: LineRange) => boolean;
  /** Learns from how the last line was read. */
  readonly learn: () => void;
}

interface KnownLine {
  readonly layout: Layout;
  readonly rank: string | null;
  /** What stands before the record. */
  readonly prefix: string;
  /** What each number is; undefined for the step. */
  readonly meanings: readonly (Meaning | undefined)[];
  readonly stepAt: number;
}

// Training's lines and, between them, those of validation.
const MAX_LAYOUTS = 2;

interface LayoutContext {
  readonly rows: RowCollector;
  readonly sorter: RankSorter;
  readonly reader: RecordReader;
}

export function createKnownLayouts(dialect: Dialect, { rows, sorter, reader }: LayoutContext): KnownLayouts {
  const matcher = createLayoutMatcher({ hasFixedDecimals: dialect.hasFixedDecimals });
  const known: KnownLine[] = [];

  function addAs(line: KnownLine, text: string, { start, end, number }: LineRange): boolean {
    const { values } = matcher;
    const step = values[line.stepAt] ?? Number.NaN;
    if (
      !isStepIn(step, text.slice(start, end)) ||
      !sorter.isPlainlyNext(line.rank, step) ||
      !hasPrefixLike(line, text, start)
    ) {
      return false;
    }
    const at = { step, line: number };
    for (let index = 0; index < line.meanings.length; index += 1) {
      const meaning = line.meanings[index];
      if (meaning !== undefined) {
        rows.addValue(meaning, at, values[index] ?? Number.NaN);
      }
    }
    sorter.noteNext(step, () => readAlone(text.slice(start, end), number));
    return true;
  }

  function hasPrefixLike({ prefix, rank }: KnownLine, text: string, start: number): boolean {
    if (prefix === "" || text.startsWith(prefix, start)) {
      return true;
    }
    const ours = text.slice(start, start + prefix.length);
    return isSameButDigits(prefix, ours) && rankIn(ours) === rank;
  }

  /** By the patterns, without a trace: only what the line says is asked for. */
  function readAlone(line: string, number: number): { readonly samples: readonly LineSample[] } {
    const context = { rows, problems: createProblemList(), earlier: undefined };
    return createRecordReader(dialect, context).readLine(line, number)[0] ?? { samples: [] };
  }

  return {
    add(text, range) {
      if (reader.isWaiting()) {
        return false;
      }
      for (const line of known) {
        if (matcher.matches(line.layout, text, range)) {
          return addAs(line, text, range);
        }
      }
      return false;
    },
    learn() {
      const reading = reader.lastReading();
      const line = reading === null ? null : knownLineOf(reading, { dialect, rows, matcher });
      if (line !== null) {
        known.unshift(line);
        known.length = Math.min(known.length, MAX_LAYOUTS);
      }
    },
  };
}

/** Patterns take digits for a step, and neither a sign nor a power of ten. */
function isStepIn(step: number, line: string): boolean {
  return step >= 0 && step < Infinity && line.includes(String(step));
}

/** Other digits change neither where a record begins nor what it is of, as any other letter may. */
function isSameButDigits(known: string, ours: string): boolean {
  for (let at = 0; at < known.length; at += 1) {
    const [code, own] = [known.charCodeAt(at), ours.charCodeAt(at)];
    if (code !== own && !(isDigit(code) && isDigit(own))) {
      return false;
    }
  }
  return true;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

interface LearnContext {
  readonly dialect: Dialect;
  readonly rows: RowCollector;
  readonly matcher: LayoutMatcher;
}

/** Null for a line whose values need more than a plain number. */
function knownLineOf(reading: Reading, { dialect, rows, matcher }: LearnContext): KnownLine | null {
  const { line, anchor, pairs, rank, scope } = reading;
  const isStepName = (name: string): boolean => dialect.stepNames?.includes(name) === true;
  const tokens = [...stepTokenOf(anchor), ...pairs.filter(({ printed }) => parseNumber(printed) !== undefined)];
  // A value with a name for the step counts before what the anchor says.
  const named = tokens.findIndex(({ name }) => isStepName(name));
  const hasStep = named >= 0 || anchor.groups?.["step"] !== undefined;
  if (!hasStep || scope !== "" || dialect.percentages !== undefined) {
    return null;
  }
  const layout = matcher.layoutOf(line, anchor.index, tokens);
  const meanings = tokens.map(({ name }) => (name === "" || isStepName(name) ? undefined : rows.meaningOf(name)));
  const prefix = line.slice(0, anchor.index);
  return layout === null ? null : { layout, rank, prefix, meanings, stepAt: Math.max(named, 0) };
}

/** The step is the first number of an anchor. It has no name. */
function stepTokenOf(anchor: RegExpExecArray): (Token & { readonly name: string })[] {
  const step = anchor.groups?.["step"];
  const within = anchor[0].search(/\d/);
  if (step === undefined || within < 0) {
    return [];
  }
  const start = anchor.index + within;
  return [{ name: "", start, end: start + step.length }];
}
