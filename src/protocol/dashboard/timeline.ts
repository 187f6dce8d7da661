import * as v from "valibot";
import { count, floats } from "../shapes.ts";

/** What the steps can be counted in beside themselves. */
const axisName = v.picklist(["time", "samples", "tokens"]);
export type AxisName = v.InferOutput<typeof axisName>;

const surroundings = v.object({
  kind: v.literal("surroundings"),
  runId: v.string(),
  /** The baseline of the rules, columns of equal length; NaN where there is none. */
  steps: floats,
  median: floats,
  low: floats,
  high: floats,
  warmUps: v.array(v.object({ from: v.number(), until: v.number() })),
  /** First steps after a restart. */
  resumes: v.array(v.number()),
  rateChanges: v.array(v.object({ step: v.number(), from: v.number(), to: v.number() })),
  /** Axes that the log has. */
  axes: v.array(axisName),
});
export type Surroundings = v.InferOutput<typeof surroundings>;

const axis = v.object({
  kind: v.literal("axis"),
  runId: v.string(),
  name: axisName,
  /** Ascending steps and what was reached there: seconds since the first step, samples or tokens. */
  steps: floats,
  values: floats,
});

const overlay = v.object({
  kind: v.literal("overlay"),
  runId: v.string(),
  /** Missing for the main one. */
  norm: v.exactOptional(v.string()),
  /** Names the series that was sent; another one starts anew. */
  token: count,
  /** Samples of it that the page now has, told so that it can ask for the rest. */
  sent: count,
  /** The samples stand for the whole series, not only for what was added. */
  isWhole: v.boolean(),
  steps: floats,
  values: floats,
});
export type Overlay = v.InferOutput<typeof overlay>;

/** Host → the tab "Timeline". */
export const toTimeline = v.variant("kind", [surroundings, axis, overlay]);
export type ToTimeline = v.InferOutput<typeof toTimeline>;

/** The tab "Timeline" → host. */
export const fromTimeline = v.variant("kind", [
  v.object({ kind: v.literal("surroundings") }),
  v.object({ kind: v.literal("axis"), name: axisName }),
  /** A further norm of the run, or the main one of another run, after what the page has of it. */
  v.object({
    kind: v.literal("overlay"),
    runId: v.string(),
    norm: v.exactOptional(v.string()),
    token: count,
    sent: count,
  }),
]);
export type FromTimeline = v.InferOutput<typeof fromTimeline>;

/** What VS Code hands to a command from the menu on a point, after the page has written it down. */
export const chartPoint = v.object({
  runId: v.string(),
  step: v.number(),
  /** As people read it: NaN has a name. */
  value: v.string(),
});

/** The same where the point has a finding, or belongs to a tensor. */
export const findingOfPoint = v.object({ rule: v.string() });
export const tensorOfPoint = v.object({ tensor: v.string() });
