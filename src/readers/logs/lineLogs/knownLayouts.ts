import { isMissing, parseNumber } from "../shared/numbers.ts";
import { createProblemList } from "#core/problems.ts";
import { isMetric, rowMeanings } from "../shared/rows.ts";
import type { RowCollector, RowMeanings } from "../shared/rows.ts";
import { createKnownLines } from "../shared/knownLines.ts";
import type { LikeLines, PassKnownLines } from "../shared/knownLines.ts";
import { LIKENESS } from "../shared/layout.ts";
import type { LineLayout, Token } from "../shared/layout.ts";
import type { Dialect } from "./dialect.ts";
import type { Pair } from "./pairs.ts";
import type { LineSample } from "./lineRecord.ts";
import { rankPlaceIn } from "./rankIn.ts";
import type { RankSorter } from "./ranks.ts";
import { createRecordReader } from "./recordReader.ts";
import type { Reading, RecordReader } from "./recordReader.ts";

/** Reads lines that differ from one before in their numbers only, which most lines of a log do. */
export interface KnownLayouts {
  /** Adds lines, up to one that must be read by the dialect's patterns. */
  readonly pass: PassKnownLines;
  /** Learns from how the last line was read. */
  readonly learn: () => void;
}

interface KnownLine {
  readonly rank: string | null;
  readonly meanings: RowMeanings;
}

interface LayoutContext {
  readonly rows: RowCollector;
  readonly sorter: RankSorter;
  readonly reader: RecordReader;
}

export function createKnownLayouts(dialect: Dialect, { rows, sorter, reader }: LayoutContext): KnownLayouts {
  const likeness = dialect.hasFixedDecimals ? LIKENESS.withAsManyDecimals : LIKENESS.asFinely;
  const known = createKnownLines<KnownLine>(likeness, take);
  const last = { text: "", number: 0 };

  function take({ rank, meanings }: KnownLine, lines: LikeLines): number {
    const before = reader.isWaiting() ? null : sorter.stepBeforeNext(rank);
    const count = before === null ? 0 : countNext(lines, meanings.stepAt, before);
    if (count > 0) {
      rows.addRows(count === lines.count ? lines : { ...lines, count }, meanings);
      last.text = lines.textOf(count - 1);
      last.number = lines.firstLine + count - 1;
      sorter.noteNext(lines.values[(count - 1) * lines.width + meanings.stepAt] ?? Number.NaN, readLast);
    }
    return count;
  }

  /** By the patterns, without a trace: only what the last line says is asked for. */
  function readLast(): { readonly samples: readonly LineSample[] } {
    const line = last.text.replace(/\r?\n$/, "");
    const context = { rows, problems: createProblemList(), earlier: undefined };
    return createRecordReader(dialect, context).readLine(line, last.number)[0] ?? { samples: [] };
  }

  return {
    pass: known.pass,
    learn() {
      const reading = reader.lastReading();
      if (reading !== null && known.beginLesson()) {
        learnFrom(reading, { dialect, rows, learn: known.learn });
      }
    },
  };
}

/** How many of the lines have a step, and not that of the line before. Others need the patterns, to tell what is wrong. */
function countNext({ values, width, count }: LikeLines, stepAt: number, stepBefore: number): number {
  let before = stepBefore;
  for (let line = 0; line < count; line += 1) {
    const step = values[line * width + stepAt] ?? Number.NaN;
    if (!(step >= 0 && step < Infinity) || step === before || Object.is(step, -0)) {
      return line;
    }
    before = step;
  }
  return count;
}

interface LearnContext {
  readonly dialect: Dialect;
  readonly rows: RowCollector;
  readonly learn: (layout: LineLayout, line: KnownLine) => void;
}

/** Nothing from a line whose values need more than a plain number. */
function learnFrom(reading: Reading, { dialect, rows, learn }: LearnContext): void {
  const { line, anchor, pairs, rank, scope } = reading;
  const isStepName = (name: string): boolean => dialect.stepNames?.includes(name) === true;
  const tokens = [...stepTokenOf(anchor), ...pairs.filter(({ printed }) => parseNumber(printed) !== undefined)];
  // A value with a name for the step counts before what the anchor says.
  const named = tokens.findIndex(({ name }) => isStepName(name));
  const hasStep = named >= 0 || anchor.groups?.["step"] !== undefined;
  // A norm that cannot be read is a problem of each line.
  const isUnread = ({ name, printed }: Pair): boolean =>
    parseNumber(printed) === undefined && !isMissing(printed) && isMetric(rows.meaningOf(name).key);
  const isPlain = hasStep && scope === "" && dialect.percentages === undefined && isOneRecord(line, tokens, dialect);
  if (!isPlain || pairs.some(isUnread)) {
    return;
  }
  const samples = tokens.flatMap(({ name }, at) =>
    name === "" || isStepName(name) ? [] : [[at, rows.meaningOf(name)] as const],
  );
  const meanings = rowMeanings(Math.max(named, 0), samples);
  // Another digit changes neither where a record begins nor, but in the rank's place, which rank is named before it.
  const fixed = rankPlaceIn(line.slice(0, anchor.index));
  learn({ line, tokens, recordAt: anchor.index, fixed }, { rank, meanings });
}

/** Whether it is one whatever its numbers are: `step:-1` in it begins no record, and `step:1` would. */
function isOneRecord(line: string, tokens: readonly Token[], { anchor }: Dialect): boolean {
  const starts = [0, ...tokens.map(({ end }) => end)];
  const between = starts.map((start, index) => line.slice(start, tokens[index]?.start));
  return Array.from(between.join("1").matchAll(anchor)).length === 1;
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
