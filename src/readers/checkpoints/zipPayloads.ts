import { crc32, inflateRawSync } from "node:zlib";

import type { ByteSource } from "#core/byteSource.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import type { TensorPart } from "#core/tensorPart.ts";

import { tensorLabel } from "./tensorLabel.ts";

/** A file in a zip archive, and where its bytes lie. */
export interface ZipEntry {
  readonly name: string;
  /** Of the payload's first byte, from the start of the source. */
  readonly offset: number;
  /** Bytes of the payload. */
  readonly compressedSize: number;
  /** Bytes once it is decompressed. */
  readonly size: number;
  readonly method: "stored" | "deflate";
  /** Of the decompressed bytes. */
  readonly crc32: number;
}

/** What the directory says of an entry; its payload starts after a local header, whose length the directory does not say. */
export type ListedEntry = Omit<ZipEntry, "offset"> & { readonly headerOffset: number };

export interface Listing {
  readonly entries: readonly ListedEntry[];
  /** Entries must end before it. */
  readonly directoryOffset: number;
}

/** Reads the local headers, many at a time where they are close together. The entries come in the order of their bytes. */
export async function findPayloads(source: ByteSource, listing: Listing): Promise<Outcome<readonly ZipEntry[]>> {
  const entries = listing.entries.toSorted((a, b) => a.headerOffset - b.headerOffset);
  const found: ZipEntry[] = [];
  while (found.length < entries.length) {
    const group = groupFrom(entries, found.length);
    const start = group[0]?.headerOffset ?? 0;
    const end = (group.at(-1)?.headerOffset ?? 0) + HEADER_BYTES;
    if (end > listing.directoryOffset) {
      return malformed(
        start,
        `A file of the zip archive starts at byte ${start}, in or after the archive's directory.`,
      );
    }
    const bytes = await source.read(start, end - start);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const entry of group) {
      const limit = entries[found.length + 1]?.headerOffset ?? listing.directoryOffset;
      const payload = findPayload(entry, { view, viewOffset: start, limit });
      if (payload.kind !== "ok") {
        return payload;
      }
      found.push(payload.value);
    }
  }
  return ok(found);
}

const HEADER_BYTES = 30;
const HEADER_SIGNATURE = 0x04_03_4b_50;

// One read of the bytes between two headers is cheaper than a second read; a block is what one read gives quickly.
const MAX_GAP_BYTES = 16 * 1024;
const MAX_BLOCK_BYTES = 1024 * 1024;

function groupFrom(entries: readonly ListedEntry[], first: number): readonly ListedEntry[] {
  const start = entries[first]?.headerOffset ?? 0;
  let end = first + 1;
  while (end < entries.length) {
    const [before, next] = [entries[end - 1]?.headerOffset ?? 0, entries[end]?.headerOffset ?? 0];
    if (next - before > MAX_GAP_BYTES || next - start > MAX_BLOCK_BYTES) {
      break;
    }
    end += 1;
  }
  return entries.slice(first, end);
}

interface HeaderPlace {
  readonly view: DataView;
  readonly viewOffset: number;
  /** Where the next header, or the directory, starts. */
  readonly limit: number;
}

function findPayload(entry: ListedEntry, { view, viewOffset, limit }: HeaderPlace): Outcome<ZipEntry> {
  const { headerOffset, ...described } = entry;
  const label = tensorLabel(entry.name);
  const at = headerOffset - viewOffset;
  if (view.getUint32(at, true) !== HEADER_SIGNATURE) {
    return malformed(
      headerOffset,
      `${label}: the zip archive has no file at byte ${headerOffset}, where its directory says.`,
    );
  }
  const offset = headerOffset + HEADER_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  return offset + entry.compressedSize > limit
    ? malformed(
        headerOffset,
        `${label}: its ${entry.compressedSize} bytes from ${offset} on overlap what starts at byte ${limit}.`,
      )
    : ok({ ...described, offset });
}

/** All bytes of an entry that must be small, decompressed. */
export async function readPayload(
  source: ByteSource,
  entry: ZipEntry,
  mostBytes: number,
): Promise<Outcome<Uint8Array>> {
  const { name, offset, compressedSize, size, method } = entry;
  if (size > mostBytes) {
    return malformed(offset, `${tensorLabel(name)}: ${size} bytes; Gradlens reads up to ${mostBytes} of them.`);
  }
  const bytes = await source.read(offset, compressedSize);
  const payload = method === "stored" ? bytes : inflate(bytes, size);
  return payload?.length === size
    ? ok(payload)
    : malformed(offset, `${tensorLabel(name)}: its compressed bytes do not give the ${size} bytes they should.`);
}

function inflate(bytes: Uint8Array, size: number): Uint8Array | undefined {
  try {
    const { buffer, byteOffset, length } = inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
    return new Uint8Array(buffer, byteOffset, length);
  } catch {
    return undefined; // The caller names the entry.
  }
}

/** Whether decompressed bytes are those the archive was written with. */
export function hasGivenChecksum(entry: ZipEntry, payload: Uint8Array): boolean {
  return crc32(payload) === entry.crc32;
}

/** Where an entry's bytes lie, as a tensor's part. */
export function partOfEntry(file: string, { offset, compressedSize, size, method }: ZipEntry): TensorPart {
  const part = { file, offset, byteLength: compressedSize };
  return method === "stored" ? part : { ...part, codings: [{ kind: "deflate", decodedBytes: size }] };
}
