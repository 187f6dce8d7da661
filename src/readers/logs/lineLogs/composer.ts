import { t } from "@vscode/l10n";
import { numberOrNullIn, readCarry } from "../shared/carry.ts";
import { isMissing, parseNumber, printedResolution } from "../shared/numbers.ts";
import { createProblemList } from "#core/problems.ts";
import type { ProblemList } from "#core/problems.ts";
import type { ParsedLog, ParseStart, TextReader } from "../reader.ts";
import { createRowCollector, isMetric } from "../shared/rows.ts";
import type { RowCollector } from "../shared/rows.ts";
import { parseStep } from "../shared/steps.ts";
import { forEachCleanLine } from "./cleanLines.ts";
import { countAnchors } from "./count.ts";
import { addThresholds } from "./thresholdLines.ts";

/**
 * Composer. Its console logger prints `[epoch=1][batch=20/20]:`, and below it a line `	 Train l2_norm/grad/global: 0.4550` for
 * each value; its file logger `[metric][batch=20]: l2_norm/grad/global: 0.4550`.
 */
export const composer: TextReader = {
  format: "composer",
  growth: "byLines",
  recognises: ({ text }) => countRecords(text) > 0,
  countRecords,
  parse,
  carryFarOn: () => "", // A record has its step in its first lines.
};

// How long a training is says which of its clocks is printed: epochs with their batches, or one of the others alone.
const HEADER =
  /(?:\[epoch=(?<epoch>\d{1,15})\])?\[(?<unit>batch|sample|token|iteration)=(?<at>\d{1,15})(?:\/(?<of>\d{1,15}))?\]:\s*$/;
const BLOCK_VALUE = /(?:^|\t) ?(?:Train|Eval) (?<name>\S{1,500}): (?<printed>\S{1,80})\s*$/;
const FILE_VALUE = /^\[metric\]\[batch=(?<batch>\d{1,15})\]: (?<name>\S{1,500}): (?<printed>\S{1,80})\s*$/;
const RECORD = new RegExp(String.raw`${HEADER.source}|\[metric\]\[batch=\d+\]: `, "g");
// What the file logger copies from a console, it has as values of its own too.
const COPIED = /^\[std(?:out|err)\]: /;
const MAX_LINE = 2000;

function countRecords(text: string): number {
  return countAnchors(text, { hint: "=", anchor: RECORD });
}

function parse(text: string, { firstLine, carry }: ParseStart): ParsedLog {
  const rows = createRowCollector("composer");
  const problems = createProblemList();
  let step = numberOrNullIn(readCarry(carry), "step");
  forEachCleanLine(text, firstLine, (line, number) => {
    const header = HEADER.exec(line);
    const value = valueIn(line);
    if (header !== null && !COPIED.test(line)) {
      step = stepOf(header);
    } else if (value === undefined) {
      addThresholds(line, number, rows);
    } else {
      step ??= stepByClock(value);
      addValue(value, { step: value.batch ?? step, line: number }, { rows, problems });
    }
  });
  return { ...rows.finish(), carry: JSON.stringify({ step }), problems: problems.finish() };
}

interface PrintedValue {
  readonly name: string;
  readonly printed: string;
  /** Where the line itself tells it. */
  readonly batch: number | null;
}

function valueIn(line: string): PrintedValue | undefined {
  if (line.length > MAX_LINE || COPIED.test(line)) {
    return undefined;
  }
  const { batch, name, printed } = (FILE_VALUE.exec(line) ?? BLOCK_VALUE.exec(line))?.groups ?? {};
  return name === undefined || printed === undefined
    ? undefined
    : { name, printed, batch: batch === undefined ? null : Number(batch) };
}

/** Of the batch that is done; the clock still shows how many were before it. */
function stepByClock({ name, printed }: PrintedValue): number | null {
  const batchesBefore = name === "time/batch" ? parseStep(printed) : undefined;
  return batchesBefore === undefined ? null : batchesBefore + 1;
}

/** Null where only the line `time/batch` tells it: other clocks do not count steps, nor does an epoch of unknown length. */
function stepOf({ groups: { epoch, unit, at, of } = {} }: RegExpExecArray): number | null {
  if (unit !== "batch") {
    return null;
  }
  if (epoch === undefined) {
    return Number(at);
  }
  return of === undefined ? null : (Number(epoch) - 1) * Number(of) + Number(at);
}

interface ValueAt {
  readonly step: number | null;
  readonly line: number;
}

interface Found {
  readonly rows: RowCollector;
  readonly problems: ProblemList;
}

function addValue({ name, printed }: PrintedValue, { step, line }: ValueAt, { rows, problems }: Found): void {
  const meaning = rows.meaningOf(name);
  const value = parseNumber(printed);
  if (value !== undefined && step !== null) {
    rows.addValue(meaning, { step, line }, value);
    meaning.column.noteResolution(printedResolution(printed) ?? 0);
  } else if (value === undefined && isMetric(meaning.key) && !isMissing(printed)) {
    problems.add(line, t("{0}: {1} is no number.", name, printed));
  }
}
