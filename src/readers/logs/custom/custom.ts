import { t } from "@vscode/l10n";
import { readCarry } from "../shared/carry.ts";
import { compilePattern } from "./pattern.ts";
import { forEachCleanLine } from "../lineLogs/cleanLines.ts";
import type { LineRecord, LineSample } from "../lineLogs/lineRecord.ts";
import { rankIn } from "../lineLogs/rankIn.ts";
import { createRankSorter } from "../lineLogs/ranks.ts";
import { ranksFarOn } from "../lineLogs/rankState.ts";
import { createSampleSink } from "../lineLogs/sampleSink.ts";
import { addThresholds } from "../lineLogs/thresholdLines.ts";
import { isMissing, parseNumber, printedResolution } from "../shared/numbers.ts";
import { createProblemList } from "#core/problems.ts";
import type { ProblemList } from "#core/problems.ts";
import type { ParsedLog, ParseStart, TextReader } from "../reader.ts";
import { createRowCollector, isMetric } from "../shared/rows.ts";
import type { RowCollector } from "../shared/rows.ts";
import { parseStep } from "../shared/steps.ts";
import { isDoneWithin } from "./withinTime.ts";

// The longest line a user's pattern is tried on. The setting's description says so.
const MAX_CUSTOM_LINE_LENGTH = 10_000;

// Patterns that are not slow read a batch of 8 MB in a fraction of a second, and a head of 256 KiB in some milliseconds.
const BATCH_LIMIT_MS = 3000;
const HEAD_LIMIT_MS = 500;

/**
 * A reader made of the user's own patterns (setting `gradlens.parsing.customPatterns`); null when none of them can be used.
 * Named groups say what is what: `step`, and `value` for the global gradient norm, or any other names for series of these
 * names. Of several patterns the first that matches reads the line. What is wrong with patterns, `checkPatterns` tells.
 */
export function customReader(patterns: readonly string[]): TextReader | null {
  const usable = patterns.map(compilePattern).filter((pattern) => typeof pattern !== "string");
  return usable.length === 0 ? null : createReader(usable);
}

function createReader(patterns: readonly RegExp[]): TextReader {
  return {
    format: "custom",
    growth: "byLines",
    recognises: ({ text }) => hasMatch(text, patterns),
    parse: (text, start) => parse(patterns, text, start),
    carryFarOn: ranksFarOn,
  };
}

function hasMatch(text: string, patterns: readonly RegExp[]): boolean {
  let isFound = false;
  isDoneWithin(HEAD_LIMIT_MS, () => {
    forEachCleanLine(text, 0, (line) => {
      isFound ||= matchOf(line, patterns) !== undefined;
    });
  });
  return isFound;
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

function describeTooSlow(): string {
  return t(
    "The patterns of gradlens.parsing.customPatterns take too long here; this line and those read with it are left out.",
  );
}

function parse(patterns: readonly RegExp[], text: string, { firstLine, carry }: ParseStart): ParsedLog {
  const rows = createRowCollector("custom");
  const problems = createProblemList();
  const sorter = createRankSorter(readCarry(carry)["ranks"], createSampleSink(rows).add);
  let lastLine = firstLine;
  const readLines = (): void =>
    forEachCleanLine(text, firstLine, (line, number) => {
      lastLine = number;
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
  if (!isDoneWithin(BATCH_LIMIT_MS, readLines)) {
    problems.add(lastLine, describeTooSlow());
  }
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
    problems.add(number, t("The pattern's step matched {0}, which is no number.", JSON.stringify(printedStep ?? "")));
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
    problems.add(
      number,
      t("The pattern's {0} matched {1}, which is no number.", group, JSON.stringify(printed.slice(0, 80))),
    );
    return [];
  }
  const resolution = value === 0 ? printedResolution(printed) : undefined;
  return [{ name, value, isMetric: isMetric(rows.meaningOf(name).key), resolution }];
}
