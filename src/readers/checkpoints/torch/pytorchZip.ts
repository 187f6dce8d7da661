import type { ByteSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { readPickle } from "../pickle/readPickle.ts";
import { indexPickled } from "../pickle/pickledIndex.ts";
import type { PickledCheckpoint } from "../pickle/pickledTensor.ts";
import type { FileReader, Probe } from "../reader.ts";
import type { Region } from "../shared/region.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { createTensorFold } from "./foldTensors.ts";
import type { StorageReference } from "./strided.ts";
import { lookIntoZip, looksLikeZip, readZip } from "../zip/zip.ts";
import { hasGivenChecksum, openPayload, readPayload, regionOf, type ZipEntry } from "../zip/payloads.ts";

/** What torch.save has written since 1.6, and TorchScript: a zip archive of one pickle and a file for each storage. */
export const pytorchZip: FileReader = {
  format: "pytorch",
  recognises: looksLikeTorch,
  readIndex: async (source) => readTorchZip(source),
};

/** A damaged archive is taken too, to say what is wrong with it: readers of other archives come first. */
async function looksLikeTorch({ source, head }: Probe): Promise<boolean> {
  if (!looksLikeZip(head)) {
    return false;
  }
  const entries = await lookIntoZip(source);
  return entries.kind !== "ok" || entries.value.some(({ name }) => isPickle(name));
}

function isPickle(name: string): boolean {
  return name === "data.pkl" || name.endsWith("/data.pkl");
}

/** The archive may be a window of a larger file; parts then count from the window's start. */
export async function readTorchZip(source: ByteSource): Promise<Outcome<CheckpointIndex>> {
  const opened = await openTorchZip(source);
  return opened.kind === "ok" ? indexPickled(opened.value) : opened;
}

/** What the archive's pickle holds, whether or not there are tensors in it. */
export async function openTorchZip(source: ByteSource): Promise<Outcome<PickledCheckpoint>> {
  const read = await readZip(source);
  if (read.kind !== "ok") {
    return read;
  }
  const pickles = read.value.filter(({ name }) => isPickle(name));
  const [pickle] = pickles;
  if (pickle === undefined || pickles.length > 1) {
    return pickles.length === 0
      ? unsupported(t("This zip archive holds no data.pkl, so it is not a checkpoint of PyTorch."))
      : malformed(
          pickle?.offset ?? 0,
          t("The zip archive holds several data.pkl. Programs would read different ones of them."),
        );
  }
  const archive: Archive = { source, entries: read.value, pickle, prefix: pickle.name.slice(0, -"data.pkl".length) };
  return readArchive(archive);
}

interface Archive {
  readonly source: ByteSource;
  readonly entries: readonly ZipEntry[];
  readonly pickle: ZipEntry;
  /** `archive/`; what stands before the names of all files. */
  readonly prefix: string;
}

// As the header of a safetensors file.
const MAX_PICKLE_BYTES = 100_000_000;

async function readArchive({ source, entries, pickle, prefix }: Archive): Promise<Outcome<PickledCheckpoint>> {
  const payload = await openPayload(source, pickle, MAX_PICKLE_BYTES);
  if (payload.kind !== "ok") {
    return payload;
  }
  const order = await readByteOrder(source, entryNamed(entries, `${prefix}byteorder`));
  if (order.kind !== "ok") {
    return order;
  }
  const read = await readPickle(payload.value, 0, { fold: createTensorFold() });
  if (read.kind !== "ok") {
    return insidePickle(read, pickle);
  }
  const storages = storagesUnder(prefix, entries);
  const isIntact = await hasGivenChecksum(payload.value, pickle);
  return ok({
    format: "pytorch",
    root: read.value.value,
    file: source.name,
    size: source.size,
    storage: (reference) => findStorage(reference, source.name, storages),
    inline: regionOf(source.name, pickle),
    isBigEndian: order.value === "big",
    notes: [
      ...(isIntact
        ? []
        : [
            t("{0} does not have the checksum it was written with. The file may be damaged.", tensorLabel(pickle.name)),
          ]),
      ...(entryNamed(entries, `${prefix}constants.pkl`) !== undefined
        ? [t("This is a TorchScript archive: its code was not read, its tensors were.")]
        : []),
    ],
  });
}

function entryNamed(entries: readonly ZipEntry[], wanted: string): ZipEntry | undefined {
  return entries.find(({ name }) => name === wanted);
}

/** The archive is complete, so a pickle that is cut off in it will not grow. Offsets become those of the file. */
function insidePickle(
  failure: Exclude<Outcome<unknown>, { kind: "ok" }>,
  { offset, size, name }: ZipEntry,
): Outcome<never> {
  switch (failure.kind) {
    case "incomplete":
      return malformed(
        offset + size,
        t("{0} is cut off: it has {1} bytes of at least {2}.", tensorLabel(name), size, failure.need),
      );
    case "malformed":
      return malformed(offset + failure.offset, failure.what);
    case "unsupported":
      return failure;
  }
}

async function readByteOrder(source: ByteSource, entry: ZipEntry | undefined): Promise<Outcome<"little" | "big">> {
  if (entry === undefined) {
    return ok("little"); // Before torch 2.1 nothing else was written.
  }
  const bytes = await readPayload(source, entry, MAX_BYTE_ORDER_BYTES);
  if (bytes.kind !== "ok") {
    return bytes;
  }
  const text = new TextDecoder().decode(bytes.value);
  return text === "little" || text === "big"
    ? ok(text)
    : malformed(entry.offset, t('byteorder is "{0}", not "little" or "big".', tensorLabel(text)));
}

const MAX_BYTE_ORDER_BYTES = 64;

/** Found by their keys: joining 100,000 names to look them up takes longer than all the rest. */
function storagesUnder(prefix: string, entries: readonly ZipEntry[]): ReadonlyMap<string, ZipEntry> {
  const start = `${prefix}data/`;
  const storages = new Map<string, ZipEntry>();
  for (const entry of entries) {
    if (entry.name.startsWith(start)) {
      storages.set(entry.name.slice(start.length), entry);
    }
  }
  return storages;
}

function findStorage(
  { key, width, elements }: StorageReference,
  file: string,
  storages: ReadonlyMap<string, ZipEntry>,
): Outcome<Region> {
  const entry = key === "" ? undefined : storages.get(key);
  if (entry === undefined) {
    return malformed(0, t('its storage "{0}" is not in the archive.', tensorLabel(key)));
  }
  return elements * width <= entry.size
    ? ok(regionOf(file, entry))
    : malformed(
        entry.offset,
        t("its storage should have {0} bytes and has {1}. Save the file again.", elements * width, entry.size),
      );
}
