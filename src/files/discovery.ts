import { basename, dirname } from "node:path";
import type { LogFormat } from "#core/log.ts";
import type { RunFiles } from "#core/run.ts";
import { isCheckpointName } from "./checkpointNames.ts";
import type { Decompress } from "./compressed.ts";
import { readHead } from "./head.ts";
import { isLogName, isLooseLogName, isSettingsName, SETTINGS_FOLDER } from "./names.ts";
import { groupRuns } from "./runs.ts";
import type { FoundLog } from "./runs.ts";
import { reasonOf, walk } from "./walk.ts";
import type { FoundFile, Unreadable, WalkOptions } from "./walk.ts";

export interface DiscoveryOptions extends WalkOptions {
  readonly decompress?: Decompress;
  /** Tells a log's format from its path and first bytes; undefined when it is none. */
  readonly identify: (path: string, head: Uint8Array) => LogFormat | undefined | Promise<LogFormat | undefined>;
}

export interface Discovery {
  /** In the order of their folders' names. */
  readonly runs: readonly RunFiles[];
  /** The limit on entries was met; what lies deeper was not seen. */
  readonly truncated: boolean;
  readonly unreadable: readonly Unreadable[];
}

/** Finds the runs below a folder. Rejects when the folder itself cannot be listed. */
export async function discoverRuns(folder: string, options: DiscoveryOptions): Promise<Discovery> {
  const { files, logFolders, truncated, unreadable } = await walk(folder, options);
  const reading: Reading = { options, unreadable: [...unreadable] };
  const crowded = crowdedFolders(files);
  const candidates = files.filter((file) => isLog(file) && !(isLooseLogName(file.name) && crowded.has(file.folder)));
  const logs = [...logFolders, ...(await identifyAll(candidates, reading))];
  const settings = settingsBeside(new Set(logs.map((log) => log.folder)), files);
  const checkpoints = files.filter((file) => !isLog(file) && !isSettings(file));
  return {
    runs: groupRuns(folder, [...logs, ...(await identifyAll(settings, reading))], checkpoints),
    truncated,
    unreadable: reading.unreadable,
  };
}

// A training leaves a few texts beside its logs; a folder with more of them is a data set, and reading all takes long.
const MAX_LOOSE_NAMES = 100;

function crowdedFolders(files: readonly FoundFile[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { folder } of files.filter(({ name }) => isLooseLogName(name))) {
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > MAX_LOOSE_NAMES).map(([folder]) => folder));
}

function isLog({ name, isFolder }: FoundFile): boolean {
  return isFolder !== true && isLogName(name);
}

function isSettings({ name, isFolder }: FoundFile): boolean {
  return isFolder !== true && isSettingsName(name) && !isCheckpointName(name);
}

interface Reading {
  readonly options: DiscoveryOptions;
  readonly unreadable: Unreadable[];
}

async function identifyAll(files: readonly FoundFile[], { options, unreadable }: Reading): Promise<FoundLog[]> {
  const logs: FoundLog[] = [];
  for (const file of files) {
    options.signal?.throwIfAborted();
    try {
      const format = await options.identify(file.path, await readHead(file.path, options.decompress));
      logs.push(...(format === undefined ? [] : [{ ...file, format }]));
    } catch (error) {
      unreadable.push({ path: file.path, reason: reasonOf(error) });
    }
  }
  return logs;
}

// A file of settings has some kilobytes.
const MAX_SETTINGS_BYTES = 2 ** 18;

/** Settings in a folder with logs, as files of that run. */
function settingsBeside(loggedFolders: ReadonlySet<string>, files: readonly FoundFile[]): FoundFile[] {
  return files.filter(isSettings).flatMap((file) => {
    const above = basename(file.folder) === SETTINGS_FOLDER ? dirname(file.folder) : file.folder;
    const folder = loggedFolders.has(file.folder) ? file.folder : above;
    return loggedFolders.has(folder) && file.bytes <= MAX_SETTINGS_BYTES ? [{ ...file, folder }] : [];
  });
}
