import type { SeriesKey } from "#core/series.ts";
import { readCarry } from "../shared/carry.ts";
import { NUMBER, parseNumber, printedResolution } from "../shared/numbers.ts";
import { createProblemList } from "#core/problems.ts";
import type { ParsedLog, ParseStart, TextReader } from "../reader.ts";
import { createRowCollector, isMetric } from "../shared/rows.ts";
import type { RowCollector } from "../shared/rows.ts";
import { findStep } from "../shared/steps.ts";
import { forEachCleanLine } from "./cleanLines.ts";
import { pairsIn } from "./pairs.ts";
import type { Pair } from "./pairs.ts";
import type { LineRecord } from "./lineRecord.ts";
import { rankIn } from "./rankIn.ts";
import { createRankSorter } from "./ranks.ts";
import { ranksFarOn } from "./rankState.ts";
import { createSampleSink } from "./sampleSink.ts";
import { addThresholds } from "./thresholdLines.ts";

/** Lines of nobody in particular that hold a step and a gradient norm, as `key: number`, `key=number` or `key number`. */
export const keyValueLines: TextReader = {
  format: "keyValueLines",
  growth: "byLines",
  recognises: ({ text }) => countRecords(text) > 0,
  countRecords,
  parse,
  carryFarOn: ranksFarOn,
};

const NAME = String.raw`(?:(?:total|global|gradient|grad) ){1,2}norm|[A-Za-z_][\w./-]*`;
const PAIR = new RegExp(String.raw`(?<![\w./-])(${NAME})["']?(?:\s*[:=]\s*|\s+)["']?(${NUMBER})(?!\w|:\d)`, "gi");
const NORM_WORD = /norm/i;
const MAX_LENGTH = 10_000;
// A single line may be an example in a text.
const MIN_RECORDS = 2;

function countRecords(text: string): number {
  const rows = createRowCollector("keyValueLines");
  let count = 0;
  forEachCleanLine(text, 0, (line, number) => {
    const record = recordOf(line, number, rows);
    count += record === undefined ? 0 : 1;
  });
  return count < MIN_RECORDS ? 0 : count;
}

function parse(text: string, { firstLine, carry }: ParseStart): ParsedLog {
  const rows = createRowCollector("keyValueLines");
  const sorter = createRankSorter(readCarry(carry)["ranks"], createSampleSink(rows).add);
  forEachCleanLine(text, firstLine, (line, number) => {
    const record = recordOf(line, number, rows);
    if (record === undefined) {
      addThresholds(line, number, rows);
    } else {
      sorter.sort(record);
    }
  });
  const problems = createProblemList().finish();
  return { ...rows.finish(), carry: JSON.stringify({ ranks: sorter.state() }), problems };
}

/** Undefined for a line without a step or without a norm: most lines that speak of either speak to people. */
function recordOf(line: string, number: number, rows: RowCollector): LineRecord | undefined {
  if (line.length > MAX_LENGTH || !NORM_WORD.test(line)) {
    return undefined;
  }
  const pairs = withoutOtherNorms(pairsIn(line, 0, PAIR));
  const values = new Map(pairs.map(({ name, printed }) => [name.toLowerCase(), printed]));
  const found = findStep(Object.fromEntries(values), null);
  const samples = pairs.filter(({ name }) => name.toLowerCase() !== found?.key).flatMap((pair) => sampleOf(pair, rows));
  const hasNorm = samples.some(({ name }) => isGradientNorm(rows.meaningOf(name).key));
  if (found === undefined || !hasNorm) {
    return undefined;
  }
  return { step: found.step, rank: rankIn(line.slice(0, pairs[0]?.start)), line: number, samples };
}

/** `norm` alone may be of anything; beside a loss and what else a trainer prints it is the gradient's. */
function withoutOtherNorms(pairs: readonly Pair[]): readonly Pair[] {
  const names = new Set(pairs.map(({ name }) => name.toLowerCase()));
  const isTrainers = names.has("loss") && ["lr", "dt", "tok/sec"].some((name) => names.has(name));
  const isOnlyNorm = ![...names].some((name) => name !== "norm" && name.includes("norm"));
  return isTrainers && isOnlyNorm ? pairs : pairs.filter(({ name }) => name.toLowerCase() !== "norm");
}

function isGradientNorm({ kind }: SeriesKey): boolean {
  return kind === "globalNorm" || kind === "tensorNorm";
}

function sampleOf({ name, printed }: Pair, rows: RowCollector): LineRecord["samples"] {
  const value = parseNumber(printed);
  if (value === undefined) {
    return [];
  }
  // Only a zero shows that digits were cut off.
  const resolution = value === 0 ? printedResolution(printed) : undefined;
  return [{ name, value, isMetric: isMetric(rows.meaningOf(name).key), resolution }];
}
