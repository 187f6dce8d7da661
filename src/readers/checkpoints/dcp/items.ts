import { zstdDecompressSync } from "node:zlib";

import type { ByteSource } from "#core/byteSource.ts";
import type { ByteRange, Coding } from "#core/coding.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import { describeFailure } from "#l10n/failure.ts";
import { t } from "@vscode/l10n";

import { bytesSource } from "../shared/bytesSource.ts";
import { type PickledCheckpoint, type PickledTensor, tensorOf } from "../pickle/pickledTensor.ts";
import { openTorchZip } from "../torch/pytorchZip.ts";
import { readSafetensors } from "../safetensors/safetensors.ts";
import type { PickleValue } from "../pickle/values.ts";
import { readZip } from "../zip/zip.ts";
import { windowOf } from "../shared/window.ts";
import { withoutSlice } from "./joinMetadata.ts";
import type { DcpItem } from "./metadata.ts";
import { createTwin, isTwin, type Twin } from "./twins.ts";

/** What an item holds. Parts count from the start of its file. */
export type OpenedItem =
  | { readonly kind: "tensor"; readonly tensor: PickledTensor }
  | { readonly kind: "value"; readonly value: PickleValue };

/** Reads items of one file, which lie in it as the metadata says. */
export function createItemReader(source: ByteSource): (item: DcpItem) => Promise<Outcome<OpenedItem>> {
  const containers = new Map<number, Promise<Outcome<ReadonlyMap<string, PickledTensor>>>>();
  const readArchive = createArchiveReader(source);
  return async (item) => {
    const { offset, length, transforms } = item;
    if (transforms.length > 0) {
      return openTransformed(source, item);
    }
    const head = await source.read(offset, Math.min(length, ZIP_MAGIC.length));
    if (ZIP_MAGIC.every((byte, at) => head[at] === byte)) {
      return readArchive(item);
    }
    const container = containers.get(offset) ?? readContainer(source, offset);
    containers.set(offset, container);
    return inContainer(await container, item);
  };
}

/** Layers of a model are alike, and so are their archives. */
function createArchiveReader(source: ByteSource): (item: DcpItem) => Promise<Outcome<OpenedItem>> {
  const twins: Twin[] = [];
  return async (item) => {
    const archive = windowOf(source, item.offset, item.length);
    for (const twin of twins.filter(({ length }) => item.start !== undefined && length === item.length)) {
      if (await isTwin(archive, twin)) {
        return ok({ kind: "tensor", tensor: moved(twin.tensor, item.offset) });
      }
    }
    const opened = await openTorchZip(archive);
    const outcome = opened.kind === "ok" ? content(opened.value, { ...item, offset: 0 }) : opened;
    if (outcome.kind !== "ok" || outcome.value.kind !== "tensor") {
      return outcome;
    }
    const { tensor } = outcome.value;
    const entries = await readZip(archive);
    const twin = entries.kind === "ok" ? await createTwin(archive, entries.value, tensor) : undefined;
    twins.unshift(...(twin === undefined ? [] : [twin]));
    twins.splice(MAX_TWINS);
    return ok({ kind: "tensor", tensor: moved(tensor, item.offset) });
  };
}

/** A model has tensors of some ten shapes, and its optimizer of the same ones. */
const MAX_TWINS = 64;

const ZIP_MAGIC = [0x50, 0x4b, 3, 4];

/** A value may be a tensor too, one that Gradlens cannot read as well as any other. */
function content(pickled: PickledCheckpoint, { name, offset, start }: DcpItem): Outcome<OpenedItem> {
  const tensor = tensorOf(pickled, pickled.root, name);
  if (tensor?.kind === "ok") {
    return ok({ kind: "tensor", tensor: moved(tensor.value, offset) });
  }
  return tensor === undefined || start === undefined ? ok({ kind: "value", value: pickled.root }) : tensor;
}

/** Parts of a window as parts of the file. */
function moved(tensor: PickledTensor, by: number): PickledTensor {
  return { ...tensor, parts: tensor.parts.map((part) => movedPart(part, by)) };
}

function movedPart(part: TensorPart, by: number): TensorPart {
  const { offset, codings } = part;
  const shift = (range: ByteRange): ByteRange => ({ ...range, offset: range.offset + by });
  const own = codings?.map((coding) =>
    coding.kind === "codebook" ? { ...coding, table: shift(coding.table), scales: shift(coding.scales) } : coding,
  );
  return { ...part, offset: offset + by, ...(own === undefined ? {} : { codings: own }) };
}

/** Tensors may be written as one safetensors file, from an offset to the end; all their items then name that offset. */
async function readContainer(source: ByteSource, offset: number): Promise<Outcome<ReadonlyMap<string, PickledTensor>>> {
  const index = await readSafetensors(windowOf(source, offset, source.size - offset));
  return index.kind === "ok"
    ? ok(
        new Map(
          index.value.tensors.map(({ name, ...entry }) => [name, moved({ ...entry, bytes: 0 }, offset)] as const),
        ),
      )
    : malformed(offset, t("neither a zip archive nor safetensors: {0}", describeFailure(index)));
}

function inContainer(
  container: Outcome<ReadonlyMap<string, PickledTensor>>,
  { name, offset }: DcpItem,
): Outcome<OpenedItem> {
  if (container.kind !== "ok") {
    return container;
  }
  const tensor = container.value.get(name) ?? container.value.get(withoutSlice(name));
  return tensor === undefined
    ? malformed(offset, t("the safetensors data there do not hold it"))
    : ok({ kind: "tensor", tensor });
}

// Where its elements lie is known once an item is decompressed, so each one is, to be forgotten again.
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

async function openTransformed(source: ByteSource, item: DcpItem): Promise<Outcome<OpenedItem>> {
  const { offset, length, transforms } = item;
  if (transforms.length > 1 || transforms[0]?.startsWith("stream.zstd") !== true) {
    return unsupported(t("an item written through {0}", transforms.join(", ")));
  }
  if (length > MAX_UNPACKED_BYTES) {
    return unsupported(t("an item of {0} compressed bytes; Gradlens reads up to {1}", length, MAX_UNPACKED_BYTES));
  }
  const unpacked = unpack(await source.read(offset, length));
  if (unpacked === undefined) {
    return malformed(
      offset,
      t("its zstd data cannot be decompressed, or hold more than {0} bytes", MAX_UNPACKED_BYTES),
    );
  }
  const opened = await openTorchZip(bytesSource(unpacked, source.name));
  return opened.kind === "ok" ? content(packed(opened.value, item, unpacked.length), { ...item, offset: 0 }) : opened;
}

function unpack(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch {
    return undefined; // The caller names the item.
  }
}

/** Its storages as ranges of what the compressed item gives. */
function packed(pickled: PickledCheckpoint, item: DcpItem, unpackedBytes: number): PickledCheckpoint {
  return {
    ...pickled,
    storage(reference) {
      const region = pickled.storage(reference);
      if (region.kind !== "ok" || region.value.codings.length > 0) {
        return region.kind === "ok" ? unsupported(t("a compressed file in a compressed item")) : region;
      }
      const { file, offset } = region.value;
      const codings: readonly Coding[] = [
        { kind: "zstd", decodedBytes: unpackedBytes },
        { kind: "skip", bytes: offset },
      ];
      return ok({ file, offset: item.offset, byteLength: item.length, size: unpackedBytes - offset, codings });
    },
  };
}
