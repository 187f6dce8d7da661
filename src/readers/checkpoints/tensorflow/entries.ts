import { type Outcome, malformed, ok, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { parseMessage, type ProtobufField } from "../shared/protobuf.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { trimmed } from "../shared/tensorSize.ts";
import type { TableEntry } from "./block.ts";
import { describeVersion1 } from "./table.ts";

/** BundleHeaderProto. */
export interface BundleHeader {
  readonly shards: number;
  readonly littleEndian: boolean;
}

/** BundleEntryProto. */
export interface BundleEntry {
  /** Bytes as latin-1 characters. */
  readonly key: string;
  readonly at: number;
  readonly type: number;
  readonly shape: readonly number[];
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  /** Of the bytes. */
  readonly checksum: number | undefined;
  /** Of a partitioned variable: where its pieces are in it. They have entries of their own. */
  readonly slices: readonly Slice[];
}

/** One interval for each dimension; all of it where there is no length. */
export type Slice = readonly { readonly start: number; readonly length: number | undefined }[];

// A shard for each of many machines.
const MAX_SHARDS = 20_000;

/** The value of the empty key. */
export function parseHeader(entry: TableEntry | undefined): Outcome<BundleHeader> {
  const fields = entry?.key === "" ? parseMessage(entry.value) : undefined;
  if (entry === undefined || fields === undefined) {
    return unsupported(t("This table has no header of TensorFlow's; it is some other program's."));
  }
  if (fields.some(({ number, wire }) => number === 1 && wire === "bytes")) {
    return unsupported(describeVersion1());
  }
  const shards = numberOf(fields, 1);
  return shards >= 1 && shards <= MAX_SHARDS
    ? ok({ shards, littleEndian: numberOf(fields, 2) === 0 })
    : malformed(
        entry.at,
        t("The index says there are {0} data files, not 1 to {1}. Save it again.", shards, MAX_SHARDS),
      );
}

export function parseEntry({ key, value, at }: TableEntry): Outcome<BundleEntry> {
  const fields = parseMessage(value) ?? [];
  const slices: Slice[] = [];
  let shape: readonly number[] | undefined = [];
  let isWhole = fields.length > 0 || value.length === 0;
  for (const field of fields) {
    if (field.number === 2) {
      shape = parseShape(bytesOf(value, field));
    } else if (field.number === 7) {
      const slice = parseSlice(bytesOf(value, field));
      isWhole &&= slice !== undefined;
      slices.push(slice ?? []);
    } else {
      isWhole &&= field.wire !== "varint" || field.value !== undefined;
    }
  }
  if (shape === undefined || !isWhole) {
    return malformed(at, t("{0}: its entry in the index is damaged. Save the checkpoint again.", tensorLabel(key)));
  }
  const numbers = {
    type: numberOf(fields, 1),
    shard: numberOf(fields, 3),
    offset: numberOf(fields, 4),
    size: numberOf(fields, 5),
  };
  return ok({ key, at, shape, slices, ...numbers, checksum: checksumOf(value, fields) });
}

function checksumOf(bytes: Uint8Array, fields: readonly ProtobufField[]): number | undefined {
  const field = fields.find(({ number, wire }) => number === 6 && wire === "fixed32");
  return field && new DataView(bytes.buffer, bytes.byteOffset).getUint32(field.start, true);
}

const MAX_RANK = 64;

/** TensorShapeProto: dim 2, with size 1. Undefined for a size that is negative, which means unknown. */
function parseShape(bytes: Uint8Array): readonly number[] | undefined {
  const shape: number[] = [];
  for (const dim of parseMessage(bytes) ?? []) {
    const fields = dim.number === 2 ? parseMessage(bytesOf(bytes, dim)) : [];
    const size = fields?.find(({ number }) => number === 1) ?? NO_SIZE;
    if (fields === undefined || size.value === undefined || shape.length === MAX_RANK) {
      return undefined;
    }
    if (dim.number === 2) {
      shape.push(size.value);
    }
  }
  return trimmed(shape);
}

/** A field that is not there is 0. */
const NO_SIZE = { value: 0 };

/** TensorSliceProto: extent 1, with start 1 and length 2. */
function parseSlice(bytes: Uint8Array): Slice | undefined {
  const extents = parseMessage(bytes)?.filter(({ number, wire }) => number === 1 && wire === "bytes");
  const slice = extents?.map((extent) => {
    const fields = parseMessage(bytesOf(bytes, extent));
    const isWhole = fields?.every(({ value }) => value !== undefined) === true;
    return fields === undefined || !isWhole
      ? undefined
      : { start: numberOf(fields, 1), length: lastOf(fields, 2)?.value };
  });
  return slice === undefined || slice.length > MAX_RANK || slice.includes(undefined)
    ? undefined
    : slice.filter((extent) => extent !== undefined);
}

/** A field that is not there is 0. */
function numberOf(fields: readonly ProtobufField[], number: number): number {
  return lastOf(fields, number)?.value ?? 0;
}

/** Of several the last one holds. */
function lastOf(fields: readonly ProtobufField[], number: number): ProtobufField | undefined {
  return fields.findLast((field) => field.number === number);
}

function bytesOf(bytes: Uint8Array, { start, end }: ProtobufField): Uint8Array {
  return bytes.subarray(start, end);
}
