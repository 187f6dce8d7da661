import { t } from "@vscode/l10n";
import { type ArrayItem, CHECKSUM_BYTES, hasBit, MAX_ITEMS } from "./arrayItem.ts";
import {
  expectSignature,
  type Hdf5File,
  readRecord,
  skip,
  takeAddress,
  takeBytes,
  takeLength,
  takeNumber,
  takePart,
} from "./records.ts";
import { damaged } from "./refusal.ts";

/** The entries of a fixed array; of pages that were never written none. */
export async function* fixedArrayItems(file: Hdf5File, address: number): AsyncGenerator<ArrayItem, void, undefined> {
  const header = await readRecord(file, address, 8 + file.lengthBytes + file.addressBytes);
  expectSignature(header, "FAHD");
  skip(header, 2);
  const entryBytes = takeNumber(header, 1);
  const pageItems = 2 ** takeNumber(header, 1);
  const items = takeLength(header);
  const block = takeAddress(header);
  if (block === undefined) {
    return;
  }
  if (items > MAX_ITEMS || entryBytes === 0) {
    throw damaged(header.offset, t("A dataset's index has room for {0} chunks of {1} bytes.", items, entryBytes));
  }
  const pages = items > pageItems ? Math.ceil(items / pageItems) : 0;
  const headBytes = 6 + file.addressBytes + Math.ceil(pages / 8);
  const head = await readRecord(file, block, headBytes);
  expectSignature(head, "FADB");
  skip(head, 2 + file.addressBytes);
  const written = takeBytes(head, Math.ceil(pages / 8));
  if (pages === 0) {
    yield* readItems(file, block + headBytes, { first: 0, count: items, entryBytes });
    return;
  }
  for (let page = 0; page < pages; page += 1) {
    const first = page * pageItems;
    const start = block + headBytes + CHECKSUM_BYTES + page * (pageItems * entryBytes + CHECKSUM_BYTES);
    if (hasBit(written, page)) {
      yield* readItems(file, start, { first, count: Math.min(pageItems, items - first), entryBytes });
    }
  }
}

export interface ItemRange {
  /** Index of the first. */
  readonly first: number;
  readonly count: number;
  readonly entryBytes: number;
}

/** Entries that lie one after another. */
export async function* readItems(
  file: Hdf5File,
  address: number,
  { first, count, entryBytes }: ItemRange,
): AsyncGenerator<ArrayItem, void, undefined> {
  const entries = await readRecord(file, address, count * entryBytes);
  for (let at = 0; at < count; at += 1) {
    yield { index: first + at, entry: takePart(entries, entryBytes) };
  }
}
