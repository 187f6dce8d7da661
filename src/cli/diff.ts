import process from "node:process";
import { reviewComparison } from "#analysis/checkpoints/review.ts";
import { stepsBetween } from "#analysis/checkpoints/stepsBetween.ts";
import type { CheckpointFinding } from "#core/checkpointFinding.ts";
import type { Severity } from "#core/rules.ts";
import { toJson } from "#core/json.ts";
import { compareCheckpoints } from "#worker/pairs/compareCheckpoints.ts";
import { toDocument } from "./diffDocument.ts";
import { toText } from "./diffText.ts";
import { createProgressLine } from "./progressLine.ts";
import { oneOf, parseCommand, parseThreads, UsageError } from "./usage.ts";

const OPTIONS = {
  json: { type: "boolean" },
  steps: { type: "string" },
  threads: { type: "string" },
  "fail-on": { type: "string" },
} as const;

/** From the mildest on. */
const SEVERITIES: readonly Severity[] = ["info", "warning", "error"];

export async function runDiff(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, paths } = parseCommand(args, OPTIONS);
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
  comparison.notes.forEach((note) => process.stderr.write(`${note}\n`));
  const compared = { paths: [before, after], comparison, steps, review } as const;
  process.stdout.write(values.json === true ? `${toJson(toDocument(compared), 2)}\n` : toText(compared));
  return hasFailed(review.findings, failOn) ? 1 : 0;
}

function parseSteps(steps: string | undefined): number | undefined {
  const count = Number(steps);
  if (steps !== undefined && (!Number.isInteger(count) || count < 1)) {
    throw new UsageError(`--steps ${steps}: must be a whole number from 1 on`);
  }
  return steps === undefined ? undefined : count;
}

function hasFailed(findings: readonly CheckpointFinding[], failOn: Severity | undefined): boolean {
  return (
    failOn !== undefined && findings.some(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(failOn))
  );
}
