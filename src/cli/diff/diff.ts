import process from "node:process";
import { reviewComparison } from "#analysis/checkpoints/review.ts";
import { stepsBetween } from "#analysis/checkpoints/stepsBetween.ts";
import { SEVERITIES, isAtLeast } from "#core/rules.ts";
import { toJson } from "#core/json.ts";
import { compareCheckpoints } from "#worker/pairs/compareCheckpoints.ts";
import { toDocument } from "./diffDocument.ts";
import { toText } from "./diffText.ts";
import { createProgressLine } from "../text/progressLine.ts";
import { oneOf, parseCommand, parseThreads, UsageError } from "../usage.ts";
import { printable, printableLines } from "../text/terminalText.ts";

export const DIFF_OPTIONS = {
  json: { type: "boolean" },
  steps: { type: "string" },
  threads: { type: "string" },
  "fail-on": { type: "string" },
} as const;

export async function runDiff(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, paths } = parseCommand(args, DIFF_OPTIONS);
  const [before, after, ...others] = paths;
  if (before === undefined || after === undefined || others.length > 0) {
    throw new UsageError("diff takes two checkpoints, the earlier one first");
  }
  const given = parseSteps(values.steps);
  const failOn = oneOf("fail-on", values["fail-on"], SEVERITIES);
  const threads = parseThreads(values.threads);
  const line = createProgressLine(process.stderr, () => performance.now());
  const comparison = await compareCheckpoints(before, after, { threads, signal, onProgress: line.show }).finally(
    line.erase,
  );
  const steps = stepsBetween({ given, paths: [before, after], comparison });
  const review = reviewComparison(comparison, steps?.count ?? null);
  comparison.notes.forEach((note) => process.stderr.write(`${printable(note)}\n`));
  const compared = { paths: [before, after], comparison, steps, review } as const;
  process.stdout.write(
    values.json === true ? `${toJson(toDocument(compared), 2)}\n` : printableLines(toText(compared)),
  );
  return failOn !== undefined && review.findings.some(({ severity }) => isAtLeast(severity, failOn)) ? 1 : 0;
}

function parseSteps(steps: string | undefined): number | undefined {
  const count = Number(steps);
  if (steps !== undefined && (!Number.isInteger(count) || count < 1)) {
    throw new UsageError(`--steps ${steps}: must be a whole number from 1 on`);
  }
  return steps === undefined ? undefined : count;
}
