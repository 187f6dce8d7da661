import * as v from "valibot";
import type { AdamState, CheckpointComparison } from "#core/comparison.ts";
import { count, described, dtype, float, tensorDescription, tensorKind, unmeasuredTensor } from "./shapes.ts";

// Two checkpoints side by side, checked value by value.

const change = v.object({
  before: float,
  after: float,
  delta: float,
  dot: float,
  maxDelta: float,
  changed: count,
  roundedAway: count,
  nonFiniteBefore: count,
  nonFiniteAfter: count,
});

const sums = v.object({
  squaredMean: float,
  squaredGradient: float,
  update: float,
  belowEpsilon: count,
  zeros: count,
  nonFinite: count,
  ratios: v.array(count),
});

export const adamState: v.GenericSchema<unknown, AdamState> = v.object({
  parameters: v.array(
    v.object({
      name: v.string(),
      elements: count,
      step: v.nullable(float),
      beta1: float,
      beta2: float,
      epsilon: float,
      learningRate: v.nullable(float),
      weightDecay: v.nullable(float),
      sums,
      storedNorm: v.nullable(float),
    }),
  ),
  notes: v.array(v.string()),
});

const side = v.object({ format: v.string(), bytes: count, hasMasterWeights: v.boolean(), adam: v.nullable(adamState) });

export const checkpointComparison: v.GenericSchema<unknown, CheckpointComparison> = v.object({
  before: side,
  after: side,
  tensors: v.array(v.object({ ...described, nameBefore: v.string(), dtypeBefore: dtype, isTied: v.boolean(), change })),
  reshaped: v.array(
    v.object({
      name: v.string(),
      kind: tensorKind,
      shapeBefore: v.array(count),
      shapeAfter: v.array(count),
    }),
  ),
  added: v.array(tensorDescription),
  missing: v.array(tensorDescription),
  unmeasured: v.array(unmeasuredTensor),
  threads: count,
  readBytes: count,
  seconds: float,
  notes: v.array(v.string()),
});
