import { readCarry } from "./carry.ts";
import { forEachCleanLine } from "./lineLogs/cleanLines.ts";
import type { LineRecord, LineSample } from "./lineLogs/lineRecord.ts";
import { rankIn } from "./lineLogs/rankIn.ts";
import { createRankSorter } from "./lineLogs/ranks.ts";
import { createSampleSink } from "./lineLogs/sampleSink.ts";
import { addThresholds } from "./lineLogs/thresholdLines.ts";
import { isMissing, parseNumber, printedResolution } from "./numbers.ts";
import { createProblemList } from "./problems.ts";
import type { ProblemList } from "./problems.ts";
import type { ParsedLog, ParseStart, TextReader } from "./reader.ts";
import { createRowCollector, isMetric } from "./rows.ts";
import type { RowCollector } from "./rows.ts";
import { parseStep } from "./steps.ts";
import { whyTooSlow } from "./slowPatterns.ts";

export interface CustomReader {
  /** Null when no pattern can be used. */
  readonly reader: TextReader | null;
  /** One sentence for each pattern that cannot be used. */
  readonly problems: readonly string[];
}

// The longest line a user's pattern is tried on. The setting's description says so.
export const MAX_CUSTOM_LINE_LENGTH = 10_000;

/**
 * A reader made of the user's own patterns (setting `gradlens.parsing.customPatterns`). Named groups say what is what:
 * `step`, and `value` for the global gradient norm, or any other names for series of these names. Of several patterns
 * the first that matches reads the line.
 */
export function customReader(patterns: readonly string[]): CustomReader {
  const compiled = patterns.map((source, index) => compile(source, index + 1));
  const usable = compiled.filter((pattern) => typeof pattern !== "string");
  const problems = compiled.filter((pattern) => typeof pattern === "string");
  return { reader: usable.length === 0 ? null : createReader(usable), problems };
}

function createReader(patterns: readonly RegExp[]): TextReader {
  const countRecords = (text: string): number => {
    let count = 0;
    forEachCleanLine(text, 0, (source, { start, end }) => {
      count += matchOf(source.slice(start, end), patterns) === undefined ? 0 : 1;
    });
    return count;
  };
  return {
    format: "custom",
    growth: "byLines",
    recognises: ({ text }) => countRecords(text) > 0,
    parse: (text, start) => parse(patterns, text, start),
  };
}

/** The pattern, or what is wrong with it. */
function compile(source: string, position: number): RegExp | string {
  const named = `Pattern ${position} of gradlens.parsing.customPatterns`;
  const reason = whyTooSlow(source);
  if (reason !== null) {
    return `${named} is not used: ${reason}`;
  }
  let pattern: RegExp;
  try {
    pattern = new RegExp(source);
  } catch (error) {
    return `${named} is not used: ${error instanceof Error ? error.message : String(error)}`;
  }
  const groups = groupNames(source);
  if (!groups.includes("step")) {
    return `${named} is not used: it has no group (?<step>…), which must match the step.`;
  }
  return groups.length > 1
    ? pattern
    : `${named} is not used: beside (?<step>…) it needs (?<value>…) or a group with a series' name.`;
}

function groupNames(source: string): string[] {
  return Array.from(source.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g), ([, name = ""]) => name);
}

function matchOf(line: string, patterns: readonly RegExp[]): Readonly<Record<string, string | undefined>> | undefined {
  if (line.length > MAX_CUSTOM_LINE_LENGTH) {
    return undefined;
  }
  for (const pattern of patterns) {
    const groups = pattern.exec(line)?.groups;
    if (groups !== undefined) {
      return groups;
    }
  }
  return undefined;
}

function parse(patterns: readonly RegExp[], text: string, { firstLine, carry }: ParseStart): ParsedLog {
  const rows = createRowCollector("custom");
  const problems = createProblemList();
  const sorter = createRankSorter(readCarry(carry)["ranks"], createSampleSink(rows).add);
  forEachCleanLine(text, firstLine, (source, { start, end, number }) => {
    const line = source.slice(start, end);
    const groups = matchOf(line, patterns);
    if (groups === undefined) {
      addThresholds(line, number, rows);
      return;
    }
    const record = recordOf(groups, { line, number, rows, problems });
    if (record !== undefined) {
      sorter.sort(record);
    }
  });
  return { ...rows.finish(), carry: JSON.stringify({ ranks: sorter.state() }), problems: problems.finish() };
}

interface LineContext {
  readonly line: string;
  readonly number: number;
  readonly rows: RowCollector;
  readonly problems: ProblemList;
}

type Groups = Readonly<Record<string, string | undefined>>;

function recordOf({ step: printedStep, ...groups }: Groups, context: LineContext): LineRecord | undefined {
  const { line, number, problems } = context;
  const step = parseStep(printedStep) ?? parseNumber(printedStep ?? "");
  if (step === undefined || !Number.isFinite(step)) {
    problems.add(number, `The pattern's step matched ${JSON.stringify(printedStep ?? "")}, which is no number.`);
    return undefined;
  }
  const samples = Object.entries(groups).flatMap(([name, printed]) => sampleOf(name, printed, context));
  return samples.length === 0 ? undefined : { step, rank: rankIn(line), line: number, samples };
}

function sampleOf(group: string, printed: string | undefined, { number, rows, problems }: LineContext): LineSample[] {
  if (printed === undefined || isMissing(printed)) {
    return [];
  }
  const name = group === "value" ? "grad_norm" : group;
  const value = parseNumber(printed);
  if (value === undefined) {
    problems.add(number, `The pattern's ${group} matched ${JSON.stringify(printed.slice(0, 80))}, which is no number.`);
    return [];
  }
  const resolution = value === 0 ? printedResolution(printed) : undefined;
  return [{ name, value, isMetric: isMetric(rows.meaningOf(name).key), resolution }];
}
