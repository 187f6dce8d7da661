import * as v from "valibot";
import { checkpointMark } from "./checkpointMark.ts";
import { clipThreshold, count, finding, float, floats } from "./shapes.ts";

const chartSeries = v.object({
  role: v.picklist(["globalNorm", "loss", "learningRate"]),
  /** As the log spells it. */
  name: v.string(),
  steps: floats,
  values: floats,
});
export type ChartSeries = v.InferOutput<typeof chartSeries>;

const tensorRow = v.object({
  name: v.string(),
  /** Norms in the unit of the log; the last, the median and the 99th percentile of the finite ones. */
  last: float,
  median: v.nullable(v.number()),
  p99: v.nullable(v.number()),
  /** Part of the squared global norm at the last step, 0 to 1; null when it cannot be known. */
  share: v.nullable(v.number()),
  nonFinite: count,
  zeros: count,
  /** The last values, oldest first, for a sparkline. */
  recent: floats,
});
export type TensorRow = v.InferOutput<typeof tensorRow>;

const runName = v.object({ id: v.string(), name: v.string() });

/** What may change besides the curves; small, so it is sent whole. */
const runState = {
  findings: v.array(finding),
  checkpoints: v.array(checkpointMark),
  tensors: v.array(tensorRow),
};

const dashboardRun = v.object({
  ...runName.entries,
  /** The log the global norm is shown from. */
  source: v.string(),
  clipThreshold: v.nullable(clipThreshold),
  series: v.array(chartSeries),
  ...runState,
});
export type DashboardRun = v.InferOutput<typeof dashboardRun>;

/** Host → dashboard. It can be rebuilt from one `replace`; `append` only saves bytes. */
export const toDashboard = v.variant("kind", [
  v.object({
    kind: v.literal("replace"),
    sequence: count,
    runs: v.array(runName),
    /** Null when no run is followed. */
    run: v.nullable(dashboardRun),
  }),
  v.object({
    kind: v.literal("append"),
    /** One more than the message before; on a gap the dashboard asks for a new `replace`. */
    sequence: count,
    series: v.array(chartSeries),
    ...runState,
  }),
]);
export type ToDashboard = v.InferOutput<typeof toDashboard>;

/** Dashboard → host. */
export const fromDashboard = v.variant("kind", [
  v.object({ kind: v.literal("ready") }),
  v.object({ kind: v.literal("selectRun"), id: v.string() }),
  v.object({ kind: v.literal("revealStep"), step: v.number() }),
  v.object({ kind: v.literal("inspectCheckpoint"), path: v.string() }),
  v.object({ kind: v.literal("openExample") }),
]);
export type FromDashboard = v.InferOutput<typeof fromDashboard>;
