import { readEntry, writeEntry } from "#files/written/entryCache.ts";
import { isUnchanged, stampOf, truePath } from "#files/checkpoints/unchanged.ts";
import { currentLanguage } from "#l10n/language.ts";
import { toJson } from "#core/json.ts";
import { parseCheckpointNorms } from "#protocol/workerAnswers.ts";
import type { CheckpointNorms } from "#protocol/workerAnswers.ts";
import manifest from "../../../package.json" with { type: "json" };
import { normsOf } from "./computeNorms.ts";
import type { NormsOptions } from "./computeNorms.ts";
import type { OpenCheckpoint } from "../checkpoints/openCheckpoint.ts";
import { withCheckpoint } from "../checkpoints/withCheckpoint.ts";

export interface CachedOptions extends Omit<NormsOptions, "isFull" | "takenAs" | "isWanted" | "hasAlternatives"> {
  /** The folder of the cache; made where it is missing. */
  readonly cache: string;
}

/** Norms of a whole checkpoint, with all alternatives, from the cache while its files are the same. Rejects with a sentence. */
export async function cachedNorms(path: string, { cache, ...options }: CachedOptions): Promise<CheckpointNorms> {
  return withCheckpoint(path, async (checkpoint) => {
    const key = await keyOf(checkpoint, path, options);
    const known = await readKnown(cache, key, options);
    if (known !== null) {
      return known;
    }
    const startMs = Date.now();
    const norms = await normsOf(checkpoint, { ...options, hasAlternatives: true });
    if (await isSettled(checkpoint, startMs)) {
      await writeEntry(cache, key, toJson(norms)); // Without it they are computed again.
    }
    return norms;
  });
}

export type KnownOptions = Pick<CachedOptions, "cache" | "engine" | "device" | "onProgress">;

/** The same where they are in the cache; else null, and no tensor is read. Rejects with a sentence. */
export async function knownNorms(path: string, { cache, ...options }: KnownOptions): Promise<CheckpointNorms | null> {
  return withCheckpoint(path, async (checkpoint) => readKnown(cache, await keyOf(checkpoint, path, options), options));
}

async function readKnown(
  cache: string,
  key: string,
  { onProgress }: Pick<CachedOptions, "onProgress">,
): Promise<CheckpointNorms | null> {
  const known = parseCheckpointNorms(await readEntry(cache, key));
  if (known === undefined) {
    return null;
  }
  const { readBytes, tensors } = known;
  onProgress?.({ doneBytes: readBytes, totalBytes: readBytes, secondsLeft: 0, tensors });
  return { ...known, isCached: true };
}

/** All that norms follow from; threads change no bit of them. */
async function keyOf(
  checkpoint: OpenCheckpoint,
  path: string,
  { engine, device }: Pick<NormsOptions, "engine" | "device">,
): Promise<string> {
  const stamps = await Promise.all(checkpoint.sources.map(async ([, source]) => stampOf(source)));
  const place = await truePath(path);
  const language = currentLanguage().name; // Notes are sentences.
  return JSON.stringify([manifest.version, language, place, engine ?? "auto", device ?? "auto", stamps.toSorted()]);
}

/** File systems tell times in steps of up to two seconds: within one a file may be written again and look the same. */
const COARSEST_TIME_MS = 2000;

async function isSettled({ sources }: OpenCheckpoint, startMs: number): Promise<boolean> {
  const old = sources.every(([, { modifiedMs }]) => startMs - modifiedMs > COARSEST_TIME_MS);
  return old && (await Promise.all(sources.map(async ([, source]) => isUnchanged(source)))).every(Boolean);
}
