import * as v from "valibot";
import { count, float, floats } from "../shapes.ts";

const float32s = v.instance(Float32Array);
const bytes = v.instance(Uint8Array);
const counts = v.instance(Uint32Array);

/** A row of the picture: a tensor, or a group of the outline, whose norm is that of all its tensors together. */
const row = v.object({ kind: v.picklist(["tensor", "group"]), name: v.string() });
export type LayerRow = v.InferOutput<typeof row>;

/** More than any screen has; a request for more is dropped. */
const MOST_COLUMNS = 8192;
const grid = v.object({
  from: v.number(),
  width: v.pipe(v.number(), v.gtValue(0)),
  columns: v.pipe(count, v.maxValue(MOST_COLUMNS)),
});
export type LayerGrid = v.InferOutput<typeof grid>;

/** Cells row after row: log10 of the largest (and smallest) positive norm, bits of `CELL_MARKS`, and steps in each. */
const cells = { most: float32s, least: float32s, marks: bytes, steps: counts };

const mover = v.object({
  tensor: v.string(),
  norm: float,
  share: v.nullable(v.number()),
  shareBefore: v.nullable(v.number()),
  jump: v.nullable(v.number()),
});
export type LayerMover = v.InferOutput<typeof mover>;

const profile = v.object({
  pattern: v.string(),
  blocks: v.array(v.object({ group: v.string(), rms: v.number() })),
  decades: v.number(),
  tau: v.number(),
  lambda: v.number(),
});
export type LayerProfile = v.InferOutput<typeof profile>;

const logPoint = v.object({
  step: v.number(),
  value: float,
  /** Zero-based line of a log; null where it is no longer known, and of a group. */
  place: v.nullable(v.object({ path: v.string(), line: count })),
});
export type LogPoint = v.InferOutput<typeof logPoint>;

/** `id` is that of the request, so that an answer which is no longer wanted can be dropped. */
const id = count;

const scale = v.object({ low: v.number(), high: v.number() });

/** Host → the tab "Tensors". */
export const toTensors = v.variant("kind", [
  v.object({
    kind: v.literal("outline"),
    id,
    /** In the order of the model; null when the page has them already. */
    groups: v.nullable(v.array(v.object({ name: v.string(), tensors: v.array(v.string()) }))),
    tensors: count,
    /** First and last step of any tensor; null without samples. */
    steps: v.nullable(v.object({ min: v.number(), max: v.number() })),
    /** Usual distance of two samples of a tensor, in steps. */
    interval: v.number(),
    /** log10 of the norms that the colours begin and end with; of its rows alone while all groups are folded. */
    scale,
    foldedScale: scale,
  }),
  v.object({ kind: v.literal("cells"), id, grid, rows: v.array(row), ...cells }),
  v.object({
    kind: v.literal("shares"),
    id,
    grid,
    names: v.array(v.string()),
    /** Rows of `names`, then of all others together. */
    shares: float32s,
    steps: floats,
    broken: bytes,
  }),
  v.object({
    kind: v.literal("atStep"),
    id,
    /** A logged step: the one nearest to what was asked for. */
    step: v.number(),
    movers: v.array(mover),
    depth: v.object({ isRms: v.boolean(), profiles: v.array(profile) }),
  }),
  v.object({ kind: v.literal("line"), id, row, grid, ...cells, points: v.array(logPoint) }),
]);
export type ToTensors = v.InferOutput<typeof toTensors>;

/** The tab "Tensors" → host. */
export const fromTensors = v.variant("kind", [
  v.object({ kind: v.literal("outline"), id, knownTensors: count }),
  v.object({ kind: v.literal("cells"), id, grid, rows: v.array(row) }),
  v.object({ kind: v.literal("shares"), id, grid }),
  v.object({
    kind: v.literal("atStep"),
    id,
    /** The worst step of a row from `min` to below `max` is meant; of all tensors without a row. */
    row: v.nullable(row),
    steps: v.object({ min: v.number(), max: v.number() }),
  }),
  v.object({
    kind: v.literal("line"),
    id,
    row,
    grid,
    /** The samples around it are told with the lines of the log that hold them. */
    step: v.number(),
  }),
]);
export type FromTensors = v.InferOutput<typeof fromTensors>;
