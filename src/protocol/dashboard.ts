import * as v from "valibot";
import { checkpointMark } from "./checkpointMark.ts";
import { fromClipping, toClipping } from "./dashboard/clipping.ts";
import { fromCompare, toCompare } from "./dashboard/compare.ts";
import { furtherNorm } from "./dashboard/furtherNorm.ts";
import { savedFile } from "./dashboard/savedFile.ts";
import { tensorChanges, tensorRows } from "./dashboard/tensorRows.ts";
import { fromTensors, toTensors } from "./dashboard/tensors.ts";
import { fromTimeline, toTimeline } from "./dashboard/timeline.ts";
import { axis, clipThreshold, count, finding, floats } from "./shapes.ts";

const chartSeries = v.object({
  role: v.picklist(["globalNorm", "loss", "learningRate", "lossScale", "skippedSteps"]),
  /** As the log spells it. */
  name: v.string(),
  steps: floats,
  values: floats,
});
export type ChartSeries = v.InferOutput<typeof chartSeries>;

const runName = v.object({ id: v.string(), name: v.string() });

const dashboardRun = v.object({
  ...runName.entries,
  /** The log the global norm is shown from. */
  source: v.string(),
  axis: v.exactOptional(axis),
  clipThreshold: v.nullable(clipThreshold),
  series: v.array(chartSeries),
  /** Their samples are asked for. */
  furtherNorms: v.array(furtherNorm),
  findings: v.array(finding),
  checkpoints: v.array(checkpointMark),
  tensors: tensorRows,
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
    // The first `keep` stay as they are, the items follow.
    findings: v.object({ keep: count, items: v.array(finding) }),
    checkpoints: v.object({ keep: count, items: v.array(checkpointMark) }),
    tensors: tensorChanges,
  }),
  /** Opens the tab "Tensors" on a tensor of the run that was sent last. */
  v.object({ kind: v.literal("focusTensor"), tensor: v.string() }),
  // Answers to the tabs; each tab has its messages in a file of its own.
  v.object({ kind: v.literal("timeline"), answer: toTimeline }),
  v.object({ kind: v.literal("tensors"), answer: toTensors }),
  v.object({ kind: v.literal("clipping"), answer: toClipping }),
  v.object({ kind: v.literal("compare"), answer: toCompare }),
]);
export type ToDashboard = v.InferOutput<typeof toDashboard>;

/** Dashboard → host. */
export const fromDashboard = v.variant("kind", [
  v.object({ kind: v.literal("ready") }),
  v.object({ kind: v.literal("selectRun"), id: v.string() }),
  // The line of the tensor's norm at the step; of the global norm without a tensor.
  v.object({ kind: v.literal("revealStep"), step: v.number(), tensor: v.exactOptional(v.string()) }),
  v.object({ kind: v.literal("inspectCheckpoint"), path: v.string() }),
  v.object({ kind: v.literal("openExample") }),
  v.object({ kind: v.literal("followRun") }),
  v.object({ kind: v.literal("insertLogging") }),
  /** Puts text on the clipboard. */
  v.object({ kind: v.literal("copy"), text: v.string() }),
  savedFile,
  v.object({ kind: v.literal("openRule"), rule: v.string() }),
  v.object({ kind: v.literal("ignoreRule"), rule: v.string() }),
  v.object({ kind: v.literal("ignoreTensor"), tensor: v.string() }),
  v.object({ kind: v.literal("timeline"), request: fromTimeline }),
  v.object({ kind: v.literal("tensors"), request: fromTensors }),
  v.object({ kind: v.literal("clipping"), request: fromClipping }),
  v.object({ kind: v.literal("compare"), request: fromCompare }),
]);
export type FromDashboard = v.InferOutput<typeof fromDashboard>;
