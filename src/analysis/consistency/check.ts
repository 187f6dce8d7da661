import type { Axis } from "#core/series.ts";
import { compareWithTensors } from "./againstTensors.ts";
import { compareAtRestarts } from "./atRestarts.ts";
import type { Segment } from "./atRestarts.ts";
import { findBfloat16 } from "./bfloat16.ts";
import { followLossScale } from "./lossScale.ts";
import { findPlaceholders, findStaleRepeats } from "./placeholders.ts";
import { compareRanks } from "./ranks.ts";
import { recompute } from "./recompute.ts";
import { findSawtooth } from "./sawtooth.ts";
import type { Curve, Suspicion } from "./suspicion.ts";

/** A run's logged norms and what its log says beside them. */
export interface CheckedNorms {
  /** The global norm: what no restart replaced, ascending by step. */
  readonly global: Curve;
  /** What its steps count, when it is not optimizer steps. */
  readonly axis?: Axis | undefined;
  /** Half a unit of the last digit printed, where values were printed with few. */
  readonly resolution: number | undefined;
  /** The global norm from each restart to the next, what was replaced included. */
  readonly segments: readonly Segment[];
  readonly tensors: ReadonlyMap<string, Curve>;
  /** Norms of the tensors are estimates, which agree with no sum. */
  readonly areEstimates: boolean;
  readonly scaleAt: (step: number) => number | undefined;
  readonly isSkipped: (step: number) => boolean;
  /** The norms that the processes of one training logged each for itself. */
  readonly ranks: readonly Curve[];
}

/** Every reason to doubt that the logged number is the norm of the whole gradient. Empty when there is none. */
export function checkNorms(norms: CheckedNorms): readonly Suspicion[] {
  const { global, axis, resolution, segments, tensors, areEstimates, scaleAt, isSkipped, ranks } = norms;
  const found = [
    findPlaceholders(global, axis),
    findStaleRepeats(global, isSkipped),
    areEstimates ? undefined : compareWithTensors(recompute(global, tensors), axis),
    followLossScale(global, scaleAt),
    compareRanks(ranks, axis),
    findSawtooth(global),
    ...compareAtRestarts(segments, axis),
    findBfloat16(global, resolution),
  ];
  return found.filter((one) => one !== undefined);
}

/** A series cut where its steps go back. */
export function segmentsOf({ steps, values }: Curve): readonly Segment[] {
  const starts = Array.from(steps).flatMap((step, index) =>
    index === 0 || step < (steps[index - 1] ?? step) ? [index] : [],
  );
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? steps.length;
    return { steps: Array.from(steps).slice(start, end), values: Array.from(values).slice(start, end) };
  });
}
