import type { ByteSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { isRecord, itemsOf, textOf } from "../pickle/access.ts";
import { readPickle, type ReadPickle } from "../pickle/readPickle.ts";
import { storagesIn } from "./storagesIn.ts";
import { indexPickled } from "../pickle/pickledIndex.ts";
import type { FileReader, Probe } from "../reader.ts";
import type { Region } from "../shared/region.ts";
import { readSpots } from "../shared/spots.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { createTensorFold } from "./foldTensors.ts";
import type { StorageReference } from "./strided.ts";

/** What torch.save wrote from 0.1.10 to 1.5, and still does when asked: five pickles, then the storages one after another. */
export const pytorchLegacy: FileReader = {
  format: "pytorch-legacy",
  recognises: hasMagic,
  readIndex: async (source) => readLegacy(source),
};

/** A whole number of ten bytes and the end of its pickle. Computed by a call, as an attack did, it does not count. */
const MAGIC: readonly number[] = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
/** Protocol 4 puts a frame before it. */
const LAST_MAGIC_START = 11;

function hasMagic({ head }: Pick<Probe, "head">): boolean {
  return (
    head[0] === 0x80 && [2, LAST_MAGIC_START].some((start) => MAGIC.every((byte, at) => head[start + at] === byte))
  );
}

async function readLegacy(source: ByteSource): Promise<Outcome<CheckpointIndex>> {
  const read = await readPickles(source);
  if (read.kind !== "ok") {
    return read;
  }
  const { pickles, end } = read.value;
  const [, version, , root, keysValue] = pickles;
  const keys = itemsOf(keysValue?.value)?.map((key) => textOf(key) ?? String(isRecord(key) ? "" : key));
  if (version?.value !== PROTOCOL || root === undefined || keys === undefined) {
    return malformed(0, t("This is not version {0} of PyTorch's old form, or it lists no storages.", PROTOCOL));
  }
  const storages = await findStorages(source, { keys, references: storagesIn(root.persistent), start: end });
  if (storages.kind !== "ok") {
    return storages;
  }
  return indexPickled({
    format: "pytorch-legacy",
    root: root.value,
    file: source.name,
    size: source.size,
    storage: (reference) => regionIn(storages.value, reference),
    inline: { file: source.name, offset: 0, byteLength: source.size, size: source.size, codings: [] },
    isBigEndian: false, // Written little-endian on every machine.
    notes: [],
  });
}

const PROTOCOL = 1001;
const PICKLES = 5;

interface Pickles {
  readonly pickles: readonly ReadPickle[];
  readonly end: number;
}

/** The magic number, the version, what the machine was like, the object, the storages' keys. */
async function readPickles(source: ByteSource): Promise<Outcome<Pickles>> {
  const pickles: ReadPickle[] = [];
  let end = 0;
  while (pickles.length < PICKLES) {
    const read = await readPickle(source, end, { fold: createTensorFold() });
    if (read.kind !== "ok") {
      return read;
    }
    pickles.push(read.value);
    ({ end } = read.value);
  }
  return ok({ pickles, end });
}

interface StorageList {
  readonly keys: readonly string[];
  readonly references: ReadonlyMap<string, StorageReference>;
  readonly start: number;
}

const COUNT_BYTES = 8;

/** Each storage is its number of elements and they. How large an element is, only the references in the object say. */
async function findStorages(
  source: ByteSource,
  { keys, references, start }: StorageList,
): Promise<Outcome<ReadonlyMap<string, Region>>> {
  const regions = new Map<string, Region>();
  const offsets: number[] = [];
  let offset = start;
  for (const key of keys) {
    const reference = references.get(key);
    if (reference === undefined || regions.has(key)) {
      return malformed(
        offset,
        t('Storage "{0}" is listed, but no tensor refers to it, or it is listed twice.', tensorLabel(key)),
      );
    }
    const size = reference.elements * reference.width;
    offsets.push(offset);
    regions.set(key, { file: source.name, offset: offset + COUNT_BYTES, byteLength: size, size, codings: [] });
    offset += COUNT_BYTES + size;
  }
  if (offset > source.size) {
    return { kind: "incomplete", have: source.size, need: offset };
  }
  const counts = await readSpots(source, offsets, COUNT_BYTES);
  const wrong = keys.findIndex(
    (key, index) => counts.getBigUint64(index * COUNT_BYTES, true) !== BigInt(references.get(key)?.elements ?? -1),
  );
  return wrong < 0
    ? ok(regions)
    : malformed(
        offsets[wrong] ?? 0,
        t(
          'Storage "{0}" does not have as many elements as its tensors say. Save the file again.',
          tensorLabel(keys[wrong] ?? ""),
        ),
      );
}

function regionIn(regions: ReadonlyMap<string, Region>, reference: StorageReference): Outcome<Region> {
  const region = regions.get(reference.key);
  const bytes = reference.elements * reference.width;
  if (region === undefined) {
    return malformed(0, t('its storage "{0}" is not in the file.', tensorLabel(reference.key)));
  }
  return bytes <= region.size
    ? ok(region)
    : malformed(region.offset, t("its storage should have {0} bytes and has {1}.", bytes, region.size));
}
