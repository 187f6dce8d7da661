import { depthAt } from "#analysis/layers/depthAt.ts";
import { moversAt } from "#analysis/layers/movers.ts";
import { firstAtLeast, nearestStep } from "#analysis/layers/samples.ts";
import { sumSquares } from "#analysis/layers/squares.ts";
import { worstStep } from "#analysis/layers/worstStep.ts";
import type { FromTensors, LayerRow, ToTensors } from "#protocol/dashboard/tensors.ts";
import { ALL_STEPS } from "#store/columns/bucket.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";
import { elementsIn } from "#following/elementsIn.ts";
import { samplesOfAll, samplesOfRow } from "./layerSamples.ts";

type AtStep = Extract<ToTensors, { kind: "atStep" }>;
type Asked = Extract<FromTensors, { kind: "atStep" }>;

/** Rows that a tensor's usual part is the median of. */
const ROWS_BEFORE = 20;
const MOST_MOVERS = 12;

/** Who made the norm of a step; undefined when the run has no norms of tensors. */
export function describeStep(run: Run, { row, steps }: Asked): Omit<AtStep, "kind" | "id"> | undefined {
  const tensors = run.tensors();
  const longest = longestOf(tensors);
  const window = { from: steps.min, until: steps.max };
  const logged = longest?.counted(ALL_STEPS).steps ?? new Float64Array();
  const step = worstIn(run, row, window) ?? nearestStep(logged, (steps.min + steps.max) / 2);
  if (step === undefined) {
    return undefined;
  }
  const place = firstAtLeast(logged, step);
  const before = Array.from(new Set(logged.subarray(Math.max(0, place - ROWS_BEFORE), place)));
  const depth = depthAt(samplesOfAll(run, ALL_STEPS), step, (name) => elementsIn(run, name));
  return {
    step,
    movers: moversAt(run.tensorNormsAt(step), before.map(run.tensorNormsAt), MOST_MOVERS).map((mover) => ({
      ...mover,
    })),
    depth: { isRms: depth.isRms, profiles: depth.profiles.map((one) => ({ ...one, blocks: [...one.blocks] })) },
  };
}

/** The tensor that is logged most often tells the steps of all. */
function longestOf(tensors: ReadonlyMap<string, SourcedSeries>): SourcedSeries | undefined {
  let longest: SourcedSeries | undefined;
  for (const series of tensors.values()) {
    longest = longest === undefined || series.count() > longest.count() ? series : longest;
  }
  return longest;
}

/** Of a row, or of all tensors together, in a window of steps. */
function worstIn(run: Run, row: LayerRow | null, window: { from: number; until: number }): number | undefined {
  const samples = row === null ? samplesOfAll(run, window) : samplesOfRow(run, row, window);
  const [only] = samples;
  if (samples.length === 1 && only !== undefined) {
    return worstStep(only);
  }
  const { steps, squares } = sumSquares(samples);
  return worstStep({ steps, values: squares });
}
