import { t } from "@vscode/l10n";
import { type ArrayItem, MAX_ITEMS } from "./arrayItem.ts";
import { type ItemRange, readItems } from "./fixedArray.ts";
import {
  type Cursor,
  expectSignature,
  type Hdf5File,
  readRecord,
  skip,
  takeAddress,
  takeBytes,
  takeLength,
  takePart,
} from "./records.ts";
import { damaged, notSupported } from "./refusal.ts";

/**
 * The entries of an extensible array: some in its index block, then in data blocks that double in size, which the index
 * block names and then super blocks (HDF5's file format specification, VII.E).
 */
export async function* extensibleArrayItems(
  file: Hdf5File,
  address: number,
): AsyncGenerator<ArrayItem, void, undefined> {
  const array = await readHeader(file, address);
  if (array.block === undefined) {
    return;
  }
  const index = await readIndexBlock(file, array.block, array);
  for (let at = 0; at < array.indexItems; at += 1) {
    yield { index: at, entry: takePart(index, array.entryBytes) };
  }
  let first = array.indexItems;
  const groups = 1 + array.maxItemsBits - Math.log2(array.minBlockItems);
  for (let group = 0; group < groups && first <= array.lastIndex; group += 1) {
    const blocks = 2 ** Math.floor(group / 2);
    const items = 2 ** Math.floor((group + 1) / 2) * array.minBlockItems;
    const addresses =
      group < array.indexGroups
        ? Array.from({ length: blocks }, () => takeAddress(index))
        : await readSuperBlock(file, takeAddress(index), { array, blocks, items });
    for (let block = 0; block < blocks && first <= array.lastIndex; block += 1, first += items) {
      const start = addresses[block];
      if (start !== undefined) {
        const headBytes = headBytesOf(file, array);
        yield* readDataBlock(file, start, { first, count: items, entryBytes: array.entryBytes, headBytes });
      }
    }
  }
}

interface ExtensibleArray {
  readonly entryBytes: number;
  readonly maxItemsBits: number;
  /** Entries in the index block. */
  readonly indexItems: number;
  readonly minBlockItems: number;
  /** Groups of data blocks whose addresses the index block has; others have super blocks. */
  readonly indexGroups: number;
  readonly pageItems: number;
  readonly lastIndex: number;
  readonly block: number | undefined;
}

async function readHeader(file: Hdf5File, address: number): Promise<ExtensibleArray> {
  const cursor = await readRecord(file, address, 12 + 6 * file.lengthBytes + file.addressBytes);
  expectSignature(cursor, "EAHD");
  skip(cursor, 2);
  const [entryBytes = 0, maxItemsBits = 0, indexItems = 0, minBlockItems = 0, minPointers = 0, pageBits = 0] =
    takeBytes(cursor, 6);
  skip(cursor, 4 * file.lengthBytes);
  const items = takeLength(cursor);
  takeLength(cursor);
  if (items > MAX_ITEMS || entryBytes === 0 || maxItemsBits > 64 || !isPower(minBlockItems) || !isPower(minPointers)) {
    throw damaged(cursor.offset, t("A dataset's index has sizes that cannot be, or {0} chunks.", items));
  }
  const indexGroups = 2 * Math.log2(minPointers);
  const block = takeAddress(cursor);
  return {
    entryBytes,
    maxItemsBits,
    indexItems,
    minBlockItems,
    indexGroups,
    pageItems: 2 ** pageBits,
    lastIndex: items - 1,
    block,
  };
}

function isPower(count: number): boolean {
  return count > 0 && Number.isInteger(Math.log2(count));
}

async function readIndexBlock(file: Hdf5File, address: number, array: ExtensibleArray): Promise<Cursor> {
  const { addressBytes } = file;
  const groups = 1 + array.maxItemsBits - Math.log2(array.minBlockItems);
  // Of two groups each, 1, 1, 2, 2, 4, 4 … blocks; of the other groups one super block.
  const pointers = 2 * (2 ** (array.indexGroups / 2) - 1) + Math.max(0, groups - array.indexGroups);
  const bytes = 6 + addressBytes + array.indexItems * array.entryBytes + pointers * addressBytes;
  const cursor = await readRecord(file, address, bytes);
  expectSignature(cursor, "EAIB");
  skip(cursor, 2 + addressBytes);
  return cursor;
}

interface Group {
  readonly array: ExtensibleArray;
  readonly blocks: number;
  /** In each block. */
  readonly items: number;
}

async function readSuperBlock(
  file: Hdf5File,
  address: number | undefined,
  { array, blocks, items }: Group,
): Promise<readonly (number | undefined)[]> {
  if (address === undefined) {
    return [];
  }
  // Blocks so large have pages; HDF5 makes them for datasets of more than 131,056 chunks, which are too many anyway.
  if (items > array.pageItems) {
    throw notSupported(t("more than 100,000 chunks"));
  }
  const headBytes = headBytesOf(file, array);
  const cursor = await readRecord(file, address, headBytes + blocks * file.addressBytes);
  expectSignature(cursor, "EASB");
  skip(cursor, headBytes - 4);
  return Array.from({ length: blocks }, () => takeAddress(cursor));
}

async function* readDataBlock(
  file: Hdf5File,
  address: number,
  { first, count, entryBytes, headBytes }: ItemRange & { readonly headBytes: number },
): AsyncGenerator<ArrayItem, void, undefined> {
  expectSignature(await readRecord(file, address, headBytes), "EADB");
  yield* readItems(file, address + headBytes, { first, count, entryBytes });
}

/** Signature, version, client, address of the header, place in the array. */
function headBytesOf({ addressBytes }: Hdf5File, { maxItemsBits }: ExtensibleArray): number {
  return 6 + addressBytes + Math.ceil(maxItemsBits / 8);
}
