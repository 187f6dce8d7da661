import type { Entry, ZipFile } from "yauzl";
import yauzl from "yauzl";

import type { ByteSource } from "#core/byteSource.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { messageOf } from "#core/messageOf.ts";
import { t } from "@vscode/l10n";

import { tensorLabel } from "../shared/tensorLabel.ts";
import { ZipAccess } from "./access.ts";
import { findPayloads, type ListedEntry, type Listing, type ZipEntry } from "./payloads.ts";

/** `PK` and the record that starts a file, or that ends an empty archive. */
export function looksLikeZip(head: Uint8Array): boolean {
  const [p, k, third, fourth] = head;
  return p === 0x50 && k === 0x4b && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6));
}

/**
 * The files of a zip archive in the order of their bytes. The archive fills the source: one inside a larger file is read
 * through `windowOf`. Rejects only when the source does.
 */
export async function readZip(source: ByteSource): Promise<Outcome<readonly ZipEntry[]>> {
  const reading = readings.get(source) ?? readEntries(source);
  readings.delete(source);
  return reading;
}

/** The same for a reader that only looks whether an archive is its own: what it saw is kept until the archive is read. */
export async function lookIntoZip(source: ByteSource): Promise<Outcome<readonly ZipEntry[]>> {
  const reading = readings.get(source) ?? readEntries(source);
  readings.set(source, reading);
  return reading;
}

const readings = new WeakMap<ByteSource, Promise<Outcome<readonly ZipEntry[]>>>();

async function readEntries(source: ByteSource): Promise<Outcome<readonly ZipEntry[]>> {
  const listed = await listEntries(source);
  return listed.kind === "ok" ? findPayloads(source, listed.value) : listed;
}

// As many tensors as a checkpoint may have, and some more files.
const MAX_ENTRIES = 2_100_000;
// As the header of a safetensors file.
const MAX_DIRECTORY_BYTES = 100_000_000;

async function listEntries(source: ByteSource): Promise<Outcome<Listing>> {
  const access = new ZipAccess(source);
  try {
    const zip = await yauzl.fromRandomAccessReaderPromise(access, source.size, {
      autoClose: false,
      validateEntrySizes: false, // An encrypted entry is one size longer; it is refused by its flag.
    });
    return zip.entryCount > MAX_ENTRIES
      ? malformed(0, t("The zip directory names {0} files; Gradlens reads up to {1}.", zip.entryCount, MAX_ENTRIES))
      : await listOnce(zip, access, source.size);
  } catch (error) {
    if (access.sourceFailure !== undefined) {
      throw access.sourceFailure.error;
    }
    return describeZipError(error, source.size);
  }
}

async function listOnce(zip: ZipFile, access: ZipAccess, size: number): Promise<Outcome<Listing>> {
  const listing = await readDirectory(zip, access, size);
  const names = listing.kind === "ok" ? listing.value.entries.map(({ name }) => name) : [];
  return new Set(names).size < names.length
    ? malformed(0, t("The zip archive holds a file twice. Programs would read different ones of them."))
    : listing;
}

async function readDirectory(zip: ZipFile, access: ZipAccess, size: number): Promise<Outcome<Listing>> {
  const entries: ListedEntry[] = [];
  access.startListing();
  for await (const entry of zip.eachEntry()) {
    const checked = checkEntry(entry, size);
    if (checked.kind !== "ok") {
      return checked;
    }
    entries.push(checked.value);
    if ((access.listed?.end ?? 0) - (access.listed?.start ?? 0) > MAX_DIRECTORY_BYTES) {
      return malformed(
        0,
        t("The zip directory takes more than {0} bytes. This is no checkpoint.", MAX_DIRECTORY_BYTES),
      );
    }
  }
  const { start, end } = access.listed ?? { start: 0, end: 0 };
  // Two directories in one file would show different tensors to different programs.
  const gap = size - END_RECORD_BYTES - zip.comment.length - end;
  return entries.length === 0 || gap === 0 || gap === ZIP64_RECORD_BYTES
    ? ok({ entries, directoryOffset: start })
    : malformed(
        end,
        t("The zip directory ends {0} bytes before its end record. The archive is damaged or was joined.", gap),
      );
}

const END_RECORD_BYTES = 22;
/** The zip64 end record and its locator. */
const ZIP64_RECORD_BYTES = 56 + 20;

function checkEntry(entry: Entry, size: number): Outcome<ListedEntry> {
  const { fileName, compressedSize, uncompressedSize, relativeOffsetOfLocalHeader: headerOffset } = entry;
  const method = METHODS.get(entry.compressionMethod);
  if (entry.isEncrypted()) {
    return unsupported(
      t(
        "{0}: this file of the zip archive is encrypted. Unpack the archive with its password first.",
        tensorLabel(fileName),
      ),
    );
  }
  if (method === undefined) {
    return unsupported(
      t(
        "{0}: Gradlens does not read compression method {1} of zip archives.",
        tensorLabel(fileName),
        entry.compressionMethod,
      ),
    );
  }
  if (method === "stored" && compressedSize !== uncompressedSize) {
    return malformed(
      headerOffset,
      t("{0}: stored, but {1} bytes are given as {2}.", tensorLabel(fileName), compressedSize, uncompressedSize),
    );
  }
  if (!Number.isSafeInteger(uncompressedSize) || !(headerOffset + compressedSize <= size)) {
    return malformed(
      Math.min(headerOffset, size),
      t("{0}: its {1} bytes at {2} end outside the file.", tensorLabel(fileName), compressedSize, headerOffset),
    );
  }
  if (uncompressedSize > compressedSize * MAX_DEFLATE_RATIO + MAX_DEFLATE_RATIO) {
    return malformed(
      headerOffset,
      t(
        "{0}: {1} bytes cannot hold the {2} they are said to.",
        tensorLabel(fileName),
        compressedSize,
        uncompressedSize,
      ),
    );
  }
  return ok({ name: fileName, headerOffset, compressedSize, size: uncompressedSize, method, crc32: entry.crc32 });
}

const METHODS: ReadonlyMap<number, ZipEntry["method"]> = new Map([
  [0, "stored"],
  [8, "deflate"],
]);

// What deflate reaches at most, by its longest match in the shortest code.
const MAX_DEFLATE_RATIO = 1032;

/** The library's errors are sentences of their own; two of them mean something else than damage. */
function describeZipError(error: unknown, size: number): Outcome<never> {
  const message = messageOf(error);
  if (message.startsWith("End of central directory record signature not found")) {
    return { kind: "incomplete", have: size, need: size + END_RECORD_BYTES }; // The directory is written last.
  }
  if (message.includes("encryption")) {
    return unsupported(t("The zip archive is encrypted. Unpack it with its password first."));
  }
  return malformed(0, t("The zip archive's directory cannot be read: {0}.", tensorLabel(message)));
}
