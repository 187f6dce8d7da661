import { resolve } from "node:path";
import process from "node:process";
import { adviseRun } from "#analysis/clipping/adviseRun.ts";
import { toJson } from "#core/json.ts";
import type { Run } from "#store/run.ts";
import { chooseNorm } from "./chooseNorm.ts";
import { runClipByValue } from "./clipByValue.ts";
import { clipDocumentOf } from "./clipDocument.ts";
import { clipTextOf } from "./clipText.ts";
import { listOf } from "../text/listOf.ts";
import { loadRuns } from "../runs/loadRuns.ts";
import { parsePatterns } from "../patterns.ts";
import { describeUnreadable } from "../text/unreadableText.ts";
import { UsageError, parseCommand, parsePositive } from "../usage.ts";
import { printable, printableLines } from "../text/terminalText.ts";

export const CLIP_OPTIONS = {
  json: { type: "boolean" },
  "per-tensor": { type: "boolean" },
  "max-norm": { type: "string", multiple: true },
  norm: { type: "string" },
  last: { type: "string" },
  "warm-up": { type: "boolean" },
  pattern: { type: "string", multiple: true },
  config: { type: "string" },
  "by-value": { type: "string", multiple: true },
  kind: { type: "string" },
  threads: { type: "string" },
} as const;

/** Advice for one run: a threshold belongs to one training. With `--by-value` for the gradient of one checkpoint. */
export async function runClip(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, paths } = parseCommand(args, CLIP_OPTIONS);
  const [path = ""] = paths;
  if (paths.length > 1) {
    throw new UsageError("clip takes one PATH");
  }
  if (values["by-value"] !== undefined) {
    refuseOthers(values, OF_LOGS, (name) => `--${name} is of logs, and --by-value reads a checkpoint`);
    return runClipByValue(path, { ...values, limits: values["by-value"] }, signal);
  }
  refuseOthers(values, OF_CHECKPOINTS, (name) => `--${name} belongs to --by-value`);
  const given = (values["max-norm"] ?? []).map((text) => parsePositive("--max-norm", text));
  const last = values.last === undefined ? undefined : Math.floor(parsePositive("--last", values.last));
  const { runs, unreadable, isIncomplete } = await loadRuns([path], {
    signal,
    customPatterns: parsePatterns(values.pattern ?? []),
    configPath: values.config,
  });
  describeUnreadable(unreadable).forEach((line) => process.stderr.write(`gradlens: ${line}\n`));
  if (isIncomplete && runs.length === 0) {
    return 2;
  }
  const run = chooseRun(
    runs.map((loaded) => loaded.run),
    path,
  );
  const norm = chooseNorm(run, values.norm);
  const { further } = norm;
  const advice = adviseRun(run, { given, last, withWarmUp: values["warm-up"], further });
  const threshold = further === undefined ? run.clipThreshold() : null;
  const context = { source: path, norm, threshold, isPerTensor: values["per-tensor"] === true };
  process.stdout.write(
    values.json === true
      ? `${toJson(clipDocumentOf(advice, context), 2)}\n`
      : printableLines(clipTextOf(advice, context)),
  );
  return 0;
}

const OF_LOGS = ["max-norm", "norm", "last", "warm-up", "pattern", "config"] as const;
const OF_CHECKPOINTS = ["kind", "threads"] as const;

function refuseOthers<T extends string>(
  values: Readonly<Partial<Record<T, unknown>>>,
  names: readonly T[],
  describe: (name: T) => string,
): void {
  const stray = names.find((name) => values[name] !== undefined);
  if (stray !== undefined) {
    throw new UsageError(describe(stray));
  }
}

/** The run of the folder itself. Others below it are named, and have to be asked for. */
function chooseRun(runs: readonly Run[], path: string): Run {
  const [first, ...others] = runs;
  if (first === undefined) {
    throw new Error(`${path}: no training log was found.`);
  }
  if (others.length === 0) {
    return first;
  }
  const own = runs.find(({ id }) => id === resolve(path));
  const names = listOf(runs.filter((run) => run !== own).map(({ id }) => id));
  if (own === undefined) {
    throw new UsageError(`${path} holds several runs; give one of them: ${names}`);
  }
  process.stderr.write(`gradlens: ${printable(`${path} also holds ${names}`)}\n`);
  return own;
}
