import type { ByteSource } from "#core/byteSource.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { maskedCrc32c } from "../../crc32c.ts";
import { varintAt } from "../shared/protobuf.ts";
import { uncompressSnappy } from "./snappy.ts";
import { parseBlock, type TableEntry } from "./block.ts";

/** Where a block lies; its type and checksum follow. */
interface BlockHandle {
  readonly offset: number;
  readonly size: number;
}

const FOOTER_BYTES = 48;
const MAGIC_BYTES = 8;
/** Type of compression, checksum. */
const TRAILER_BYTES = 5;

// 100,000 variables take 10 MB.
const MAX_TABLE_BYTES = 100_000_000;

/** `57 fb 80 8b 24 75 47 db` */
const MAGIC = Uint8Array.of(0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb);

export async function hasTableFooter(source: ByteSource): Promise<boolean> {
  if (source.size < FOOTER_BYTES) {
    return false;
  }
  const end = await source.read(source.size - MAGIC_BYTES, MAGIC_BYTES);
  return MAGIC.every((byte, at) => end[at] === byte);
}

/**
 * All entries of a table in the form of LevelDB, in the order of their keys, which must ascend. Blocks must follow each other:
 * so no handle leads twice to the same one.
 */
export async function readTable(source: ByteSource): Promise<Outcome<readonly TableEntry[]>> {
  if (!(await hasTableFooter(source))) {
    return { kind: "incomplete", have: source.size, need: Math.max(source.size + 1, FOOTER_BYTES) };
  }
  const handles = await readBlockHandles(source);
  if (handles.kind !== "ok") {
    return handles;
  }
  const entries: TableEntry[] = [];
  let end = 0;
  for (const handle of handles.value) {
    if (handle.offset < end) {
      return malformed(
        handle.offset,
        t("Two blocks of the table lie in the same place. The file is damaged; save it again."),
      );
    }
    end = handle.offset + handle.size;
    const block = await readBlock(source, handle);
    if (block.kind !== "ok") {
      return block;
    }
    for (const entry of block.value) {
      entries.push(entry);
    }
  }
  const fault = entries.findIndex(({ key }, at) => at > 0 && key <= (entries[at - 1]?.key ?? ""));
  return fault < 0
    ? ok(entries)
    : malformed(entries[fault]?.at ?? 0, t("The keys of the table do not ascend. Save it again."));
}

async function readBlockHandles(source: ByteSource): Promise<Outcome<readonly BlockHandle[]>> {
  const footer = await source.read(source.size - FOOTER_BYTES, FOOTER_BYTES);
  const meta = handleAt(footer, 0);
  const index = meta === undefined ? undefined : handleAt(footer, meta.end);
  if (index === undefined) {
    return malformed(source.size - FOOTER_BYTES, t("The table's footer has no handles. Save it again."));
  }
  const block = await readBlock(source, index);
  if (block.kind !== "ok") {
    return block;
  }
  const handles: BlockHandle[] = [];
  for (const { value, at } of block.value) {
    const handle = handleAt(value, 0);
    if (handle === undefined) {
      return malformed(at, t("The table's list of blocks is damaged. Save it again."));
    }
    handles.push(handle);
  }
  return ok(handles);
}

function handleAt(bytes: Uint8Array, at: number): (BlockHandle & { readonly end: number }) | undefined {
  const offset = varintAt(bytes, at);
  const size = typeof offset === "string" ? offset : varintAt(bytes, offset.end);
  if (typeof offset === "string" || typeof size === "string") {
    return undefined;
  }
  return offset.value === undefined || size.value === undefined
    ? undefined
    : { offset: offset.value, size: size.value, end: size.end };
}

async function readBlock(source: ByteSource, { offset, size }: BlockHandle): Promise<Outcome<readonly TableEntry[]>> {
  const end = offset + size + TRAILER_BYTES;
  if (end > source.size) {
    return malformed(
      offset,
      t("A block of the table ends at {0}, but the file has {1} bytes. Save it again.", end, source.size),
    );
  }
  if (size > MAX_TABLE_BYTES) {
    return unsupported(describeVersion1());
  }
  const bytes = await source.read(offset, size + TRAILER_BYTES);
  const checksum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(size + 1, true);
  if (maskedCrc32c(bytes.subarray(0, size + 1)) !== checksum) {
    return malformed(offset, t("A block of the table does not have its checksum. The file is damaged; save it again."));
  }
  const stored = bytes.subarray(0, size);
  const block = bytes[size] === 0 ? stored : bytes[size] === 1 ? uncompressSnappy(stored, MAX_TABLE_BYTES) : undefined;
  return block === undefined
    ? malformed(offset, t("A block of the table cannot be decompressed. The file is damaged; save it again."))
    : parseBlock(block, offset);
}

export function describeVersion1(): string {
  return t(
    "This is TensorFlow's first checkpoint format, one file with values inside, which is not read. Save it again as version 2 with tf.train.Saver(write_version=2).",
  );
}
