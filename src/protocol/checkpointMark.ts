import * as v from "valibot";
import { count, float, tensorKind } from "./shapes.ts";

/** A checkpoint of a run on the timeline. */
export const checkpointMark = v.object({
  path: v.string(),
  step: v.nullable(v.number()),
  bytes: count,
  /** Null while nobody has looked into it. */
  known: v.nullable(
    v.object({
      format: v.string(),
      tensors: count,
      /** Global norms by kind; none where only the header was read. */
      norms: v.array(v.object({ kind: tensorKind, l2: float, nonFinite: count })),
      /** From Adam's second moments: RMS of the clipped gradient's norm over the last steps. */
      gradientNorm: v.nullable(float),
      /** Of all weights, since the checkpoint of another step. */
      update: v.nullable(
        v.object({
          since: v.number(),
          relative: float,
          perStep: v.nullable(v.object({ low: float, high: float })),
        }),
      ),
    }),
  ),
});
export type CheckpointMark = v.InferOutput<typeof checkpointMark>;
