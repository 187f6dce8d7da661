import { basename, dirname, resolve } from "node:path";
import { limitFindings, withinLimits } from "#analysis/limits.ts";
import type { CheckpointFile, RunFiles } from "#core/run.ts";
import { stepOfFile, stepOfFolder } from "#files/search/checkpointNames.ts";
import type { Run } from "#store/run.ts";
import { describeError } from "#worker/errors.ts";
import { findRuns } from "#worker/runs/findRuns.ts";
import { kindOfPath } from "#worker/runs/kindOfPath.ts";
import { judgeRun } from "../runs/judgeRun.ts";
import { MAX_ENTRIES, loadFile, loadRun, problemsOf } from "../runs/loadRuns.ts";
import type { Unreadable } from "../runs/loadRuns.ts";
import { unseenIn } from "../runs/unseen.ts";
import { checkCheckpoint } from "./checkCheckpoint.ts";
import type { ReadOptions } from "./checkCheckpoint.ts";
import type { CheckFinding } from "./checkFinding.ts";
import type { CheckRequest, Yardstick } from "./checkOptions.ts";

/** What was found at one PATH. */
export interface Checked {
  readonly findings: readonly CheckFinding[];
  /** Lines of logs that were not understood. */
  readonly unreadable: readonly Unreadable[];
  /** What could not be judged at all, in sentences. */
  readonly failures: readonly Unreadable[];
}

export interface PathOptions extends ReadOptions {
  readonly yardstick: Yardstick;
  readonly checkpoints: CheckRequest["checkpoints"];
}

/** Judges the logs and checkpoints at a path. Rejects with a sentence for people when there is nothing to judge. */
export async function checkPath(path: string, options: PathOptions): Promise<Checked> {
  switch (await kindOfPath(path, options.yardstick.logPatterns)) {
    case "log":
      return checkLog(await loadFile(path, loadOptions(options)), path, options);
    case "checkpoint":
      return attempt(fileOf(path), options);
    case "unknown":
      return attempt(fileOf(path), options, " Nor is it a training log.");
    case "folder":
      return checkFolder(path, options);
  }
}

function loadOptions({ signal, yardstick }: PathOptions): Parameters<typeof loadFile>[1] {
  return { signal, customPatterns: yardstick.logPatterns };
}

function fileOf(path: string): Pick<CheckpointFile, "path" | "step"> {
  return { path, step: stepOfFile(basename(path)) ?? stepOfFolder(basename(dirname(resolve(path)))) };
}

async function checkFolder(path: string, options: PathOptions): Promise<Checked> {
  const { signal, yardstick } = options;
  const limits = { maxEntries: MAX_ENTRIES, customPatterns: yardstick.logPatterns, signal };
  const found = await findRuns(resolve(path), limits);
  const unseen = await unseenIn(path, found);
  if (found.runs.length === 0 && unseen.length === 0) {
    throw new Error(`${path}: no training log and no checkpoint was found in this folder.`);
  }
  const parts: Checked[] = [{ findings: [], unreadable: [], failures: unseen }];
  for (const files of found.runs) {
    parts.push(await checkRunFiles(files, options));
  }
  return joined(parts);
}

async function checkRunFiles(files: RunFiles, options: PathOptions): Promise<Checked> {
  const chosen = chosenFrom(files.checkpoints, options.checkpoints);
  const hasLogs = files.logs.some(({ format }) => format !== "settingsFile");
  const parts = hasLogs ? [checkLog(await loadRun(files, loadOptions(options)), files.folder, options)] : [];
  for (const checkpoint of chosen) {
    parts.push(await attempt(checkpoint, options));
  }
  return joined(parts);
}

/** A save is often several files of one step. */
function chosenFrom(
  checkpoints: readonly CheckpointFile[],
  which: PathOptions["checkpoints"],
): readonly CheckpointFile[] {
  const last = checkpoints.at(-1);
  switch (which) {
    case "none":
      return [];
    case "all":
      return checkpoints;
    case "latest":
      return checkpoints.filter((one) => one === last || (one.step !== null && one.step === last?.step));
  }
}

function checkLog(run: Run, path: string, { yardstick }: PathOptions): Checked {
  const { enabled, maxNorm, maxNan } = yardstick;
  const norms = run.ofKind("globalNorm").map((series, index) => ({
    name: index === 0 ? null : series.key.name,
    axis: series.key.axis,
    steps: series.steps(),
    values: series.values(),
    lines: series.lines(),
    valueAt: (step: number) => series.valueAt(step),
    pathAt: (step: number) => series.pathAt(step),
  }));
  const exceeded = limitFindings(norms, { maxNorm, maxNan });
  const findings = withinLimits(judgeRun(run, enabled), norms, { maxNorm, maxNan });
  const isJudged = norms.length > 0 || run.tensors().size > 0;
  return {
    findings: [...exceeded.filter(({ rule }) => enabled.has(rule)), ...findings],
    unreadable: problemsOf(run),
    failures: isJudged
      ? []
      : [{ path, reason: `${path}: no gradient norm is logged here; there is nothing to judge.` }],
  };
}

/** One checkpoint that cannot be read must not keep the others from being judged. */
async function attempt(
  checkpoint: Pick<CheckpointFile, "path" | "step">,
  options: PathOptions,
  addition = "",
): Promise<Checked> {
  try {
    return { findings: await checkCheckpoint(checkpoint, options.yardstick, options), unreadable: [], failures: [] };
  } catch (error) {
    options.signal.throwIfAborted();
    return {
      findings: [],
      unreadable: [],
      failures: [{ path: checkpoint.path, reason: `${describeError(error)}${addition}` }],
    };
  }
}

function joined(parts: readonly Checked[]): Checked {
  return {
    findings: parts.flatMap(({ findings }) => findings),
    unreadable: parts.flatMap(({ unreadable }) => unreadable),
    failures: parts.flatMap(({ failures }) => failures),
  };
}
