import type { Numbers } from "#core/numbers.ts";
import { contextOf, isOfOtherRank } from "../points/logContext.ts";
import type { LoggedSeries, SeriesByKind } from "../points/logContext.ts";
import { createSkipCount } from "../points/skipCount.ts";
import { whatCounts } from "../tensors/whatCounts.ts";
import { checkNorms, segmentsOf } from "./check.ts";
import type { Curve, Suspicion } from "./suspicion.ts";

/** A series of a run, whole. */
export interface WholeSeries extends LoggedSeries {
  steps(): Numbers;
  values(): Numbers;
  lines(): Numbers;
  resolution(): number | undefined;
}

export interface CheckedRun extends SeriesByKind<WholeSeries> {
  readonly tensors: () => ReadonlyMap<string, WholeSeries>;
}

/** Reasons to doubt a run's logged global norm; none when it logs none. */
export function checkRun(run: CheckedRun): readonly Suspicion[] {
  const [norms, ...further] = run.ofKind("globalNorm");
  if (norms === undefined) {
    return [];
  }
  const context = contextOf(run, norms.key);
  const others = further.filter(({ key }) => isOfOtherRank(key.name, norms.key.name));
  const tensors = [...run.tensors()];
  const skipped = skippedSteps(norms, context);
  return checkNorms({
    global: curveOf(norms),
    axis: norms.key.axis,
    resolution: norms.resolution(),
    segments: segmentsOf({ steps: norms.steps(), values: norms.values() }),
    tensors: new Map(tensors.map(([name, one]) => [name, curveOf(one)])),
    areEstimates: tensors.some(([, { key }]) => key.isEstimate === true),
    scaleAt: (step) => context.lossScaleAt?.(step),
    isSkipped: (step) => skipped.has(step),
    ranks: [norms, ...others].map(curveOf),
  });
}

/** The norms of a run that count, to be compared with another run's; undefined when it logs none. */
export function globalCurve(run: CheckedRun): Curve | undefined {
  const [norms] = run.ofKind("globalNorm");
  return norms === undefined ? undefined : curveOf(norms);
}

function curveOf(series: WholeSeries): Curve {
  return whatCounts({ steps: series.steps(), values: series.values(), lines: series.lines() });
}

/** Steps that fp16 loss scaling gave up. */
function skippedSteps(norms: WholeSeries, context: ReturnType<typeof contextOf>): ReadonlySet<number> {
  const count = createSkipCount();
  return new Set(Array.from(curveOf(norms).steps).filter((step) => count.push(context, step) > 0));
}
