import * as v from "valibot";
import { isDType } from "#core/dtype.ts";
import type { DType } from "#core/dtype.ts";
import type { Finding } from "#core/finding.ts";
import { LOG_FORMATS_BY_PRECISION } from "#core/log.ts";
import type { ClipThreshold, LogFormat, LogPosition } from "#core/log.ts";
import { isWhole } from "#core/packedChunks.ts";
import type { PackedBatch, PackedChunks, PackedEnd } from "#core/packedChunks.ts";
import { SEVERITIES, isRuleId } from "#core/rules.ts";
import type { RuleId } from "#core/rules.ts";
import type { CheckpointFile, RunFiles } from "#core/run.ts";
import { AXES, SERIES_KINDS } from "#core/series.ts";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type {
  GlobalNorms,
  MagnitudeHistogram,
  TensorDescription,
  TensorNorms,
  UnmeasuredTensor,
} from "#core/tensor.ts";

// The shapes that cross a process border, checked value by value. Each is held to its core type by the compiler.

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Any number; the non-finite ones also by their names, as they cross the wire to a webview. */
export const float = v.union([
  v.number(),
  v.nan(),
  v.pipe(v.picklist(["NaN", "Infinity", "-Infinity"]), v.transform(Number)),
]);
export const floats = v.instance(Float64Array);

export const dtype = v.custom<DType>((value) => typeof value === "string" && isDType(value));
const ruleId = v.custom<RuleId>(isRuleId);
export const tensorKind = v.picklist(TENSOR_KINDS);
/** What steps count, when it is not optimizer steps. */
export const axis = v.picklist(AXES);
export const severity = v.picklist(SEVERITIES);
const logFormat: v.GenericSchema<unknown, LogFormat> = v.picklist(LOG_FORMATS_BY_PRECISION);

/** The fields of a `TensorDescription`. */
export const described = {
  name: v.string(),
  kind: tensorKind,
  dtype,
  shape: v.array(count),
  elements: count,
  file: v.string(),
  parameter: v.exactOptional(v.string()),
  isDeclared: v.exactOptional(v.literal(true)),
};

export const tensorDescription: v.GenericSchema<unknown, TensorDescription> = v.object(described);

export const unmeasuredTensor: v.GenericSchema<unknown, UnmeasuredTensor> = v.object({ ...described, why: v.string() });

export const histogram: v.GenericSchema<unknown, MagnitudeHistogram> = v.object({
  firstExponent: v.pipe(v.number(), v.integer()),
  counts: v.array(count),
});

const nonFiniteCounts = { nan: count, posInf: count, negInf: count };

export const tensorNorms: v.GenericSchema<unknown, TensorNorms> = v.object({
  ...described,
  ...nonFiniteCounts,
  l2: float,
  linf: float,
  rms: float,
  firstNonFinite: v.nullable(count),
  l1: v.nullable(float),
  mean: v.nullable(float),
  zeros: v.nullable(count),
  histogram: v.nullable(histogram),
});

export const globalNorms: v.GenericSchema<unknown, GlobalNorms> = v.object({
  ...nonFiniteCounts,
  l2: float,
  linf: float,
  rms: float,
  elements: count,
  tensors: count,
});

const packedChunks: v.GenericSchema<unknown, PackedChunks> = v.pipe(
  v.object({
    kinds: v.array(v.picklist(SERIES_KINDS)),
    names: v.array(v.string()),
    tensors: v.array(v.nullable(v.string())),
    lengths: v.instance(Uint32Array),
    steps: floats,
    values: floats,
    lines: floats,
    areTimed: v.instance(Uint8Array),
    wallTimes: floats,
    resolutions: floats,
    extras: v.array(
      v.object({
        chunk: count,
        axis: v.exactOptional(axis),
        isEstimate: v.exactOptional(v.literal(true)),
        file: v.exactOptional(v.string()),
      }),
    ),
  }),
  v.check((chunks) => isWhole(chunks)),
);

export const logPosition: v.GenericSchema<unknown, LogPosition> = v.object({
  format: logFormat,
  offset: count,
  line: count,
  identity: v.string(),
  carry: v.string(),
});

export const clipThreshold: v.GenericSchema<unknown, ClipThreshold> = v.object({ value: float, source: v.string() });

export const logBatch: v.GenericSchema<unknown, PackedBatch> = v.object({
  chunks: packedChunks,
  position: logPosition,
  restarted: v.boolean(),
  more: v.boolean(),
  clipThreshold: v.nullable(clipThreshold),
  problems: v.array(v.object({ line: count, reason: v.string(), count: v.exactOptional(count) })),
});

export const logEnd: v.GenericSchema<unknown, PackedEnd> = v.object({ chunks: packedChunks });

const checkpointFile: v.GenericSchema<unknown, CheckpointFile> = v.object({
  path: v.string(),
  step: v.nullable(v.number()),
  bytes: count,
});

export const runFiles: v.GenericSchema<unknown, RunFiles> = v.object({
  folder: v.string(),
  logs: v.array(v.object({ path: v.string(), format: logFormat, folders: v.exactOptional(v.array(v.string())) })),
  checkpoints: v.array(checkpointFile),
  modifiedMs: v.number(),
});

export const finding: v.GenericSchema<unknown, Finding> = v.object({
  rule: ruleId,
  severity,
  tensor: v.nullable(v.string()),
  start: v.number(),
  peak: v.number(),
  end: v.nullable(v.number()),
  axis: v.exactOptional(axis),
  value: float,
  limit: float,
  message: v.string(),
  source: v.object({ path: v.string(), line: count }),
});
