import { replayNote } from "#analysis/clipping/advice.ts";
import type { ClipAdvice } from "#analysis/clipping/advice.ts";
import { adviseRun } from "#analysis/clipping/adviseRun.ts";
import { createFixedClipper, measureClipper } from "#analysis/clipping/clipper.ts";
import type { ClipperEffect } from "#analysis/clipping/clipper.ts";
import { normsIn } from "#analysis/clipping/history.ts";
import { normsByName } from "#analysis/normNames.ts";
import type { Run } from "#store/run.ts";
import { furtherNorms } from "./furtherNorms.ts";
import { describeLeftOut } from "#analysis/clipping/refusal.ts";
import type { TensorAdvice } from "#analysis/clipping/tensorAdvice.ts";
import type { Advice, TensorPlan, TensorPlans } from "#protocol/dashboard/clipping.ts";

/** Which norms count, as the page says it. */
export interface HistoryChoice {
  /** A further norm of the run; missing for the main one. */
  readonly norm?: string;
  readonly last: number | null;
  readonly withWarmUp: boolean;
}

/** What answers the tab "Clipping", as one value: what text editors show needs the same advice, so it is in neither bundle. */
export interface ClipAdviser {
  readonly describeAdvice: typeof describeAdvice;
  readonly scalePlan: typeof scalePlan;
}

export const clipAdviser: ClipAdviser = { describeAdvice, scalePlan };

/** A run's clipping advice, and what a page needs to measure thresholds of its own. */
export function describeAdvice(run: Run, choice: HistoryChoice): Advice {
  const advice = adviseOn(run, choice);
  const { history, verdict, refused, candidates, cautions, tensors } = advice;
  return {
    kind: "advice",
    runId: run.id,
    ...nameOf(run, choice),
    steps: history.steps.slice(history.start),
    norms: normsIn(history).slice(),
    clipState: verdict.state,
    ceiling: verdict.state === "post" ? verdict.threshold : null,
    leftOut: describeLeftOut(history),
    candidates: candidates.map(({ range, ...candidate }) => ({
      ...candidate,
      ...(range === undefined ? {} : { range: { maxNorm: [...range.maxNorm], clippedShare: [...range.clippedShare] } }),
    })),
    cautions: [...cautions],
    refused: refused?.message ?? null,
    note: replayNote(),
    tensors: tensors === undefined ? null : describePlans(tensors),
  };
}

/** One of the advised plans with every limit multiplied; undefined when the run has no such plan any more. */
export function scalePlan(
  run: Run,
  { method, factor, ...choice }: HistoryChoice & { readonly method: string; readonly factor: number },
): TensorPlan | undefined {
  const tensors = adviseOn(run, choice).tensors;
  const plan = tensors?.plans.find((one) => one.method === method);
  if (tensors === undefined || plan === undefined) {
    return undefined;
  }
  const limits = plan.limits.map((limit) => limit * factor);
  const effect = measureClipper(tensors.norms, createFixedClipper(limits));
  return describePlan({ method, reason: plan.reason, limits, effect });
}

/** A norm that the run no longer has is the main one again. */
function nameOf(run: Run, { norm }: HistoryChoice): Pick<Advice, "norm"> {
  const [main, ...others] = normsByName(run).keys();
  const name = norm !== undefined && others.includes(norm) ? norm : main;
  return others.length === 0 || name === undefined ? {} : { norm: name };
}

const known = new WeakMap<Run, { readonly key: string; readonly advice: ClipAdvice }>();

/** The last answer is kept as long as the run has not grown: a slider asks many times. */
function adviseOn(run: Run, { norm, last, withWarmUp }: HistoryChoice): ClipAdvice {
  const further = norm === undefined ? undefined : furtherNorms(run).get(norm);
  const points = (further ?? run.first("globalNorm"))?.values().length;
  const key = JSON.stringify([further && norm, points, run.clipThreshold(), last, withWarmUp]);
  const found = known.get(run);
  if (found?.key === key) {
    return found.advice;
  }
  const advice = adviseRun(run, { given: [], last: last ?? undefined, withWarmUp, further });
  known.set(run, { key, advice });
  return advice;
}

function describePlans({ names, norms, plans }: TensorAdvice): TensorPlans {
  const unlimited = createFixedClipper(names.map(() => Infinity));
  return {
    names: [...names],
    steps: norms.steps.slice(norms.start),
    before: Float64Array.from(measureClipper(norms, unlimited).globalNorms),
    plans: plans.map(describePlan),
  };
}

function describePlan(plan: {
  readonly method: string;
  readonly reason: string;
  readonly limits: readonly number[];
  readonly effect: ClipperEffect;
}): TensorPlan {
  const { clippedShare, clippedShares, retainedLength, cosine, lowestCosine, globalNorms } = plan.effect;
  return {
    method: plan.method,
    reason: plan.reason,
    limits: Float64Array.from(plan.limits),
    clippedShares: Float64Array.from(clippedShares),
    clippedShare,
    retainedLength,
    cosine,
    lowestCosine,
    globalNorms: Float64Array.from(globalNorms),
  };
}
