import { compareRuns } from "#analysis/consistency/betweenRuns.ts";
import { marksIn } from "#analysis/consistency/marks.ts";
import { globalCurve } from "#analysis/consistency/ofRun.ts";
import { pairsOf, ratioOf } from "#analysis/consistency/ratio.ts";
import { divergingTensors, firstDivergence } from "#analysis/divergence.ts";
import type { ComparedCurve, Divergence } from "#analysis/divergence.ts";
import { whatCounts } from "#analysis/tensors/whatCounts.ts";
import type { Comparison, FromCompare, ToCompare } from "#protocol/dashboard/compare.ts";
import type { Run } from "#store/run.ts";
import { runName } from "../runs/runNames.ts";
import { factsOf } from "./runFacts.ts";
import type { TabContext } from "./tabContext.ts";

// The page lists the first of the tensors that differ; how many there are is told beside them.
const MOST_TENSORS = 200;
// Enough for every screen.
const MOST_COLUMNS = 50_000;

/** Answers the tab "Compare". A run without a global norm has nothing to compare. */
export function answerCompare(request: FromCompare, { run, store, post }: TabContext<ToCompare>): void {
  const other = store.get(request.otherId);
  if (other !== undefined) {
    post(compare(run, other, request.tolerance));
  }
}

const NOTHING: ComparedCurve = { steps: [], values: [] };

function compare(run: Run, other: Run, tolerance: number): Comparison {
  const [own, theirs] = [globalCurve(run) ?? NOTHING, globalCurve(other) ?? NOTHING];
  const divergence = firstDivergence(own, theirs, tolerance);
  const [ownTensors, otherTensors] = [curvesOf(run), curvesOf(other)];
  const diverging = divergingTensors(ownTensors, otherTensors, tolerance);
  const { steps, values } = other.first("globalNorm")?.thinned(MOST_COLUMNS) ?? NOTHING;
  return {
    kind: "comparison",
    runId: run.id,
    otherId: other.id,
    steps: Float64Array.from(steps),
    values: Float64Array.from(values),
    ...ratiosOf(own, theirs),
    suspicion: compareRuns({ ...own, name: runName(run.id) }, { ...theirs, name: runName(other.id) })?.sentence ?? null,
    tolerance,
    divergence: divergence === undefined ? null : named(divergence),
    tensors: diverging.slice(0, MOST_TENSORS).map((one) => ({ tensor: one.tensor, ...named(one) })),
    divergingTensors: diverging.length,
    commonTensors: Array.from(ownTensors.keys()).filter((name) => otherTensors.has(name)).length,
    facts: factsOf(run, other),
  };
}

/** Other / own at each common step where both are positive. */
function ratiosOf(
  own: ComparedCurve,
  theirs: ComparedCurve,
): Pick<Comparison, "ratioSteps" | "ratios" | "ratio" | "marks"> {
  const pairs = pairsOf(theirs, own);
  const ratio = ratioOf(pairs);
  const ratios = Float64Array.from(pairs, ({ a, b }) => a / b);
  return {
    ratioSteps: Float64Array.from(pairs, ({ step }) => step),
    ratios,
    ratio: ratio === undefined ? null : { median: ratio.value, spread: ratio.spread, pairs: ratio.pairs },
    marks: ratio === undefined ? [] : [...marksIn(rangeOf(ratios), ratio.value)],
  };
}

function rangeOf(ratios: Float64Array): { readonly low: number; readonly high: number } {
  let [low, high] = [1, 1];
  for (const ratio of ratios) {
    low = Math.min(low, ratio);
    high = Math.max(high, ratio);
  }
  return { low: low / 1.1, high: high * 1.1 };
}

function named({
  step,
  a,
  b,
  difference,
}: Divergence): Pick<Comparison["tensors"][number], "step" | "own" | "other" | "difference"> {
  return { step, own: a, other: b, difference };
}

/** Read only when it is needed: a run has thousands of tensors. */
function curvesOf(run: Run): ReadonlyMap<string, () => ComparedCurve> {
  return new Map(
    Array.from(run.tensors(), ([name, series]) => [
      name,
      () => whatCounts({ steps: series.steps(), values: series.values(), lines: series.lines() }),
    ]),
  );
}
