import { dirname, resolve } from "node:path";
import { isFolder } from "#files/isFolder.ts";
import type { ConfigFile } from "#core/config.ts";
import type { LogBatch, LogPosition } from "#core/log.ts";
import type { RunFiles } from "#core/run.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { describeError } from "#worker/errors.ts";
import { findRuns } from "#worker/runs/findRuns.ts";
import { findConfig, readConfig } from "#worker/runs/readConfig.ts";
import { databasePath } from "#worker/runs/readLogDatabase.ts";
import { readLastLine, readLog } from "#worker/runs/readLog.ts";
import { unseenIn } from "./unseen.ts";

// A folder on the command line was named on purpose, so it may be large.
export const MAX_ENTRIES = 1_000_000;

/** A part of the input that could not be read. Lines are one-based. */
export interface Unreadable {
  readonly path: string;
  readonly line?: number;
  readonly reason: string;
  /** For how many lines it stands; one when it is missing. */
  readonly count?: number;
}

export interface LoadedRun {
  readonly run: Run;
  /** What its project wants to hear. */
  readonly config: ConfigFile | null;
}

export interface LoadedRuns {
  readonly runs: readonly LoadedRun[];
  readonly unreadable: readonly Unreadable[];
  /** A whole PATH could not be read. */
  readonly isIncomplete: boolean;
}

export interface LoadOptions {
  readonly signal: AbortSignal;
  /** The user's own patterns for lines of logs. */
  readonly customPatterns?: readonly string[] | undefined;
}

export interface LoadAllOptions extends LoadOptions {
  /** A configuration for all paths, in place of the nearest above each. Its patterns come after `customPatterns`. */
  readonly configPath?: string | undefined;
}

/** Reads the logs of files and run folders, each to its end. Rejects when the configuration that was named is none. */
export async function loadRuns(paths: readonly string[], options: LoadAllOptions): Promise<LoadedRuns> {
  const given = options.configPath === undefined ? undefined : await readConfig(options.configPath);
  const runs: LoadedRun[] = [];
  const unreadable: Unreadable[] = [];
  let isIncomplete = false;
  for (const path of paths) {
    try {
      const config = given ?? (await findConfig(path));
      const customPatterns = [...(options.customPatterns ?? []), ...(config?.config.logPatterns ?? [])];
      const found = await loadPath(path, { ...options, customPatterns });
      found.runs.forEach((run) => runs.push({ run, config }));
      [...found.unseen, ...found.runs.flatMap(problemsOf)].forEach((problem) => unreadable.push(problem));
      isIncomplete ||= found.unseen.length > 0;
    } catch (error) {
      options.signal.throwIfAborted();
      unreadable.push({ path, reason: describeError(error) });
      isIncomplete = true;
    }
  }
  return { runs, unreadable, isIncomplete };
}

interface LoadedPath {
  readonly runs: readonly Run[];
  readonly unseen: readonly Unreadable[];
}

async function loadPath(path: string, options: LoadOptions): Promise<LoadedPath> {
  return (await isFolder(databasePath(path).file))
    ? loadFolder(path, options)
    : { runs: [await loadFile(path, options)], unseen: [] };
}

async function loadFolder(path: string, options: LoadOptions): Promise<LoadedPath> {
  const found = await findRuns(resolve(path), { maxEntries: MAX_ENTRIES, ...options });
  const unseen = await unseenIn(path, found);
  const logged = found.runs.filter(({ logs }) => logs.length > 0);
  if (logged.length === 0 && unseen.length === 0) {
    throw new Error(`${path}: no training log was found in this folder.`);
  }
  const loaded: Run[] = [];
  for (const files of logged) {
    loaded.push(await loadRun(files, options));
  }
  return { runs: loaded, unseen };
}

/** A run with all its logs, each read to its end. Rejects with a sentence for people, or when called off. */
export async function loadRun(files: RunFiles, options: LoadOptions): Promise<Run> {
  const run = createRun(files.folder);
  run.setFiles(files);
  for (const log of files.logs) {
    await readToEnd(run, log.path, options);
  }
  return run;
}

/** One log as a run of its own, which is called as its folder. */
export async function loadFile(path: string, options: LoadOptions): Promise<Run> {
  const run = createRun(dirname(resolve(path)));
  await readToEnd(run, resolve(path), options);
  return run;
}

async function readToEnd(run: Run, path: string, { signal, customPatterns }: LoadOptions): Promise<void> {
  let position: LogPosition | null = null;
  for (let more = true; more;) {
    signal.throwIfAborted();
    const batch: LogBatch = await readLog(path, position, customPatterns);
    position = batch.position;
    run.append({ path, format: position.format }, batch);
    more = batch.more;
  }
  if (position !== null) {
    run.append({ path, format: position.format }, await readLastLine(path, position, customPatterns));
  }
}

/** Lines of a run's logs that could not be read, one-based. */
export function problemsOf(run: Run): Unreadable[] {
  return run
    .logs()
    .flatMap(({ path, problems }) => problems.map((problem) => ({ path, ...problem, line: problem.line + 1 })));
}
