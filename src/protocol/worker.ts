import * as v from "valibot";
import { DEVICE_CHOICES, ENGINE_CHOICES } from "#core/device.ts";
import { count, logPosition, tensorKind } from "./shapes.ts";

/** What tensors are that nothing tells; weights when it is missing. */
const takenAs = v.exactOptional(tensorKind);

/** The user's own patterns for log lines; none when it is missing. */
const patternList = v.pipe(v.array(v.string()), v.readonly());
const customPatterns = v.exactOptional(patternList);

/** Host → worker. Each request carries all it needs: the worker keeps nothing between two of them. */
export const workerRequest = v.variant("kind", [
  v.object({
    kind: v.literal("discoverRuns"),
    folder: v.string(),
    maxEntries: count,
    /** Milliseconds; as long as it takes when it is missing. */
    maxMs: v.exactOptional(count),
    customPatterns,
    /** Globs, relative to the folder, of what is passed over. */
    excludes: v.exactOptional(patternList),
    /** Linked files are passed over. */
    skipsLinks: v.exactOptional(v.boolean()),
  }),
  v.object({ kind: v.literal("readLog"), path: v.string(), position: v.nullable(logPosition), customPatterns }),
  v.object({ kind: v.literal("readLogEnd"), path: v.string(), position: logPosition, customPatterns }),
  v.object({ kind: v.literal("readLastLine"), path: v.string(), position: logPosition, customPatterns }),
  v.object({
    kind: v.literal("parseLines"),
    text: v.string(),
    head: v.string(),
    position: v.nullable(logPosition),
    customPatterns,
  }),
  v.object({ kind: v.literal("checkPatterns"), customPatterns: patternList }),
  /** In the folder and those above it, up to `top`. */
  v.object({ kind: v.literal("findConfig"), folder: v.string(), top: v.exactOptional(v.string()) }),
  v.object({ kind: v.literal("indexCheckpoint"), path: v.string(), takenAs }),
  v.object({ kind: v.literal("reportEngines"), threads: count }),
  v.object({
    kind: v.literal("computeNorms"),
    path: v.string(),
    threads: count,
    engine: v.exactOptional(v.picklist(ENGINE_CHOICES)),
    device: v.exactOptional(v.picklist(DEVICE_CHOICES)),
    takenAs,
    hasAlternatives: v.exactOptional(v.boolean()),
    /** Also l1, mean, zeros and a histogram. */
    isFull: v.exactOptional(v.boolean()),
    /** Only tensors of this name. */
    only: v.exactOptional(v.string()),
    /** A folder that keeps answers for files that do not change. */
    cache: v.exactOptional(v.string()),
  }),
  /** Norms that `computeNorms` kept in the cache for the same device and engine. */
  v.object({
    kind: v.literal("knownNorms"),
    path: v.string(),
    engine: v.exactOptional(v.picklist(ENGINE_CHOICES)),
    device: v.exactOptional(v.picklist(DEVICE_CHOICES)),
    cache: v.string(),
  }),
  v.object({ kind: v.literal("computeSpectrum"), path: v.string(), name: v.string() }),
  v.object({ kind: v.literal("measureAdam"), path: v.string(), threads: count }),
  v.object({ kind: v.literal("compareCheckpoints"), before: v.string(), after: v.string(), threads: count }),
  v.object({ kind: v.literal("mergeShares"), folder: v.string() }),
  v.object({ kind: v.literal("findMissingShares"), folder: v.string() }),
  v.object({ kind: v.literal("completeShares"), folder: v.string(), path: v.string(), threads: count }),
  v.object({ kind: v.literal("locate"), paths: v.array(v.string()), roots: v.array(v.string()) }),
  v.object({ kind: v.literal("stamp"), paths: v.array(v.string()) }),
]);
export type WorkerRequest = v.InferOutput<typeof workerRequest>;

/** `texts` are those of a language by their English, which all that the worker says from then on is in. */
const language = v.object({ kind: v.literal("language"), name: v.string(), texts: v.record(v.string(), v.string()) });

/** The envelope, host → worker. What it asks is checked apart, so that a request of a wrong shape still gets its reply. */
export const toWorker = v.variant("kind", [
  v.object({ kind: v.literal("request"), id: count, request: v.unknown() }),
  v.object({ kind: v.literal("cancel"), id: count }),
  language,
]);
export type ToWorker = v.InferOutput<typeof toWorker>;

/** While it has a request, a worker says `alive` this often from its event loop, and once when it has started. */
export const ALIVE_MS = 250;

/**
 * The envelope, worker → host. Every request gets exactly one of `answer`, `failure` or `cancelled`; but none that arrives
 * after `idle`, with which the process ends itself: it has to be sent to the next. In place of `alive` it says `stuck` when
 * its event loop turns but one of its threads, or the disk, does not come back.
 */
export const fromWorker = v.variant("kind", [
  v.object({ kind: v.literal("answer"), id: count, answer: v.unknown() }),
  v.object({ kind: v.literal("failure"), id: count, message: v.string() }),
  v.object({ kind: v.literal("cancelled"), id: count }),
  v.object({ kind: v.literal("progress"), id: count, progress: v.unknown() }),
  /** `busyMs`: its event loop may not turn for so long, since there is much to be taken apart at once. */
  v.object({ kind: v.literal("alive"), busyMs: v.exactOptional(count) }),
  /** `path` is what the disk does not answer about; null when it is a thread that computes. */
  v.object({ kind: v.literal("stuck"), seconds: count, path: v.nullable(v.string()) }),
  v.object({ kind: v.literal("idle") }),
]);
export type FromWorker = v.InferOutput<typeof fromWorker>;
export type Reply = Exclude<FromWorker, { readonly kind: "alive" | "stuck" | "idle" }>;
export type Stuck = Extract<FromWorker, { readonly kind: "stuck" }>;
