import * as v from "valibot";
import { count, float, floats } from "../shapes.ts";

const interval = v.tuple([v.number(), v.number()]);

const candidate = v.object({
  method: v.string(),
  /** Null for methods whose limit changes with every step. */
  maxNorm: v.nullable(v.number()),
  /** Null is what the log cannot tell. */
  clippedShare: v.nullable(v.number()),
  meanCoefficient: v.nullable(v.number()),
  retainedLength: v.nullable(v.number()),
  reason: v.string(),
  range: v.exactOptional(v.object({ maxNorm: interval, clippedShare: interval })),
});
export type Candidate = v.InferOutput<typeof candidate>;

const tensorPlan = v.object({
  method: v.string(),
  reason: v.string(),
  /** In the order of the names; Infinity leaves a tensor alone. */
  limits: floats,
  clippedShares: floats,
  clippedShare: float,
  retainedLength: float,
  /** Of the clipped gradient with the gradient, at the median step and at the worst. */
  cosine: float,
  lowestCosine: float,
  /** Global norm at each step after clipping. */
  globalNorms: floats,
});
export type TensorPlan = v.InferOutput<typeof tensorPlan>;

const tensorPlans = v.object({
  names: v.array(v.string()),
  steps: floats,
  /** Global norm of the listed tensors at each step, before clipping. */
  before: floats,
  plans: v.array(tensorPlan),
});
export type TensorPlans = v.InferOutput<typeof tensorPlans>;

const advice = v.object({
  kind: v.literal("advice"),
  runId: v.string(),
  /** The norm that it is about, where the run has several. */
  norm: v.exactOptional(v.string()),
  /** The finite positive norms that count, in the order of their steps. */
  steps: floats,
  norms: floats,
  clipState: v.picklist(["pre", "post", "undetermined"]),
  /** Where the log is cut off, when it is from after clipping: nothing above is known. */
  ceiling: v.nullable(v.number()),
  /** ` (left out: 50 of the warm-up)`, or nothing. */
  leftOut: v.string(),
  /** Empty when refused. */
  candidates: v.array(candidate),
  cautions: v.array(v.object({ kind: v.string(), message: v.string() })),
  refused: v.nullable(v.string()),
  note: v.string(),
  /** Null where the log has no norms of tensors that can be clipped one by one. */
  tensors: v.nullable(tensorPlans),
});
export type Advice = v.InferOutput<typeof advice>;

/** Host → the tab "Clipping". */
export const toClipping = v.variant("kind", [
  advice,
  v.object({ kind: v.literal("tensorPlan"), id: count, plan: tensorPlan }),
  /** What became of a threshold that was to be applied, for people. */
  v.object({ kind: v.literal("applied"), text: v.string() }),
]);
export type ToClipping = v.InferOutput<typeof toClipping>;

/** Which norms count. */
const historyChoice = {
  /** A further norm of the run; missing for the main one. */
  norm: v.exactOptional(v.string()),
  /** Null lets the usual number of last norms count; Infinity cannot be sent, so all of them is this number. */
  last: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  withWarmUp: v.boolean(),
};

/** The tab "Clipping" → host. */
export const fromClipping = v.variant("kind", [
  v.object({ kind: v.literal("advise"), ...historyChoice }),
  /** A plan with all its limits multiplied; the answer has the same id. */
  v.object({
    kind: v.literal("scalePlan"),
    id: count,
    method: v.string(),
    factor: v.pipe(v.number(), v.gtValue(0)),
    ...historyChoice,
  }),
  v.object({ kind: v.literal("apply"), threshold: v.pipe(v.number(), v.gtValue(0)) }),
]);
export type FromClipping = v.InferOutput<typeof fromClipping>;
