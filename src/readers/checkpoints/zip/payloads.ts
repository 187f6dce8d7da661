import { crc32, inflateRawSync } from "node:zlib";

import type { ByteSource } from "#core/byteSource.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { bytesSource } from "../shared/bytesSource.ts";
import type { Region } from "../shared/region.ts";
import { readSpots } from "../shared/spots.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { windowOf } from "../shared/window.ts";

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

/** Reads the local headers. The entries come in the order of their bytes. */
export async function findPayloads(source: ByteSource, listing: Listing): Promise<Outcome<readonly ZipEntry[]>> {
  const entries = listing.entries.toSorted((a, b) => a.headerOffset - b.headerOffset);
  const offsets = entries.map(({ headerOffset }) => headerOffset);
  const last = offsets.at(-1) ?? 0;
  if (entries.length > 0 && last + HEADER_BYTES > listing.directoryOffset) {
    return malformed(
      last,
      t("A file of the zip archive starts at byte {0}, in or after the archive's directory.", last),
    );
  }
  const headers = await readSpots(source, offsets, HEADER_BYTES);
  const found: ZipEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    const limit = offsets[index + 1] ?? listing.directoryOffset;
    const payload = findPayload(entry, new DataView(headers.buffer, index * HEADER_BYTES), limit);
    if (payload.kind !== "ok") {
      return payload;
    }
    found.push(payload.value);
  }
  return ok(found);
}

const HEADER_BYTES = 30;
const HEADER_SIGNATURE = 0x04_03_4b_50;

/** The payload must end where the next header, or the directory, starts. */
function findPayload(entry: ListedEntry, header: DataView, limit: number): Outcome<ZipEntry> {
  const { name, headerOffset, compressedSize, size, method, crc32: checksum } = entry;
  if (header.getUint32(0, true) !== HEADER_SIGNATURE) {
    return malformed(
      headerOffset,
      t("{0}: the zip archive has no file at byte {1}, where its directory says.", tensorLabel(name), headerOffset),
    );
  }
  const offset = headerOffset + HEADER_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  return offset + compressedSize > limit
    ? malformed(
        headerOffset,
        t(
          "{0}: its {1} bytes from {2} on overlap what starts at byte {3}.",
          tensorLabel(name),
          compressedSize,
          offset,
          limit,
        ),
      )
    : ok({ name, offset, compressedSize, size, method, crc32: checksum });
}

/** An entry's bytes as a source, decompressed; compressed ones are in memory. */
export async function openPayload(
  source: ByteSource,
  entry: ZipEntry,
  mostBytes: number,
): Promise<Outcome<ByteSource>> {
  if (entry.method === "stored" && entry.size <= mostBytes) {
    return ok({ ...windowOf(source, entry.offset, entry.size), name: entry.name });
  }
  const bytes = await readPayload(source, entry, mostBytes);
  return bytes.kind === "ok" ? ok(bytesSource(bytes.value, entry.name)) : bytes;
}

/** All bytes of an entry that must be small, decompressed. */
export async function readPayload(
  source: ByteSource,
  entry: ZipEntry,
  mostBytes: number,
): Promise<Outcome<Uint8Array>> {
  const { name, offset, compressedSize, size, method } = entry;
  if (size > mostBytes) {
    return malformed(
      offset,
      t("{0}: {1} bytes; Gradlens reads up to {2} of them.", tensorLabel(name), size, mostBytes),
    );
  }
  const bytes = await source.read(offset, compressedSize);
  const payload = method === "stored" ? bytes : inflate(bytes, size);
  return payload?.length === size
    ? ok(payload)
    : malformed(offset, t("{0}: its compressed bytes do not give the {1} bytes they should.", tensorLabel(name), size));
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
export async function hasGivenChecksum(payload: ByteSource, entry: ZipEntry): Promise<boolean> {
  let checksum = 0;
  for (let at = 0; at < payload.size; at += BLOCK_BYTES) {
    checksum = crc32(await payload.read(at, Math.min(BLOCK_BYTES, payload.size - at)), checksum);
  }
  return checksum === entry.crc32;
}

const BLOCK_BYTES = 1024 * 1024;

/** Where an entry's bytes lie, as what tensors lie in. */
export function regionOf(file: string, { offset, compressedSize, size, method }: ZipEntry): Region {
  const codings: Region["codings"] = method === "stored" ? [] : [{ kind: "deflate", decodedBytes: size }];
  return { file, offset, byteLength: compressedSize, size, codings };
}
