import * as v from "valibot";
import { TENSOR_KINDS } from "#core/tensor.ts";

// Names and paths are shorter on every system.
const MOST_CHARACTERS = 4096;
const MOST_ROWS = 100;

const text = (description: string): v.GenericSchema<string> =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(MOST_CHARACTERS), v.description(description));
const whole = (description: string, least: number, most: number): v.GenericSchema<number> =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most), v.description(description));

const run = text("Absolute path of a run's folder, as gradlens_list_runs gives it, or of one log file.");
const tensor = v.optional(
  text("Only tensors of this name; * stands for any characters, ? for one, as in transformer.h.0.*"),
);
const limit = v.optional(whole("Rows at most; the answer may have fewer, since it is short.", 1, MOST_ROWS));
const offset = v.optional(whole("Rows to leave out at the start, to read on.", 0, Number.MAX_SAFE_INTEGER));

export const listRunsInput = v.strictObject({ limit, offset });

export const getNormsInput = v.strictObject({
  run,
  tensor,
  from_step: v.optional(v.pipe(v.number(), v.description("First step that counts."))),
  to_step: v.optional(v.pipe(v.number(), v.description("Last step that counts."))),
  limit,
  offset,
});

export const findAnomaliesInput = v.strictObject({
  run,
  severity: v.optional(
    v.pipe(v.picklist(["info", "warning", "error"]), v.description("Only findings of this severity and above.")),
  ),
  tensor,
  limit,
  offset,
});

export const recommendClippingInput = v.strictObject({
  run,
  max_norm: v.optional(
    v.pipe(
      v.array(v.pipe(v.number(), v.gtValue(0))),
      v.maxLength(5),
      v.description("Thresholds to measure beside the suggested ones."),
    ),
  ),
  per_tensor: v.optional(
    v.pipe(v.boolean(), v.description("List a limit for every tensor, where the log has their norms.")),
  ),
  limit,
  offset,
});

export const inspectCheckpointInput = v.strictObject({
  path: text("Absolute path of a checkpoint file, a checkpoint folder, or an index of shards."),
  tensor,
  compute: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        "Compute norms and look for NaN and Inf. Reads the whole checkpoint; names and shapes need no more than its header.",
      ),
    ),
  ),
  kind: v.optional(
    v.pipe(v.picklist(TENSOR_KINDS), v.description("What the tensors are that no name tells; weights when missing.")),
  ),
  limit,
  offset,
});

export type ListRunsInput = v.InferOutput<typeof listRunsInput>;
export type GetNormsInput = v.InferOutput<typeof getNormsInput>;
export type FindAnomaliesInput = v.InferOutput<typeof findAnomaliesInput>;
export type RecommendClippingInput = v.InferOutput<typeof recommendClippingInput>;
export type InspectCheckpointInput = v.InferOutput<typeof inspectCheckpointInput>;
