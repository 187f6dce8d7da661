import * as v from "valibot";
import type { TensorDescription, TensorKind, UnmeasuredTensor } from "#core/tensor.ts";
import type { SpanSums } from "#core/spanSums.ts";
import { describeMismatch } from "./parse.ts";
import { count, described, float, histogram, tensorKind, unmeasuredTensor } from "./shapes.ts";

/** The place of a share among all: 1 to `count`. */
export interface Share {
  readonly index: number;
  readonly count: number;
}

/** What has to be the same of all parts that are merged. */
export interface Fingerprint {
  /** Of Gradlens. */
  readonly version: string;
  readonly files: readonly FileFingerprint[];
  /** SHA-256 of what is computed: names, kinds, shapes, element types and places of all wanted tensors. */
  readonly index: string;
  readonly engine: { readonly name: string; readonly device: string };
  readonly options: PartOptions;
}

export interface FileFingerprint {
  /** Relative to the checkpoint's folder. */
  readonly name: string;
  readonly bytes: number;
  /** Whole milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** The options of a share that change what is computed. */
export interface PartOptions {
  readonly full: boolean;
  readonly only: string | null;
  readonly kind: TensorKind | null;
}

export const PART_SCHEMA = "gradlens/norms-part@1";

/** One share of the norms of a checkpoint, as it lies in a file. */
export interface NormsPart {
  readonly schema: typeof PART_SCHEMA;
  readonly source: string;
  readonly share: Share;
  readonly fingerprint: Fingerprint;
  readonly format: string;
  readonly files: readonly string[];
  /** Of all files together. */
  readonly bytes: number;
  readonly threads: number;
  readonly notes: readonly string[];
  /** How many tensors the whole has. */
  readonly tensorCount: number;
  /** Those of which this share has chunks, in their order. */
  readonly tensors: readonly PartTensor[];
  /** Those that cannot be reduced, in the first share alone. */
  readonly refused: readonly UnmeasuredTensor[];
  /** Bytes of this share's chunks in the files. */
  readonly readBytes: number;
  readonly seconds: number;
}

export interface PartTensor extends TensorDescription {
  /** Its place among those that can be reduced. */
  readonly place: number;
  /** The place of the first tensor that lies in the same bytes: tied tensors count once. */
  readonly storage: number;
  /** In the files, of the whole tensor. */
  readonly bytes: number;
  /** Chunks from `first` up to `end`, which is not among them, of all. */
  readonly chunks: { readonly first: number; readonly end: number; readonly of: number };
  /** What they add up to; null when their data are damaged. */
  readonly sums: SpanSums | null;
  readonly damage?: string;
}

const spanSums: v.GenericSchema<unknown, SpanSums> = v.object({
  squares: v.array(v.object({ big: float, medium: float, small: float })),
  maxAbs: float,
  nan: count,
  posInf: count,
  negInf: count,
  firstNonFinite: v.nullable(count),
  full: v.nullable(v.object({ sums: v.array(v.object({ l1: float, sum: float })), zeros: count, histogram })),
});

const fingerprint: v.GenericSchema<unknown, Fingerprint> = v.object({
  version: v.string(),
  files: v.array(v.object({ name: v.string(), bytes: count, modifiedMs: v.number() })),
  index: v.string(),
  engine: v.object({ name: v.string(), device: v.string() }),
  options: v.object({
    full: v.boolean(),
    only: v.nullable(v.string()),
    kind: v.nullable(tensorKind),
  }),
});

const normsPart: v.GenericSchema<unknown, NormsPart> = v.object({
  schema: v.literal(PART_SCHEMA),
  source: v.string(),
  share: v.pipe(
    v.object({ index: v.pipe(count, v.minValue(1)), count: v.pipe(count, v.minValue(1)) }),
    v.check(({ index, count: all }) => index <= all, "The share is not among all."),
  ),
  fingerprint,
  format: v.string(),
  files: v.array(v.string()),
  bytes: count,
  threads: count,
  notes: v.array(v.string()),
  tensorCount: count,
  tensors: v.array(
    v.object({
      ...described,
      place: count,
      storage: count,
      bytes: count,
      chunks: v.object({ first: count, end: count, of: count }),
      sums: v.nullable(spanSums),
      damage: v.exactOptional(v.string()),
    }),
  ),
  refused: v.array(unmeasuredTensor),
  readBytes: count,
  seconds: float,
});

/** A part from its text. Throws what is wrong with it, as the end of a sentence. */
export function parseNormsPart(text: string): NormsPart {
  const json: unknown = parseJson(text);
  const parsed = v.safeParse(normsPart, json);
  if (parsed.success) {
    return parsed.output;
  }
  const isOther = typeof json !== "object" || json === null || !("schema" in json) || json.schema !== PART_SCHEMA;
  throw new Error(isOther ? "it is no share that gradlens norms --shard wrote" : describeMismatch(normsPart, json));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error("it is no whole JSON document; it may have been cut", { cause: error });
  }
}
