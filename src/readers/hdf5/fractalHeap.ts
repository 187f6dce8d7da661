import { t } from "@vscode/l10n";
import {
  bytesFor,
  type Cursor,
  expectSignature,
  type Hdf5File,
  readRecord,
  skip,
  takeAddress,
  takeLength,
  takeNumber,
  takeSetAddress,
} from "./records.ts";
import { damaged, notSupported } from "./refusal.ts";

/** Objects of a fractal heap by their IDs: links and attributes of groups that have many. */
export interface FractalHeap {
  readonly idBytes: number;
  readonly read: (id: Uint8Array) => Promise<Cursor>;
}

export async function openHeap(file: Hdf5File, address: number): Promise<FractalHeap> {
  const header = await readHeader(file, address);
  const blocks = header.root === undefined ? [] : await readBlocks(file, header);
  return {
    idBytes: header.idBytes,
    async read(id) {
      const kind = ((id[0] ?? 0) >> 4) & 3;
      if (kind !== MANAGED) {
        throw notSupported(t("names or attributes that are too long for their heap"));
      }
      const at = numberOf(id.subarray(1, 1 + header.offsetBytes));
      const length = numberOf(id.subarray(1 + header.offsetBytes, 1 + header.offsetBytes + header.sizeBytes));
      const block = blocks.find(({ start, bytes }) => at >= start && at + length <= start + bytes);
      if (block === undefined) {
        throw damaged(file.base + address, t("A heap of the file does not have an object that is looked for in it."));
      }
      return readRecord(file, block.address + (at - block.start), length);
    },
  };
}

const MANAGED = 0;

function numberOf(bytes: Uint8Array): number {
  return bytes.reduceRight((number, byte) => number * 256 + byte, 0);
}

interface Header {
  readonly idBytes: number;
  /** Widths of an object's place and size in its ID. */
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly width: number;
  readonly firstBlockBytes: number;
  readonly largestBlockBytes: number;
  readonly root: number | undefined;
  /** Of the root, when that is a table of blocks; 0 when it is a block. */
  readonly rootRows: number;
}

async function readHeader(file: Hdf5File, address: number): Promise<Header> {
  const { addressBytes, lengthBytes } = file;
  const cursor = await readRecord(file, address, 22 + 12 * lengthBytes + 3 * addressBytes);
  expectSignature(cursor, "FRHP");
  skip(cursor, 1);
  const idBytes = takeNumber(cursor, 2);
  const filterBytes = takeNumber(cursor, 2);
  skip(cursor, 1);
  const largestObjectBytes = takeNumber(cursor, 4);
  skip(cursor, lengthBytes + addressBytes + lengthBytes + addressBytes + 8 * lengthBytes);
  const width = takeNumber(cursor, 2);
  const firstBlockBytes = takeLength(cursor);
  const largestBlockBytes = takeLength(cursor);
  const offsetBits = takeNumber(cursor, 2);
  skip(cursor, 2);
  const root = takeAddress(cursor);
  const rootRows = takeNumber(cursor, 2);
  if (filterBytes > 0) {
    throw notSupported(t("names or attributes in a compressed heap"));
  }
  if (width === 0 || firstBlockBytes === 0 || largestBlockBytes < firstBlockBytes || offsetBits > 64) {
    throw damaged(file.base + address, t("A heap of the file has sizes that cannot be."));
  }
  const offsetBytes = Math.ceil(offsetBits / 8);
  const sizeBytes = Math.min(bytesFor(largestBlockBytes), bytesFor(largestObjectBytes));
  return { idBytes, offsetBytes, sizeBytes, width, firstBlockBytes, largestBlockBytes, root, rootRows };
}

/** A block that holds objects. */
interface HeapBlock {
  /** Place of its first byte in the heap. */
  readonly start: number;
  readonly bytes: number;
  readonly address: number;
}

interface Table {
  readonly address: number;
  readonly rows: number;
  readonly start: number;
}

// Each holds 512 bytes or more: a group of a million links has fewer.
const MAX_BLOCKS = 100_000;

async function readBlocks(file: Hdf5File, header: Header): Promise<readonly HeapBlock[]> {
  const { root = 0, rootRows, firstBlockBytes } = header;
  if (rootRows === 0) {
    return [{ start: 0, bytes: firstBlockBytes, address: root }];
  }
  const blocks: HeapBlock[] = [];
  const seen = new Set<number>();
  const tables: Table[] = [{ address: root, rows: rootRows, start: 0 }];
  for (let table = tables.pop(); table !== undefined; table = tables.pop()) {
    if (seen.has(table.address) || blocks.length + tables.length > MAX_BLOCKS) {
      throw damaged(file.base + table.address, t("A heap of the file refers to itself, or has too many blocks."));
    }
    seen.add(table.address);
    const children = await readTable(file, table, header);
    children.blocks.forEach((block) => blocks.push(block));
    children.tables.forEach((child) => tables.push(child));
  }
  return blocks;
}

async function readTable(
  file: Hdf5File,
  { address, rows, start: tableStart }: Table,
  { width, firstBlockBytes, largestBlockBytes, offsetBytes }: Header,
): Promise<{ readonly blocks: readonly HeapBlock[]; readonly tables: readonly Table[] }> {
  const headBytes = 5 + file.addressBytes + offsetBytes;
  const cursor = await readRecord(file, address, headBytes + rows * width * file.addressBytes);
  expectSignature(cursor, "FHIB");
  skip(cursor, 1);
  takeSetAddress(cursor);
  skip(cursor, offsetBytes);
  const blocks: HeapBlock[] = [];
  const tables: Table[] = [];
  let start = tableStart;
  for (let at = 0; at < rows * width; at += 1) {
    const row = Math.floor(at / width);
    const bytes = firstBlockBytes * 2 ** Math.max(0, row - 1);
    const child = takeAddress(cursor);
    if (child !== undefined && bytes <= largestBlockBytes) {
      blocks.push({ start, bytes, address: child });
    } else if (child !== undefined) {
      tables.push({ address: child, rows: Math.log2(bytes / (firstBlockBytes * width)) + 1, start });
    }
    start += bytes;
  }
  return { blocks, tables };
}
