import { dirname, resolve } from "node:path";
import { isFolder } from "#files/isFolder.ts";
import type { LogBatch, LogPosition } from "#core/log.ts";
import type { RunFiles } from "#core/run.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { describeError } from "#worker/errors.ts";
import { findRuns } from "#worker/findRuns.ts";
import { databasePath } from "#worker/readLogDatabase.ts";
import { readLastLine, readLog } from "#worker/readLog.ts";

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

export interface LoadedRuns {
  readonly runs: readonly Run[];
  readonly unreadable: readonly Unreadable[];
  /** A whole PATH could not be read. */
  readonly isIncomplete: boolean;
}

export interface LoadOptions {
  readonly signal: AbortSignal;
  /** The user's own patterns for lines of logs. */
  readonly customPatterns?: readonly string[] | undefined;
}

/** Reads the logs of files and run folders, each to its end. */
export async function loadRuns(paths: readonly string[], options: LoadOptions): Promise<LoadedRuns> {
  const runs: Run[] = [];
  const unreadable: Unreadable[] = [];
  let isIncomplete = false;
  for (const path of paths) {
    try {
      const found = (await isFolder(databasePath(path).file))
        ? await loadFolder(path, options)
        : [await loadFile(path, options)];
      runs.push(...found);
      unreadable.push(...found.flatMap(problemsOf));
    } catch (error) {
      options.signal.throwIfAborted();
      unreadable.push({ path, reason: describeError(error) });
      isIncomplete = true;
    }
  }
  return { runs, unreadable, isIncomplete };
}

async function loadFolder(path: string, options: LoadOptions): Promise<Run[]> {
  const { runs } = await findRuns(resolve(path), { maxEntries: MAX_ENTRIES, ...options });
  const logged = runs.filter(({ logs }) => logs.length > 0);
  if (logged.length === 0) {
    throw new Error(`${path}: no training log was found in this folder.`);
  }
  const loaded: Run[] = [];
  for (const files of logged) {
    loaded.push(await loadRun(files, options));
  }
  return loaded;
}

export async function loadRun(files: RunFiles, options: LoadOptions): Promise<Run> {
  const run = createRun(files.folder);
  run.setFiles(files);
  for (const log of files.logs) {
    await readToEnd(run, log.path, options);
  }
  return run;
}

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

export function problemsOf(run: Run): Unreadable[] {
  return run
    .logs()
    .flatMap(({ path, problems }) => problems.map((problem) => ({ path, ...problem, line: problem.line + 1 })));
}
