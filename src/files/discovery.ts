import type { LogFormat } from "#core/log.ts";
import type { RunFiles } from "#core/run.ts";
import { readHead } from "./head.ts";
import { isLogName, isLooseLogName } from "./names.ts";
import { groupRuns } from "./runs.ts";
import type { FoundLog } from "./runs.ts";
import { reasonOf, walk } from "./walk.ts";
import type { FoundFile, Unreadable, WalkOptions } from "./walk.ts";

export interface DiscoveryOptions extends WalkOptions {
  /** Tells a log's format from its path and first bytes; undefined when it is none. */
  readonly identify: (path: string, head: Uint8Array) => LogFormat | undefined;
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
  const { files, truncated, unreadable } = await walk(folder, options);
  const crowded = crowdedFolders(files);
  const logs: FoundLog[] = [];
  const unreadableLogs: Unreadable[] = [];
  for (const file of files.filter((one) => mayBeLog(one, crowded))) {
    options.signal?.throwIfAborted();
    try {
      logs.push(...(await withFormat(file, options)));
    } catch (error) {
      unreadableLogs.push({ path: file.path, reason: reasonOf(error) });
    }
  }
  const checkpoints = files.filter(({ name }) => !isLogName(name));
  return {
    runs: groupRuns(folder, logs, checkpoints),
    truncated,
    unreadable: [...unreadable, ...unreadableLogs],
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

function mayBeLog({ name, folder }: FoundFile, crowded: ReadonlySet<string>): boolean {
  return isLogName(name) && !(isLooseLogName(name) && crowded.has(folder));
}

async function withFormat(file: FoundFile, { identify }: DiscoveryOptions): Promise<FoundLog[]> {
  const format = identify(file.path, await readHead(file.path));
  return format === undefined ? [] : [{ ...file, format }];
}
