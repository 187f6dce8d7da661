import { crc32, deflateRawSync } from "node:zlib";

import { concat } from "./safetensors.ts";

export interface TestFile {
  readonly name: string;
  readonly data: Uint8Array;
  readonly isDeflated?: boolean;
  /** Payloads start at a multiple of it, as torch writes them. */
  readonly alignment?: number;
  /** What the records say, where they shall say something else. */
  readonly said?: Partial<Record<"flags" | "method" | "compressedSize" | "size" | "headerOffset" | "crc32", number>>;
}

export interface ZipOptions {
  readonly comment?: Uint8Array;
  /** Writes the zip64 records, as torch does into the smallest file. */
  readonly isZip64?: boolean;
  /** What the end records say, where it shall be something else. */
  readonly said?: Partial<Record<"entries" | "directoryOffset", number>>;
}

/** A zip archive, right or wrong. */
export function zipFile(files: readonly TestFile[], options: ZipOptions = {}): Uint8Array {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const file of files) {
    const { local, listed } = fileRecords(file, at);
    pieces.push(local);
    directory.push(listed);
    at += local.length;
  }
  const listing = concat(directory);
  const end = { entries: files.length, directoryOffset: at, ...options.said, directoryBytes: listing.length };
  const zip64 = options.isZip64 === true ? zip64End(end, at + listing.length) : new Uint8Array();
  return concat([...pieces, listing, zip64, endRecord(end, options.comment ?? new Uint8Array())]);
}

function fileRecords(file: TestFile, at: number): { readonly local: Uint8Array; readonly listed: Uint8Array } {
  const { name, data, isDeflated = false, alignment = 1 } = file;
  const payload = isDeflated ? deflateRawSync(data) : data;
  const encoded = new TextEncoder().encode(name);
  const padding = alignment === 1 ? 0 : alignment + 4 - ((at + 30 + encoded.length + 4) % alignment);
  const said = {
    flags: 0x800,
    method: isDeflated ? 8 : 0,
    crc32: crc32(data),
    compressedSize: payload.length,
    size: data.length,
    headerOffset: at,
    ...file.said,
  };
  const extra = padding === 0 ? [] : [u16(0x4246), u16(padding - 4), new Uint8Array(padding - 4)];
  return {
    local: concat([localHeader(encoded, said, concat(extra)), payload]),
    listed: directoryRecord(encoded, said),
  };
}

type FileRecord = Record<"flags" | "method" | "compressedSize" | "size" | "headerOffset" | "crc32", number>;

function localHeader(name: Uint8Array, { flags, method }: FileRecord, extra: Uint8Array): Uint8Array {
  // Sizes and checksum are 0, as torch writes them: the directory has them.
  return concat([
    u32(0x04_03_4b_50),
    u16(20),
    u16(flags),
    u16(method),
    u32(0),
    u32(0),
    u32(0),
    u32(0),
    u16(name.length),
    u16(extra.length),
    name,
    extra,
  ]);
}

function directoryRecord(name: Uint8Array, record: FileRecord): Uint8Array {
  const { flags, method, compressedSize, size, headerOffset } = record;
  return concat([
    u32(0x02_01_4b_50),
    u16(20),
    u16(20),
    u16(flags),
    u16(method),
    u32(0),
    u32(record.crc32),
    u32(compressedSize),
    u32(size),
    u16(name.length),
    u16(0),
    u16(0),
    u16(0),
    u16(0),
    u32(0),
    u32(headerOffset),
    name,
  ]);
}

interface EndRecord {
  readonly entries: number;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
}

function zip64End({ entries, directoryOffset, directoryBytes }: EndRecord, at: number): Uint8Array {
  const record = [
    u32(0x06_06_4b_50),
    u64(44),
    u16(45),
    u16(45),
    u32(0),
    u32(0),
    u64(entries),
    u64(entries),
    u64(directoryBytes),
    u64(directoryOffset),
  ];
  return concat([...record, u32(0x07_06_4b_50), u32(0), u64(at), u32(1)]);
}

function endRecord({ entries, directoryOffset, directoryBytes }: EndRecord, comment: Uint8Array): Uint8Array {
  return concat([
    u32(0x06_05_4b_50),
    u16(0),
    u16(0),
    u16(entries),
    u16(entries),
    u32(directoryBytes),
    u32(directoryOffset),
    u16(comment.length),
    comment,
  ]);
}

export function u16(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8);
}

export function u32(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8, value >> 16, value >> 24);
}

export function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}
