import { numberOrNullIn, readCarry } from "../shared/carry.ts";
import { parseNumber } from "../shared/numbers.ts";
import { createProblemList } from "#core/problems.ts";
import type { ParsedLog, ParseStart, TextReader } from "../reader.ts";
import { createRowCollector } from "../shared/rows.ts";
import type { RowCollector } from "../shared/rows.ts";
import { forEachCleanLine } from "./cleanLines.ts";
import { countAnchors } from "./count.ts";
import { addThresholds } from "./thresholdLines.ts";

/**
 * What DeepSpeed's engine says itself: learning rates, skipped steps and loss scales. It prints no gradient norm, so a
 * log is read like this only when nothing else in it is known.
 */
export const deepspeed: TextReader = {
  format: "deepspeed",
  growth: "byLines",
  recognises: ({ text }) => countRecords(text) > 0,
  countRecords,
  parse,
};

const STEP = /\[Rank (\d+)\] step=(\d{1,15}), skipped=(\d+), lr=\[([^\]]*)\]/g;
// Overflow lines have no step. `Rank 0` says all of them: others repeat it.
const OVERFLOW =
  /OVERFLOW! (?:Rank (\d+) )?Skipping step\.(?: Attempted loss scale: ([\d.e+]+), (?:but .* )?reducing to ([\d.e+]+))?/;

function countRecords(text: string): number {
  return countAnchors(text, { hint: "[Rank ", anchor: STEP });
}

/** Steps that are known to have been made: at the last line with a step, and one for each overflow since. */
interface Progress {
  step: number;
}

function parse(text: string, { firstLine, carry }: ParseStart): ParsedLog {
  const rows = createRowCollector("deepspeed");
  const problems = createProblemList();
  const progress: Progress = { step: numberOrNullIn(readCarry(carry), "step") ?? 0 };
  forEachCleanLine(text, firstLine, (line, number) => {
    const steps = line.includes("step=") ? [...line.matchAll(STEP)] : [];
    for (const match of steps) {
      addStep(match, number, { progress, rows });
    }
    const overflow = line.includes("OVERFLOW!") ? OVERFLOW.exec(line) : null;
    if (overflow !== null) {
      addOverflow(overflow, number, { progress, rows });
    } else if (steps.length === 0) {
      addThresholds(line, number, rows);
    }
  });
  return { ...rows.finish(), carry: JSON.stringify(progress), problems: problems.finish() };
}

interface EngineContext {
  readonly progress: Progress;
  readonly rows: RowCollector;
}

function addStep([, rank, step, skipped, rates = ""]: RegExpExecArray, line: number, context: EngineContext): void {
  if (rank !== "0") {
    return;
  }
  const { progress, rows } = context;
  progress.step = Number(step);
  const at = { step: progress.step, line };
  // The engine counts from the start of the run; it is no skip of this step.
  rows.addValue(rows.meaningOf("total skipped"), at, Number(skipped));
  for (const [group, printed] of rates.split(",").entries()) {
    const rate = parseNumber(printed);
    if (rate !== undefined) {
      rows.addValue(rows.meaningOf(group === 0 ? "lr" : `lr_${group}`), at, rate);
    }
  }
}

function addOverflow([, rank, , reduced]: RegExpExecArray, line: number, { progress, rows }: EngineContext): void {
  if (rank !== undefined && rank !== "0") {
    return;
  }
  progress.step += 1;
  const at = { step: progress.step, line };
  rows.addValue(rows.meaningOf("skipped"), at, 1);
  const scale = parseNumber(reduced ?? "");
  if (scale !== undefined) {
    rows.addValue(rows.meaningOf("loss scale"), at, scale);
  }
}
