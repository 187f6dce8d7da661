import * as v from "valibot";
import { adamShown, comparisonShown } from "./checkpointTabs.ts";
import { count, float, globalNorms, tensorDescription, tensorKind, tensorNorms, unmeasuredTensor } from "./shapes.ts";

/** What the page asks for beside the norms, each in a place of its own. */
const task = v.picklist(["adam", "comparison"]);
export type CheckpointTask = v.InferOutput<typeof task>;

const progressed = { doneBytes: count, totalBytes: count, secondsLeft: v.nullable(v.number()) };
/** Tells one tensor from the others of the checkpoint. */
const tensorKey = { name: v.string(), file: v.string(), tensorKind };

/** Host → checkpoint view. `index` comes first and alone is enough to show names and shapes. */
export const toCheckpoint = v.variant("kind", [
  v.object({
    kind: v.literal("index"),
    file: v.string(),
    format: v.string(),
    bytes: count,
    tensors: v.array(tensorDescription),
    /** Tensors in the same bytes as one before them, both by their place. */
    ties: v.array(v.tuple([count, count])),
    notes: v.array(v.string()),
    /** What tensors are that nothing tells. */
    takenAs: tensorKind,
    isFolder: v.boolean(),
  }),
  v.object({ kind: v.literal("progress"), ...progressed, tensors: v.array(tensorNorms) }),
  v.object({
    kind: v.literal("finished"),
    /** Global norms for each kind that tensors may be taken as; only for weights where all is told. */
    groupings: v.array(
      v.object({ takenAs: tensorKind, globals: v.array(v.object({ kind: tensorKind, norms: globalNorms })) }),
    ),
    unmeasured: v.array(unmeasuredTensor),
    /** Engine, device and threads, for people. */
    engine: v.string(),
    /** What `auto` chose from, for people; empty when the engine was asked for by name. */
    rates: v.array(v.string()),
    readBytes: count,
    seconds: float,
    /** Computed before, from files that have not changed since. */
    isCached: v.boolean(),
    notes: v.array(v.string()),
  }),
  v.object({ kind: v.literal("cancelled") }),
  v.object({ kind: v.literal("failed"), message: v.string() }),
  /** The files have changed since they were read: what is shown is of before. */
  v.object({ kind: v.literal("stale"), message: v.string() }),
  /** Full statistics of one tensor, or why there are none. */
  v.object({
    kind: v.literal("statistics"),
    ...tensorKey,
    norms: v.nullable(tensorNorms),
    failure: v.nullable(v.string()),
  }),
  v.object({
    kind: v.literal("spectrum"),
    ...tensorKey,
    spectrum: v.nullable(
      v.object({
        norm: float,
        stableRank: v.nullable(float),
        scaled: float,
        iterations: count,
        isConverged: v.boolean(),
      }),
    ),
    failure: v.nullable(v.string()),
  }),
  v.object({ kind: v.literal("taskProgress"), task, ...progressed }),
  /** It ended without an answer: cancelled when there is no message. */
  v.object({ kind: v.literal("taskStopped"), task, message: v.nullable(v.string()) }),
  /** Null without moments of Adam. */
  v.object({ kind: v.literal("adam"), adam: v.nullable(adamShown) }),
  v.object({ kind: v.literal("comparison"), comparison: comparisonShown }),
]);
export type ToCheckpoint = v.InferOutput<typeof toCheckpoint>;

/** Checkpoint view → host. */
export const fromCheckpoint = v.variant("kind", [
  v.object({ kind: v.literal("ready") }),
  v.object({ kind: v.literal("compute") }),
  v.object({ kind: v.literal("cancel") }),
  v.object({ kind: v.literal("takeAs"), tensorKind }),
  v.object({ kind: v.literal("describeTensor"), ...tensorKey }),
  v.object({ kind: v.literal("computeSpectrum"), ...tensorKey }),
  v.object({ kind: v.literal("measureAdam") }),
  /** With a checkpoint that was dropped on the page, as a URI; null to be asked. */
  v.object({ kind: v.literal("compare"), uri: v.nullable(v.string()) }),
  /** The last comparison, the other way round. */
  v.object({ kind: v.literal("swap") }),
  v.object({ kind: v.literal("cancelTask"), task }),
  /** The folder of this file as one checkpoint: moments often lie beside the weights. */
  v.object({ kind: v.literal("openFolder") }),
]);
export type FromCheckpoint = v.InferOutput<typeof fromCheckpoint>;
