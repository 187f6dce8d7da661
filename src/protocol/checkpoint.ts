import * as v from "valibot";
import { TENSOR_KINDS } from "#core/tensor.ts";
import { count, float, globalNorms, tensorDescription, tensorNorms, unmeasuredTensor } from "./shapes.ts";

const tensorKind = v.picklist(TENSOR_KINDS);

/** Host → checkpoint view. `index` comes first and alone is enough to show names and shapes. */
export const toCheckpoint = v.variant("kind", [
  v.object({
    kind: v.literal("index"),
    file: v.string(),
    format: v.string(),
    bytes: count,
    tensors: v.array(tensorDescription),
    notes: v.array(v.string()),
    /** What tensors are that nothing tells. */
    takenAs: tensorKind,
  }),
  v.object({
    kind: v.literal("progress"),
    doneBytes: count,
    totalBytes: count,
    secondsLeft: v.nullable(v.number()),
    tensors: v.array(tensorNorms),
  }),
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
    notes: v.array(v.string()),
  }),
  v.object({ kind: v.literal("cancelled") }),
  v.object({ kind: v.literal("failed"), message: v.string() }),
]);
export type ToCheckpoint = v.InferOutput<typeof toCheckpoint>;

/** Checkpoint view → host. */
export const fromCheckpoint = v.variant("kind", [
  v.object({ kind: v.literal("ready") }),
  v.object({ kind: v.literal("compute") }),
  v.object({ kind: v.literal("cancel") }),
  v.object({ kind: v.literal("takeAs"), tensorKind }),
]);
export type FromCheckpoint = v.InferOutput<typeof fromCheckpoint>;
