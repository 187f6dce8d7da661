import { bytesField, fixed32Field, message, textField, varint, varintField } from "./protobuf.ts";
import { concat } from "./safetensors.ts";

export interface TestVariable {
  /** DataType. */
  readonly type: number;
  readonly shape: readonly (number | bigint)[];
  readonly data?: Uint8Array;
  /** Fields of BundleEntryProto after the others: they replace them. */
  readonly more?: readonly Uint8Array[];
}

export interface TestBundle {
  /** By key: bytes as latin-1 characters. */
  readonly variables: Readonly<Record<string, TestVariable>>;
  readonly header?: Uint8Array;
  /** Entries of a block. */
  readonly perBlock?: number;
  readonly compress?: (block: Uint8Array) => Uint8Array;
}

/** An index and one data file. */
export function tensorflowBundle({ variables, header = BUNDLE_HEADER, ...table }: TestBundle): {
  readonly index: Uint8Array;
  readonly data: Uint8Array;
} {
  const data: Uint8Array[] = [];
  let offset = 0;
  const entries = Object.entries(variables).map(([key, variable]): readonly [string, Uint8Array] => {
    const bytes = variable.data ?? new Uint8Array();
    const value = message(entryProto(variable, offset), ...(variable.more ?? []));
    data.push(bytes);
    offset += bytes.length;
    return [key, value];
  });
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { index: tableFile([["", header], ...sorted], table), data: concat(data) };
}

/** One shard, little-endian, version 1. */
export const BUNDLE_HEADER = message(varintField(1, 1), bytesField(3, varintField(1, 1)));

function entryProto({ type, shape, data = new Uint8Array() }: TestVariable, offset: number): Uint8Array {
  const dims = shape.map((size) => bytesField(2, varintField(1, size)));
  const place = data.length === 0 ? [] : [varintField(4, offset), varintField(5, data.length)];
  return message(varintField(1, type), bytesField(2, message(...dims)), ...place, checksumField(data));
}

function checksumField(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, maskedChecksum(data), true);
  return fixed32Field(6, bytes);
}

/** TensorSliceProto: a start and a length for each dimension, `null` for all of it. */
export function slicesField(...slices: readonly (readonly (readonly [number, number] | null)[])[]): Uint8Array[] {
  return slices.map((slice) => {
    const extents = slice.map((extent) =>
      bytesField(1, extent === null ? new Uint8Array() : message(varintField(1, extent[0]), varintField(2, extent[1]))),
    );
    return bytesField(7, message(...extents));
  });
}

/** TrackableObjectGraph as a variable: own names by key. */
export function objectGraph(names: Readonly<Record<string, string>>): TestVariable {
  const nodes = Object.entries(names).map(([key, name]) => {
    const attribute = message(textField(1, "VARIABLE_VALUE"), textField(2, name), textField(3, key));
    return bytesField(1, bytesField(2, attribute));
  });
  const graph = concat(nodes);
  return { type: 7, shape: [], data: concat([varint(graph.length), new Uint8Array(4), graph]) };
}

/** A table in LevelDB's form. */
export function tableFile(
  rows: readonly (readonly [string, Uint8Array])[],
  { perBlock = 16, compress }: Pick<TestBundle, "perBlock" | "compress"> = {},
): Uint8Array {
  const blocks: Uint8Array[] = [];
  const handles: (readonly [string, Uint8Array])[] = [];
  let offset = 0;
  const add = (bytes: Uint8Array): Uint8Array => {
    const stored = withTrailer(compress === undefined ? bytes : compress(bytes), compress === undefined ? 0 : 1);
    const handle = concat([varint(offset), varint(stored.length - 5)]);
    blocks.push(stored);
    offset += stored.length;
    return handle;
  };
  for (let at = 0; at < rows.length; at += perBlock) {
    const own = rows.slice(at, at + perBlock);
    handles.push([own.at(-1)?.[0] ?? "", add(tableBlock(own))]);
  }
  const footer = new Uint8Array(48);
  footer.set(concat([add(tableBlock([])), add(tableBlock(handles))]));
  footer.set([0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb], 40);
  return concat([...blocks, footer]);
}

/** Entries with shared prefixes, and one restart. */
export function tableBlock(rows: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  let before = "";
  const entries = rows.map(([key, value]) => {
    let shared = 0;
    while (shared < before.length && before[shared] === key[shared]) {
      shared += 1;
    }
    before = key;
    const rest = Uint8Array.from(key.slice(shared), (character) => character.charCodeAt(0));
    return concat([varint(shared), varint(rest.length), varint(value.length), rest, value]);
  });
  return concat([...entries, Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0)]);
}

/** Type of compression and checksum. */
export function withTrailer(block: Uint8Array, compression: number): Uint8Array {
  const bytes = new Uint8Array(block.length + 5);
  bytes.set(block);
  bytes[block.length] = compression;
  new DataView(bytes.buffer).setUint32(block.length + 1, maskedChecksum(bytes.subarray(0, block.length + 1)), true);
  return bytes;
}

/** CRC-32C bit by bit, rotated by 15 and moved. */
function maskedChecksum(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
    }
  }
  const value = ~crc >>> 0;
  return (((value >>> 15) | (value << 17)) + 0xa282_ead8) >>> 0;
}
