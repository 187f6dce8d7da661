import { basename, dirname } from "node:path";
import type { LogFormat } from "#core/log.ts";
import type { CheckpointFile, RunFiles } from "#core/run.ts";
import { indexNameOf, needsOthers, stepOfCheckpointFolder, stepOfFile, stepOfFolder } from "./checkpointNames.ts";
import { TRAINER_STATE } from "./names.ts";
import type { FoundFile } from "./foundFile.ts";

export interface FoundLog extends FoundFile {
  readonly format: LogFormat;
  /** Of a folder that is one log: those in it that are read. */
  readonly folders?: readonly string[];
}

/** Sorts logs and checkpoints into runs: a run is a folder with logs, or with checkpoints alone. */
export function groupRuns(root: string, logs: readonly FoundLog[], checkpoints: readonly FoundFile[]): RunFiles[] {
  const runs = new Map<string, { logs: FoundLog[]; checkpoints: FoundFile[] }>();
  const runAt = (folder: string): { logs: FoundLog[]; checkpoints: FoundFile[] } => {
    const run = runs.get(folder) ?? { logs: [], checkpoints: [] };
    runs.set(folder, run);
    return run;
  };
  const homes = new Set(logs.filter(isState).map(({ folder }) => aboveSteps(folder, root)));
  const ownEvents = trainersEvents(logs, homes);
  const eventFolders = new Set(logs.filter(isEvents).map(({ folder }) => folder));
  for (const log of logs) {
    const folder = isState(log) ? aboveSteps(log.folder, root) : withoutHparams(log, eventFolders);
    runAt(ownEvents.get(folder) ?? folder).logs.push(log);
  }
  const loggedFolders = new Set(runs.keys());
  for (const checkpoint of mergeShards(checkpoints)) {
    runAt(homeOf(checkpoint.folder, { root, loggedFolders })).checkpoints.push(checkpoint);
  }
  return Array.from(runs, ([folder, run]) => toRun(folder, keepLongestState(run.logs), run.checkpoints)).toSorted(
    (a, b) => (a.folder < b.folder ? -1 : 1),
  );
}

function isState({ name }: FoundLog): boolean {
  return name === TRAINER_STATE;
}

function isEvents({ format }: FoundLog): boolean {
  return format === "tensorBoard";
}

/** torch's `add_hparams` writes the settings of a run into a folder below its events, which is named by the time: `1700000000.25`. */
function withoutHparams(log: FoundLog, eventFolders: ReadonlySet<string>): string {
  const above = dirname(log.folder);
  return isEvents(log) && eventFolders.has(above) && /^\d{9,11}\.\d+$/.test(basename(log.folder)) ? above : log.folder;
}

/**
 * Hugging Face's Trainer puts the events of each training into a folder below `runs`. Those of the last one belong to the
 * run whose history lies above. By their folder, the run's.
 */
function trainersEvents(logs: readonly FoundLog[], homes: ReadonlySet<string>): ReadonlyMap<string, string> {
  const events = logs.filter((log) => isEvents(log) && basename(dirname(log.folder)) === "runs");
  const byHome = Map.groupBy(events, ({ folder }) => dirname(dirname(folder)));
  return new Map(
    Array.from(byHome).flatMap(([home, found]) => {
      const [newest] = found.toSorted(newestFirst);
      return newest === undefined || !homes.has(home) ? [] : [[newest.folder, home] as const];
    }),
  );
}

function newestFirst(a: FoundLog, b: FoundLog): number {
  const later = b.modifiedMs - a.modifiedMs;
  return later === 0 ? Number(b.folder > a.folder) - Number(b.folder < a.folder) : later;
}

/** The folder that holds the `checkpoint-300` folders this one belongs to. */
function aboveSteps(folder: string, root: string): string {
  let above = folder;
  while (above !== root && stepOfFolder(basename(above)) !== null) {
    above = dirname(above);
  }
  return above;
}

/** A checkpoint belongs to the nearest folder with logs, else to its own folder. */
function homeOf(folder: string, { root, loggedFolders }: { root: string; loggedFolders: Set<string> }): string {
  let above = folder;
  while (!loggedFolders.has(above)) {
    if (above === root || above === dirname(above)) {
      return aboveSteps(folder, root);
    }
    above = dirname(above);
  }
  return above;
}

/** An index stands for its shards, with their bytes. Shards without an index stand for themselves, where they can. */
function mergeShards(checkpoints: readonly FoundFile[]): FoundFile[] {
  const kept = new Map<string, FoundFile>(checkpoints.map((file) => [file.path, file]));
  const joined = new Set<string>();
  for (const shard of checkpoints) {
    const indexName = indexNameOf(shard.name);
    const indexPath = indexName === null ? null : shard.path.slice(0, -shard.name.length) + indexName;
    const index = indexPath === null ? undefined : kept.get(indexPath);
    if (index !== undefined) {
      const modifiedMs = Math.max(index.modifiedMs, shard.modifiedMs);
      kept.set(index.path, { ...index, bytes: index.bytes + shard.bytes, modifiedMs });
      kept.delete(shard.path);
      joined.add(index.path);
    }
  }
  return [...kept.values()].filter(({ name, path }) => !needsOthers(name) || joined.has(path));
}

/** Every save of Hugging Face's Trainer copies the history so far: the largest copy holds all others. */
function keepLongestState(logs: readonly FoundLog[]): FoundLog[] {
  const states = logs.filter(isState).toSorted(longestFirst);
  return logs.filter((log) => !isState(log) || log === states[0]);
}

/** Of equal ones the run's own comes first, then the one of the last step. */
function longestFirst(a: FoundLog, b: FoundLog): number {
  if (a.bytes !== b.bytes) {
    return b.bytes - a.bytes;
  }
  const [stepA, stepB] = [stepOfFolder(basename(a.folder)), stepOfFolder(basename(b.folder))];
  if (stepA === null || stepB === null) {
    return stepA === null ? -1 : 1;
  }
  return stepB - stepA;
}

function toRun(folder: string, logs: readonly FoundLog[], checkpoints: readonly FoundFile[]): RunFiles {
  return {
    folder,
    logs: logs.map(({ path, format, folders }) => ({ path, format, ...(folders && { folders }) })),
    checkpoints: checkpoints.map((file) => toCheckpoint(folder, file)).toSorted(byStep),
    modifiedMs: [...logs, ...checkpoints].reduce((latest, file) => Math.max(latest, file.modifiedMs), 0),
  };
}

/** The step stands in the file's name or in the nearest folder's, up to the run's own. */
function toCheckpoint(runFolder: string, { path, bytes, isFolder }: FoundFile): CheckpointFile {
  let step = isFolder === true ? stepOfCheckpointFolder(basename(path)) : stepOfFile(basename(path));
  for (let at = path; step === null && at !== runFolder && at !== dirname(at);) {
    at = dirname(at);
    step = stepOfFolder(basename(at));
  }
  return { path, step, bytes };
}

function byStep(a: CheckpointFile, b: CheckpointFile): number {
  const [stepA, stepB] = [a.step ?? -1, b.step ?? -1];
  if (stepA !== stepB) {
    return stepA - stepB;
  }
  return a.path < b.path ? -1 : 1;
}
