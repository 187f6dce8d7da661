import { t } from "@vscode/l10n";
import type { Fields } from "../shared/fields.ts";
import { withoutEscapes } from "../lineLogs/cleanLines.ts";
import { forEachLine } from "../shared/lines.ts";
import { createProblemList } from "#core/problems.ts";
import type { ProblemList } from "#core/problems.ts";
import { readProgress, seeBar, seeTrainingRow } from "./progressBars.ts";
import type { Progress } from "./progressBars.ts";
import { isTrainingRow, parsePythonDict, PYTHON_DICT } from "./pythonDict.ts";
import type { TextReader, ParsedLog, ParseStart } from "../reader.ts";
import { createRowCollector } from "../shared/rows.ts";
import type { RowCollector } from "../shared/rows.ts";
import { byEpochs, parseStep } from "../shared/steps.ts";

/** The console of Hugging Face's Trainer: dicts without a step, progress bars that have one. */
export const huggingFaceConsole: TextReader = {
  format: "huggingFaceConsole",
  growth: "byLines",
  recognises: ({ text }) => countRecords(text) > 0,
  countRecords,
  parse,
  // Training's own bar is known by its total. Where it stands, the next one tells.
  carryFarOn(carry) {
    const { total, isByEpoch } = readProgress(carry);
    return JSON.stringify({ total, isByEpoch, told: 1 });
  },
};

// Bounded, so that a text of unclosed braces is judged in time.
const DICT_OF_METRICS = /\{[^{}\n]{0,4000}'(?:loss|grad_norm|train_loss|eval_loss)':[^{}\n]{0,4000}\}/g;

function countRecords(text: string): number {
  return text.includes("'epoch':") ? [...text.matchAll(DICT_OF_METRICS)].length : 0;
}

function parse(text: string, { firstLine, carry }: ParseStart): ParsedLog {
  const rows = createRowCollector();
  const problems = createProblemList();
  const progress = readProgress(carry);
  forEachLine(text, firstLine, (line, number) => {
    parseLine(withoutEscapes(line), { number, progress, rows, problems });
  });
  const { chunks, clipThreshold } = rows.finish();
  return {
    chunks: progress.isByEpoch === null ? chunks : chunks.map(byEpochs),
    clipThreshold,
    carry: JSON.stringify(progress),
    problems: problems.finish(),
  };
}

// A bar begins the line or follows a carriage return or a rank's prefix; one with a title (`Map: 5%|`) is not training's.
// Longer numbers are no steps.
const BAR = String.raw`(?:^|[\r\]>]:?)[ \t]*\d+%\|[^|\r]*\|[ \t]*(\d{1,15})/(\d{1,15}) \[(?:[^\],\r\n]*, *([\d.]+)(it/s|s/it))?`;
// The bar is erased before a row is written, and drawn again below it.
const ERASED = /\r *\r$/;
const THRESHOLD = String.raw`\bmax_grad_norm['"]?[ ]*[=:][ ]*([\d.e+-]+)`;
const BAR_DICT_OR_THRESHOLD = new RegExp(`${BAR}|(${PYTHON_DICT})|${THRESHOLD}`, "g");

interface LineContext {
  readonly number: number;
  readonly progress: Progress;
  readonly rows: RowCollector;
  readonly problems: ProblemList;
}

function parseLine(line: string, context: LineContext): void {
  for (const match of line.matchAll(BAR_DICT_OR_THRESHOLD)) {
    const [, step, total, rate, unit, dict, threshold] = match;
    if (step !== undefined && total !== undefined) {
      seeBar(context.progress, { step: Number(step), total: Number(total), stepsPerSecond: perSecond(rate, unit) });
    } else if (dict !== undefined) {
      addDict(parsePythonDict(dict), { ...context, isDrawnBelow: ERASED.test(line.slice(0, match.index)) });
    } else {
      const fields = { max_grad_norm: Number(threshold) };
      context.rows.addRow(fields, { step: undefined, line: context.number }, null);
    }
  }
}

function perSecond(rate: string | undefined, unit: string | undefined): number | null {
  return rate === undefined ? null : unit === "s/it" ? 1 / Number(rate) : Number(rate);
}

interface DictContext extends LineContext {
  readonly isDrawnBelow: boolean;
}

function addDict(fields: Fields, { number, progress, rows, problems, isDrawnBelow }: DictContext): void {
  if (isTrainingRow(fields)) {
    seeTrainingRow(progress, isDrawnBelow);
  }
  const epoch = parseStep(fields["epoch"]);
  if (progress.step === null && progress.told === null && epoch !== undefined) {
    progress.isByEpoch = 1; // Standard output alone has no bars.
  }
  const isByEpoch = progress.isByEpoch !== null;
  const step = isByEpoch ? epoch : (progress.step ?? undefined);
  if (step !== undefined) {
    rows.addRow(fields, { step, line: number }, isByEpoch ? "epoch" : null);
  } else if (progress.told === null && Object.keys(fields).length > 0) {
    progress.told = 1;
    problems.add(number, t("No progress bar (`10/500 [`) stands before this line, so its step is unknown."));
  }
}
