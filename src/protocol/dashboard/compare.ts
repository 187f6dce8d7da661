import * as v from "valibot";
import { count, float, floats } from "../shapes.ts";

const divergence = v.object({
  step: v.number(),
  /** The values of the run shown and of the other one. */
  own: float,
  other: float,
  /** |other − own| in parts of the larger; Infinity where only one is a number. */
  difference: float,
});

const tensorDivergence = v.object({ ...divergence.entries, tensor: v.string() });
export type TensorDivergence = v.InferOutput<typeof tensorDivergence>;

const comparison = v.object({
  kind: v.literal("comparison"),
  runId: v.string(),
  otherId: v.string(),
  /** The norms of the other run, as the timeline gets its own; and other / own at the steps that both have. */
  steps: floats,
  values: floats,
  ratioSteps: floats,
  ratios: floats,
  /** Median of the ratios, and their robust spread as a share; null without a common step. */
  ratio: v.nullable(v.object({ median: v.number(), spread: v.number(), pairs: count })),
  /** Factors that sharding, reduction and loss scaling make, near to the ratios: `√8`, `1/2`. */
  marks: v.array(v.object({ value: v.number(), text: v.string() })),
  /** Why the ratio looks like an artefact; null when it does not. */
  suspicion: v.nullable(v.string()),
  tolerance: v.number(),
  divergence: v.nullable(divergence),
  /** Those that differ, the first first; cut to a screen or two. */
  tensors: v.array(tensorDivergence),
  divergingTensors: count,
  commonTensors: count,
  /** What the two runs are, fact by fact. */
  facts: v.array(v.object({ label: v.string(), own: v.string(), other: v.string() })),
});
export type Comparison = v.InferOutput<typeof comparison>;

/** Host → the tab "Compare". */
export const toCompare = v.variant("kind", [comparison]);
export type ToCompare = v.InferOutput<typeof toCompare>;

/** The tab "Compare" → host. */
export const fromCompare = v.variant("kind", [
  v.object({ kind: v.literal("compare"), otherId: v.string(), tolerance: v.pipe(v.number(), v.minValue(0)) }),
]);
export type FromCompare = v.InferOutput<typeof fromCompare>;
