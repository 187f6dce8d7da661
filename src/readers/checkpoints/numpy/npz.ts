import { inflateRawSync, constants } from "node:zlib";

import type { ByteSource } from "#core/byteSource.ts";
import type { CheckpointIndex, NotRead } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { t } from "@vscode/l10n";

import { toEntry } from "./npy.ts";
import { npyHeaderBytes, parseNpyHeader } from "./header.ts";
import { pagedSource } from "../shared/pagedSource.ts";
import type { FileReader, Probe } from "../reader.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { looksLikeZip, readZip } from "../zip/zip.ts";
import { firstNameOf } from "../zip/firstName.ts";
import { regionOf, type ZipEntry } from "../zip/payloads.ts";

export const npz: FileReader = { format: "npz", recognises: isNpz, readIndex: readNpz };

/** A zip archive that is called .npz, or whose first file is an array. */
function isNpz({ source, head }: Probe): boolean {
  return looksLikeZip(head) && (source.name.endsWith(".npz") || firstNameOf(head).endsWith(".npy"));
}

/** What np.savez writes: a zip archive of .npy files, stored or deflated. Other files in it are no arrays. */
async function readNpz(source: ByteSource): Promise<Outcome<CheckpointIndex>> {
  const entries = await readZip(source);
  if (entries.kind !== "ok") {
    return entries;
  }
  const tensors: TensorEntry[] = [];
  const notRead: NotRead[] = [];
  const pages = pagedSource(source);
  for (const entry of entries.value) {
    const name = entry.name.replace(/\.npy$/, "");
    const tensor = await readMember(pages, entry, name);
    if (tensor.kind === "ok") {
      tensors.push(tensor.value);
    } else if (tensor.kind === "unsupported") {
      notRead.push({ name, what: tensor.what });
    } else {
      return inArchive(entry, tensor);
    }
  }
  return ok({ format: "npz", tensors, metadata: {}, notRead, notes: [] });
}

async function readMember(source: ByteSource, entry: ZipEntry, name: string): Promise<Outcome<TensorEntry>> {
  if (!entry.name.endsWith(".npy")) {
    return unsupported(t("a file that is no array"));
  }
  const header = await readHeader(source, entry);
  const array = header.kind === "ok" ? parseNpyHeader(header.value) : header;
  if (array.kind !== "ok") {
    return array;
  }
  const { headerBytes, byteLength, codings } = array.value;
  if (headerBytes + byteLength !== entry.size) {
    return malformed(
      headerBytes,
      t("its elements take {0} bytes, but {1} follow.", byteLength, entry.size - headerBytes),
    );
  }
  const { file, offset, byteLength: storedLength, codings: archived } = regionOf(source.name, entry);
  if (archived.length === 0) {
    const place = { file, offset: offset + headerBytes, byteLength };
    return ok(toEntry(name, array.value, codings.length === 0 ? place : { ...place, codings }));
  }
  const undone = [...archived, { kind: "skip", bytes: headerBytes } as const, ...codings];
  return ok(toEntry(name, array.value, { file, offset, byteLength: storedLength, codings: undone }));
}

// A header has 64 or 128 bytes. The larger number is for records of many fields, which are refused by name.
const HEAD_SIZES = [512, 64 * 1024];

async function readHeader(source: ByteSource, entry: ZipEntry): Promise<Outcome<Uint8Array>> {
  let header: Outcome<Uint8Array> = malformed(0, t("it is empty."));
  for (const most of HEAD_SIZES) {
    const bytes = await readHead(source, entry, most);
    const headerBytes = npyHeaderBytes(bytes, Math.min(bytes.length, entry.size));
    header = headerBytes.kind === "ok" ? ok(bytes.subarray(0, headerBytes.value)) : headerBytes;
    if (header.kind !== "incomplete") {
      return header;
    }
  }
  return malformed(0, t("its header does not end."));
}

/** The first decompressed bytes of an entry. */
async function readHead(source: ByteSource, entry: ZipEntry, most: number): Promise<Uint8Array> {
  const { offset, compressedSize, method } = entry;
  const bytes = await source.read(offset, Math.min(compressedSize, most));
  return method === "stored" ? bytes : inflateStart(bytes);
}

// A header and a little more: room for more would take longer to get than to fill.
const CHUNK_BYTES = 1024;

/** Of a stream that goes on. At most 1032 times its bytes, so there is no bomb in it. */
function inflateStart(bytes: Uint8Array): Uint8Array {
  try {
    const { buffer, byteOffset, length } = inflateRawSync(bytes, {
      finishFlush: constants.Z_SYNC_FLUSH,
      chunkSize: CHUNK_BYTES,
    });
    return new Uint8Array(buffer, byteOffset, length);
  } catch {
    return new Uint8Array(); // No header is found in it, which the caller tells.
  }
}

function inArchive({ name, offset }: ZipEntry, failure: Outcome<never>): Outcome<never> {
  const what = failure.kind === "malformed" ? failure.what : t("its header does not end.");
  return malformed(offset, t("{0}: {1} The archive is damaged; save it again.", tensorLabel(name), what));
}
