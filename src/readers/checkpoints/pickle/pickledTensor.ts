import type { CheckpointFormat } from "#core/checkpoint.ts";
import type { DType } from "#core/dtype.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { isObject, isRecord } from "./access.ts";
import { type NumpyArray, numpyArrayOf, type NumpyRecord } from "./numpyArray.ts";
import type { PickleObject, PicklePersistent, PickleValue } from "./values.ts";
import { columnMajor, type PlacedView, placeView, type Region, type View } from "../shared/region.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { codebookPart } from "../torch/quantisedStates.ts";
import type { StorageReference, StridedRecord } from "../torch/strided.ts";
import { type CodebookRecord, type TensorRecord, tensorRecordOf } from "../torch/tensorRecord.ts";

/** A pickle of a checkpoint, and where the bytes are that it refers to. */
export interface PickledCheckpoint {
  readonly format: CheckpointFormat;
  readonly root: PickleValue;
  /** Name of the file. */
  readonly file: string;
  /** Bytes of the file. */
  readonly size: number;
  /** The bytes of a storage, all of which are there. */
  readonly storage: (reference: StorageReference) => Outcome<Region>;
  /** A tensor that the pickle only names. */
  readonly persistent?: (record: PicklePersistent) => TensorRecord | undefined;
  /** Bytes that the pickle holds itself; offsets in records are offsets in it. */
  readonly inline: Region;
  readonly isBigEndian: boolean;
  /** What an array is, where its own kind does not say it. */
  readonly refine?: (object: PickleObject) => NumpyRecord | undefined;
  readonly notes: readonly string[];
}

/** A tensor of a pickle, and where its elements lie. */
export interface PickledTensor extends PlacedView {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** The tensor that a value is, `unsupported` saying of what kind it is where that is not read; undefined for what is none. */
export function tensorOf(
  pickled: PickledCheckpoint,
  value: PickleValue | undefined,
  name: string,
): Outcome<PickledTensor> | undefined {
  const record = value === undefined ? undefined : recordOf(pickled, value);
  switch (record?.kind) {
    case "strided":
    case "codebook":
    case "array":
      return placeRecord(pickled, record, name);
    case "notRead":
      return unsupported(record.what);
    case "broken":
      return malformed(0, t("{0}: {1}.", tensorLabel(name), record.what));
    case "persistent":
    case undefined:
      return undefined;
  }
}

/** What has a place in the file, or in the pickle itself. */
export type Placeable = StridedRecord | CodebookRecord | NumpyArray;

/** Where a record's elements lie, as far as its bytes are there. */
export function placeRecord(pickled: PickledCheckpoint, record: Placeable, name: string): Outcome<PickledTensor> {
  if (record.kind === "codebook") {
    return placeCodebook(pickled, record, name);
  }
  const placed = record.kind === "strided" ? placeStrided(pickled, record, name) : placeArray(pickled, record, name);
  return placed.kind === "ok" ? ok({ ...placed.value, dtype: record.dtype, shape: record.shape }) : placed;
}

function placeCodebook(
  pickled: PickledCheckpoint,
  { codes, table, scales }: CodebookRecord,
  name: string,
): Outcome<PickledTensor> {
  const own = placeRecord(pickled, codes, name);
  const numbers = placeRecord(pickled, table, name);
  const factors = placeRecord(pickled, scales, name);
  if (own.kind !== "ok" || numbers.kind !== "ok" || factors.kind !== "ok") {
    return [own, numbers, factors].find(({ kind }) => kind !== "ok") ?? own;
  }
  const blockElements = own.value.elements / factors.value.elements;
  const state = { codes: own.value, table: numbers.value, scales: factors.value };
  const part = codebookPart(state, [blockElements]);
  return part === undefined
    ? unsupported(t("a state in 8 bits whose table and scales are not as torchao writes them"))
    : ok({ ...own.value, dtype: "F32", parts: [part] });
}

export type AnyRecord = TensorRecord | NumpyRecord;

/** What a value says of a tensor, or of an array of NumPy's; undefined for what is none. */
export function recordOf(pickled: PickledCheckpoint, value: PickleValue): AnyRecord | undefined {
  if (isObject(value)) {
    return recordOfObject(pickled, value);
  }
  return isRecord(value) && value.kind === "persistent" ? pickled.persistent?.(value) : undefined;
}

function recordOfObject(
  { persistent, refine, inline }: PickledCheckpoint,
  object: PickleObject,
): AnyRecord | undefined {
  const record = tensorRecordOf(object);
  if (record?.kind === "persistent") {
    return persistent?.(record.record) ?? { kind: "broken", what: t("it refers to a tensor that is not in the file") };
  }
  const own = record ?? refine?.(object) ?? numpyArrayOf(object);
  // Ranges in a compressed pickle are not ranges of the file.
  return own?.kind === "array" && inline.codings.length > 0
    ? { kind: "notRead", what: t("a NumPy array in a compressed pickle") }
    : own;
}

function placeStrided(
  { storage, isBigEndian }: PickledCheckpoint,
  record: StridedRecord,
  name: string,
): Outcome<PlacedView> {
  const region = storage(record.storage);
  if (region.kind !== "ok") {
    return region.kind === "malformed" ? malformed(region.offset, `${tensorLabel(name)}: ${region.what}`) : region;
  }
  const { dtype, shape, strides } = record;
  return placeView(
    { dtype, shape, strides, isBigEndian, offset: record.offset + record.storage.offset },
    region.value,
    name,
  );
}

function placeArray({ inline }: PickledCheckpoint, array: NumpyArray, name: string): Outcome<PlacedView> {
  const { dtype, shape, isBigEndian, isColumnMajor, offset, byteLength, codings } = array;
  const size = codings.reduce((bytes, coding) => ("decodedBytes" in coding ? coding.decodedBytes : bytes), byteLength);
  const region: Region = { file: inline.file, offset: inline.offset + offset, byteLength, size, codings };
  const view: View = { dtype, shape, offset: 0, isBigEndian, strides: isColumnMajor ? columnMajor(shape) : undefined };
  return placeView(view, region, name);
}
