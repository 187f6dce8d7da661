import * as v from "valibot";
import { count, float, floats } from "../shapes.ts";

const tensorRow = {
  name: v.string(),
  /** Norms in the unit of the log; the last, the median and the 99th percentile of the finite ones. */
  last: float,
  median: v.nullable(v.number()),
  p99: v.nullable(v.number()),
  /** Part of the squared global norm at the last step, 0 to 1, in float32; null when it cannot be known. */
  share: v.nullable(v.number()),
  nonFinite: count,
  zeros: count,
  /** The last values, oldest first, for a sparkline. */
  recent: floats,
};

/** All tensors, in the order of the log. */
export const tensorRows = v.array(v.object(tensorRow));
export type TensorRow = v.InferOutput<typeof tensorRows>[number];

/** Values that a row keeps for its sparkline: as wide as a table cell. */
export const RECENT_VALUES = 60;

/** Changes of the rows that the page has, by their number; columns instead of rows, since every step changes most of them. */
export const tensorChanges = v.object({
  /** Rows that there are now. */
  count,
  /** Rows that are new or do not go on where they were. */
  whole: v.array(v.object({ row: count, ...tensorRow })),
  /** Rows with new samples or another share, ascending; null stands for every row. */
  grown: v.nullable(v.instance(Uint32Array)),
  /** How many new samples each of them has, and these samples row after row. */
  added: v.instance(Uint8Array),
  values: floats,
  /** NaN stands for null. */
  shares: v.instance(Float32Array),
  /** A row, its non-finite samples and its zeros, one after the other, where these are others than before. */
  counted: v.instance(Uint32Array),
  /** Of neighbouring rows from `from` on; NaN stands for null. They may come some messages after the samples. */
  quantiles: v.object({ from: count, medians: floats, p99s: floats }),
});
export type TensorChanges = v.InferOutput<typeof tensorChanges>;
