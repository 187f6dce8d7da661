import { t } from "@vscode/l10n";
import { numberOrNullIn, readCarry } from "../shared/carry.ts";
import { isMissing, parseNumber, printedResolution } from "../shared/numbers.ts";
import { createProblemList } from "#core/problems.ts";
import type { ProblemList } from "#core/problems.ts";
import type { ParsedLog, ParseStart, TextReader } from "../reader.ts";
import { createRowCollector, isMetric } from "../shared/rows.ts";
import type { RowCollector } from "../shared/rows.ts";
import { forEachCleanLine } from "./cleanLines.ts";
import { countAnchors } from "./count.ts";
import { addThresholds } from "./thresholdLines.ts";

/** OLMo and OLMo-core: `[step=100/739328,epoch=0]`, and below it a line `    name=value` for each value. */
export const olmo: TextReader = {
  format: "olmo",
  growth: "byLines",
  recognises: ({ text }) => countRecords(text) > 0,
  countRecords,
  parse,
  carryFarOn: () => "", // A record has its step in its first line.
};

const HEADER = /\[step=(\d{1,15})(?:\/\d+)?(?:,[^\]]{0,100})?\]/g;
// Names have spaces: `optim/total grad norm`, `optim/LR (group 0)`. Some loggers repeat their prefix before the indent.
const VALUE = /(?:^|\s)\s{3,}([^\s=][^=]*)=(\S+)\s*$/;
const MAX_VALUE_LINE = 2000;

function countRecords(text: string): number {
  return countAnchors(text, { hint: "[step=", anchor: HEADER });
}

function parse(text: string, { firstLine, carry }: ParseStart): ParsedLog {
  const rows = createRowCollector("olmo");
  const problems = createProblemList();
  let step = numberOrNullIn(readCarry(carry), "step");
  forEachCleanLine(text, firstLine, (whole, number) => {
    const line = whole.slice(0, MAX_VALUE_LINE);
    const header = [...line.matchAll(HEADER)].at(-1);
    if (header !== undefined) {
      step = Number(header[1]);
      return;
    }
    const [, name, printed] = step === null ? [] : (VALUE.exec(line) ?? []);
    if (step === null || name === undefined || printed === undefined) {
      // A record ends with the first line that is not part of it.
      step = null;
      addThresholds(line, number, rows);
      return;
    }
    addValue({ name, printed, step, line: number }, rows, problems);
  });
  return { ...rows.finish(), carry: JSON.stringify({ step }), problems: problems.finish() };
}

interface PrintedValue {
  readonly name: string;
  readonly printed: string;
  readonly step: number;
  readonly line: number;
}

function addValue({ name, printed, step, line }: PrintedValue, rows: RowCollector, problems: ProblemList): void {
  const meaning = rows.meaningOf(name.trim());
  const value = parseNumber(printed);
  if (value !== undefined) {
    rows.addValue(meaning, { step, line }, value);
    meaning.column.noteResolution(value === 0 ? (printedResolution(printed) ?? 0) : 0);
  } else if (isMetric(meaning.key) && !isMissing(printed)) {
    problems.add(line, t("{0}: {1} is no number.", name, printed.slice(0, 80)));
  }
}
