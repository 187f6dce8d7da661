import { isMissing, parseNumber } from "../shared/numbers.ts";
import { createProblemList } from "#core/problems.ts";
import { isMetric } from "../shared/rows.ts";
import type { Meaning, RowCollector } from "../shared/rows.ts";
import { codedText } from "../shared/codedText.ts";
import type { CodedText } from "../shared/codedText.ts";
import { createLayoutMatcher, NO_MATCH } from "../shared/layout.ts";
import type { IsAlike, Layout, LayoutMatcher, Token } from "../shared/layout.ts";
import type { PassKnownLine } from "../shared/lines.ts";
import type { Dialect } from "./dialect.ts";
import type { Pair } from "./pairs.ts";
import type { LineSample } from "./lineRecord.ts";
import { rankIn } from "./rankIn.ts";
import type { RankSorter } from "./ranks.ts";
import { createRecordReader } from "./recordReader.ts";
import type { Reading, RecordReader } from "./recordReader.ts";

/** Reads lines that differ from one before in their numbers only, which most lines of a log do. */
export interface KnownLayouts {
  /** Adds a line, unless it must be read by the dialect's patterns. */
  readonly pass: PassKnownLine;
  /** Learns from how the last line was read. */
  readonly learn: () => void;
}

interface KnownLine {
  readonly layout: Layout;
  readonly rank: string | null;
  /** What stands before the record. */
  readonly prefix: CodedText;
  /** What each number is; undefined for the step. */
  readonly meanings: readonly (Meaning | undefined)[];
  readonly stepAt: number;
}

// Training's lines and, between them, those of validation.
const MAX_LAYOUTS = 2;

interface LinePlace {
  readonly start: number;
  /** Where the next line begins. */
  readonly next: number;
  readonly number: number;
}

interface LayoutContext {
  readonly rows: RowCollector;
  readonly sorter: RankSorter;
  readonly reader: RecordReader;
}

export function createKnownLayouts(dialect: Dialect, { rows, sorter, reader }: LayoutContext): KnownLayouts {
  const matcher = createLayoutMatcher(dialect.hasFixedDecimals ? hasDecimals : tellsNoResolution);
  const known: KnownLine[] = [];
  // Reused from line to line, so that none of them makes an object.
  const last = { text: "", start: 0, next: 0, number: 0 };
  const at = { step: 0, line: 0 };

  function add(line: KnownLine, source: CodedText, { start, next, number }: LinePlace): boolean {
    const { values } = matcher;
    const step = values[line.stepAt] ?? Number.NaN;
    if (!isStep(step) || !sorter.isPlainlyNext(line.rank, step) || !hasPrefixLike(line, source, start)) {
      return false;
    }
    at.step = step;
    at.line = number;
    for (let index = 0; index < line.meanings.length; index += 1) {
      const meaning = line.meanings[index];
      if (meaning !== undefined) {
        rows.addValue(meaning, at, values[index] ?? Number.NaN);
      }
    }
    last.text = source.text;
    last.start = start;
    last.next = next;
    last.number = number;
    sorter.noteNext(step, readLast);
    return true;
  }

  function hasPrefixLike({ prefix, rank }: KnownLine, source: CodedText, start: number): boolean {
    const end = start + prefix.text.length;
    return hasSameButDigits(prefix, source, start) && (rank === null || rankIn(source.text.slice(start, end)) === rank);
  }

  /** By the patterns, without a trace: only what the last line says is asked for. */
  function readLast(): { readonly samples: readonly LineSample[] } {
    const { text, start, next, number } = last;
    const line = text.slice(start, next).replace(/\r?\n$/, "");
    const context = { rows, problems: createProblemList(), earlier: undefined };
    return createRecordReader(dialect, context).readLine(line, number)[0] ?? { samples: [] };
  }

  return {
    pass(source, start, number) {
      if (reader.isWaiting()) {
        return NO_MATCH;
      }
      for (const line of known) {
        const next = matcher.match(line.layout, source, start);
        if (next !== NO_MATCH) {
          return add(line, source, { start, next, number }) ? next : NO_MATCH;
        }
      }
      return NO_MATCH;
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

/** A line of another step needs the patterns, to tell what is wrong with it. */
function isStep(step: number): boolean {
  return step >= 0 && step < Infinity;
}

/** Values are printed with a fixed number of decimals, which tells their resolution: another number is another layout. */
const hasDecimals: IsAlike = (number, decimals) => number.decimals === decimals;

/** Only a zero tells how finely it was printed. What is whole, as a step, stays whole: patterns take no other for a step. */
const tellsNoResolution: IsAlike = ({ value, decimals }, known) =>
  known === 0 ? decimals === 0 : value !== 0 || decimals < 2;

/** Another digit changes neither where a record begins nor whether a rank is named before it. */
function hasSameButDigits({ codes, text }: CodedText, source: CodedText, start: number): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const [known, code] = [codes[at] ?? 0, source.codes[start + at] ?? 0];
    if (known !== code && !(isDigit(known) && isDigit(code))) {
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
  // A norm that cannot be read is a problem of each line.
  const isUnread = ({ name, printed }: Pair): boolean =>
    parseNumber(printed) === undefined && !isMissing(printed) && isMetric(rows.meaningOf(name).key);
  if (!hasStep || scope !== "" || dialect.percentages !== undefined || pairs.some(isUnread)) {
    return null;
  }
  const layout = matcher.layoutOf(line, anchor.index, tokens);
  const meanings = tokens.map(({ name }) => (name === "" || isStepName(name) ? undefined : rows.meaningOf(name)));
  const prefix = codedText(line.slice(0, anchor.index));
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
