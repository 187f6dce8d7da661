import type { ByteSource } from "#core/byteSource.ts";
import { t } from "@vscode/l10n";

import { damaged } from "./refusal.ts";

/** An HDF5 file as its records see it: addresses count from `base`, numbers have the widths of its superblock. */
export interface Hdf5File {
  readonly source: ByteSource;
  readonly base: number;
  /** Bytes of an address, and of a length. */
  readonly addressBytes: number;
  readonly lengthBytes: number;
}

/** Takes numbers off a record, one after another; past its end the file is damaged. */
export interface Cursor {
  readonly file: Hdf5File;
  readonly bytes: Uint8Array;
  /** Of its first byte, in the whole file. */
  readonly offset: number;
  position: number;
}

export function startCursor(file: Hdf5File, bytes: Uint8Array, offset: number): Cursor {
  return { file, bytes, offset, position: 0 };
}

/** Bytes at an address, which must be in the file. */
export async function readRecord(file: Hdf5File, address: number, length: number): Promise<Cursor> {
  const offset = file.base + address;
  if (!Number.isSafeInteger(offset + length) || offset + length > file.source.size) {
    throw damaged(Math.min(offset, file.source.size), t("A record of {0} bytes ends outside the file.", length));
  }
  return startCursor(file, await file.source.read(offset, length), offset);
}

/** As many bytes as there are, up to `most`: for records whose first bytes say how long they are. */
export async function readUpTo(file: Hdf5File, address: number, most: number): Promise<Cursor> {
  return readRecord(file, address, Math.max(1, Math.min(most, file.source.size - file.base - address)));
}

export function takeBytes(cursor: Cursor, length: number): Uint8Array {
  const { bytes, position } = cursor;
  skip(cursor, length);
  return bytes.subarray(position, position + length);
}

/** Bytes as a record of their own. */
export function takePart(cursor: Cursor, length: number): Cursor {
  const offset = cursor.offset + cursor.position;
  return startCursor(cursor.file, takeBytes(cursor, length), offset);
}

/** A little-endian number of 1 to 8 bytes; those above 2⁵³ - 1 are rounded, so that no check against a size lets them pass. */
export function takeNumber(cursor: Cursor, width: number): number {
  const { bytes, position } = cursor;
  skip(cursor, width);
  let number = 0;
  for (let at = position + width - 1; at >= position; at -= 1) {
    number = number * 256 + (bytes[at] ?? 0);
  }
  return number;
}

/** Undefined where all bits are set: nothing is there. */
export function takeAddress(cursor: Cursor): number | undefined {
  const address = takeNumber(cursor, cursor.file.addressBytes);
  return address >= 256 ** cursor.file.addressBytes - 1 ? undefined : address;
}

/** Fields that say nothing to us. */
export function skip(cursor: Cursor, length: number): void {
  const { bytes, position, offset } = cursor;
  if (!(length >= 0 && position + length <= bytes.length)) {
    throw damaged(offset + position, t("A record ends before its last field."));
  }
  cursor.position += length;
}

/** An address that must be there. */
export function takeSetAddress(cursor: Cursor): number {
  const at = cursor.offset + cursor.position;
  const address = takeAddress(cursor);
  if (address === undefined) {
    throw damaged(at, t("A record refers to nothing."));
  }
  return address;
}

export function takeLength(cursor: Cursor): number {
  return takeNumber(cursor, cursor.file.lengthBytes);
}

/** Four letters that start a record. */
export function expectSignature(cursor: Cursor, signature: string): void {
  const at = cursor.offset + cursor.position;
  const found = TEXT.decode(takeBytes(cursor, signature.length));
  if (found !== signature) {
    throw damaged(at, t("There is no {0} record where one should be.", signature));
  }
}

export function remaining({ bytes, position }: Cursor): number {
  return bytes.length - position;
}

/** Text up to its closing zero, or all of it. */
export function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return TEXT.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

const TEXT = new TextDecoder();

/** Bytes that a number up to `limit` takes. */
export function bytesFor(limit: number): number {
  return Math.floor(Math.log2(Math.max(1, limit)) / 8) + 1;
}
