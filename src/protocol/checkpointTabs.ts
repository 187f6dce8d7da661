import * as v from "valibot";
import { count, float, severity, tensorDescription, tensorKind, unmeasuredTensor } from "./shapes.ts";

// What the checkpoint view shows beside norms: what Adam's moments tell, and another checkpoint.

const share = v.nullable(float);
const interval = v.nullable(v.object({ low: float, high: float }));

const finding = v.object({
  rule: v.string(),
  severity,
  tensor: v.nullable(v.string()),
  message: v.string(),
});
export type ShownFinding = v.InferOutput<typeof finding>;

const adamRow = v.object({
  name: v.string(),
  elements: count,
  step: v.nullable(float),
  /** sqrt(Σ v̂): RMS of the gradient norm over the last steps, after clipping; and the same per element. */
  norm: float,
  rms: float,
  /** |G| of the mean gradient; null where it is not known. */
  signal: v.nullable(float),
  /** sqrt(tr Σ) of the gradient of one batch; null where it is not known. */
  noise: v.nullable(float),
  /** In batches; null where it is not known, or below the noise. */
  noiseScale: v.nullable(float),
  isBelowNoise: v.boolean(),
  /** The next update by the weight, without decay. */
  updateRatio: v.nullable(float),
  /** Shares of the elements, 0 to 1. */
  belowEpsilon: float,
  zeros: float,
  nonFinite: count,
});
export type AdamRow = v.InferOutput<typeof adamRow>;

export const adamShown = v.object({
  rows: v.array(adamRow),
  globalNorm: float,
  /** Steps that parameters have taken, fewest first. */
  steps: v.array(float),
  /** Of how many steps the norm is about an average. */
  memory: v.nullable(float),
  /** Elements by |m̂|/√v̂ in bins of 0.1, the last for 2 and more. */
  ratios: v.array(count),
  findings: v.array(finding),
  notes: v.array(v.string()),
});
export type AdamShown = v.InferOutput<typeof adamShown>;

const updateRow = v.object({
  name: v.string(),
  kind: tensorKind,
  shape: v.array(count),
  elements: count,
  before: float,
  after: float,
  delta: float,
  relative: share,
  perStep: interval,
  cosine: share,
  /** Share of the elements that differ, 0 to 1. */
  changed: float,
  maxDelta: float,
  isUnmoved: v.boolean(),
});
export type UpdateRow = v.InferOutput<typeof updateRow>;

export const comparisonShown = v.object({
  /** For people. */
  before: v.string(),
  after: v.string(),
  steps: v.nullable(v.object({ count: float, from: v.picklist(["given", "optimizer", "names"]) })),
  whole: v.nullable(v.object({ relative: float, perStep: interval })),
  updates: v.array(updateRow),
  reshaped: v.array(v.object({ name: v.string(), shapeBefore: v.array(count), shapeAfter: v.array(count) })),
  added: v.array(tensorDescription),
  missing: v.array(tensorDescription),
  unmeasured: v.array(unmeasuredTensor),
  findings: v.array(finding),
  readBytes: count,
  seconds: float,
  notes: v.array(v.string()),
});
export type ComparisonShown = v.InferOutput<typeof comparisonShown>;
