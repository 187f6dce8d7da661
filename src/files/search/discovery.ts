import { basename, dirname } from "node:path";
import type { LogFormat } from "#core/log.ts";
import type { RunFiles } from "#core/run.ts";
import { messageOf } from "#core/messageOf.ts";
import { isCheckpointName } from "./checkpointNames.ts";
import type { Decompress } from "../logs/compressed.ts";
import { endsBefore } from "./endsBefore.ts";
import { readHead } from "../logs/head.ts";
import { isLogName, isLooseLogName, isSettingsName, SETTINGS_FOLDER } from "./names.ts";
import { groupRuns } from "./runs.ts";
import type { FoundLog } from "./runs.ts";
import { walk } from "./walk.ts";
import type { SearchLimit, WalkOptions } from "./walk.ts";
import type { FoundFile, Unreadable } from "./foundFile.ts";

export interface DiscoveryOptions extends Omit<WalkOptions, "deadline"> {
  /** Milliseconds after which the search ends with what it has found; as long as it takes when it is missing. */
  readonly maxMs?: number | undefined;
  readonly decompress?: Decompress;
  /** Tells a log's format from its path and first bytes; undefined when it is none. */
  readonly identify: (path: string, head: Uint8Array) => LogFormat | undefined | Promise<LogFormat | undefined>;
}

export interface Discovery {
  /** In the order of their folders' names. */
  readonly runs: readonly RunFiles[];
  /** The limit that was met, so that there may be more; false when all was seen. */
  readonly truncated: SearchLimit | false;
  readonly unreadable: readonly Unreadable[];
}

/** Finds the runs below a folder. Rejects when the folder itself cannot be listed. */
export async function discoverRuns(folder: string, options: DiscoveryOptions): Promise<Discovery> {
  const { maxMs, ...limits } = options;
  const deadline = after(maxMs);
  const walked = await walk(folder, { ...limits, deadline: after(maxMs, SHARE_OF_NAMES) });
  const { files, logFolders } = walked;
  const reading: Reading = { options, deadline, unreadable: [...walked.unreadable], isCut: false };
  const crowded = crowdedFolders(files);
  const candidates = files.filter((file) => isLog(file) && !(isLooseLogName(file.name) && crowded.has(file.folder)));
  const logs = [...logFolders, ...(await identifyInTime(candidates, reading))];
  const settings = settingsBeside(new Set(logs.map((log) => log.folder)), files);
  const checkpoints = files.filter((file) => !isLog(file) && !isSettings(file));
  const runs = groupRuns(folder, [...logs, ...(await identifyInTime(settings, reading))], checkpoints);
  return { runs, truncated: reading.isCut ? "time" : walked.truncated, unreadable: [...reading.unreadable] };
}

// The rest is for the first bytes of what was found: a name alone makes no log.
const SHARE_OF_NAMES = 0.6;

function after(maxMs: number | undefined, share = 1): AbortSignal | undefined {
  return maxMs === undefined ? undefined : AbortSignal.timeout(Math.round(maxMs * share));
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
  readonly deadline: AbortSignal | undefined;
  readonly unreadable: Unreadable[];
  /** Time was up before all files were looked into. */
  isCut: boolean;
}

async function identifyInTime(files: readonly FoundFile[], reading: Reading): Promise<FoundLog[]> {
  const logs: FoundLog[] = [];
  const isInTime = await endsBefore(identifyAll(files, logs, reading), reading.deadline);
  reading.isCut ||= !isInTime;
  return [...logs];
}

async function identifyAll(files: readonly FoundFile[], logs: FoundLog[], reading: Reading): Promise<void> {
  const { options, deadline, unreadable } = reading;
  for (const file of files) {
    options.signal?.throwIfAborted();
    deadline?.throwIfAborted();
    try {
      const format = await options.identify(file.path, await readHead(file.path, options.decompress));
      logs.push(...(format === undefined ? [] : [{ ...file, format }]));
    } catch (error) {
      unreadable.push({ path: file.path, reason: messageOf(error) });
    }
  }
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
