import { t } from "@vscode/l10n";
import { openHeap } from "./fractalHeap.ts";
import { MESSAGE, messageOf, type ObjectHeader } from "./objectHeader.ts";
import {
  type Cursor,
  decodeText,
  expectSignature,
  type Hdf5File,
  readRecord,
  skip,
  takeAddress,
  takeBytes,
  takeLength,
  takeNumber,
  takeSetAddress,
} from "./records.ts";
import { damaged } from "./refusal.ts";
import { readTree } from "./tree1.ts";
import { readTree2 } from "./tree2.ts";

/** What stands under a name in a group. */
export interface Link {
  readonly name: string;
  /** Of the object's header; undefined for a link to another file, which is never followed. */
  readonly address: number | undefined;
}

/** Whether an object is a group. */
export function isGroup(header: ObjectHeader): boolean {
  return header.some(({ type }) => GROUP_SIGNS.has(type));
}

const GROUP_SIGNS: ReadonlySet<number> = new Set([MESSAGE.symbolTable, MESSAGE.linkInfo, MESSAGE.link]);

/** The links of a group in the order of the file. Soft links are left out: what they name is listed where it is. */
export async function readLinks(file: Hdf5File, header: ObjectHeader): Promise<readonly Link[]> {
  const symbols = messageOf(header, MESSAGE.symbolTable);
  const compact = header.filter(({ type }) => type === MESSAGE.link).map(({ open }) => parseLink(open()));
  const info = messageOf(header, MESSAGE.linkInfo);
  const old = symbols === undefined ? [] : await readSymbols(file, symbols);
  const dense = info === undefined ? [] : await readDense(file, info);
  return [...compact, ...old, ...dense].filter((link) => link !== undefined);
}

// As the list of tensors; a file of so many links has a heap of names as long.
const MAX_LINKS = 2_000_000;
const MAX_NAMES_BYTES = 100_000_000;

async function readSymbols(file: Hdf5File, message: Cursor): Promise<readonly (Link | undefined)[]> {
  const tree = takeSetAddress(message);
  const names = await readNames(file, takeSetAddress(message));
  const links: (Link | undefined)[] = [];
  const seen = new Set<number>();
  for await (const { child } of readTree(file, tree, { type: "groups", keyBytes: file.lengthBytes })) {
    const node = await readRecord(file, child, SYMBOLS_HEAD_BYTES);
    expectSignature(node, "SNOD");
    skip(node, 2);
    const entries = takeNumber(node, 2);
    if (seen.has(child) || links.length + entries > MAX_LINKS) {
      throw damaged(node.offset, t("A group refers to names twice, or has more than two million."));
    }
    seen.add(child);
    const entryBytes = file.lengthBytes + file.addressBytes + SYMBOL_TAIL_BYTES;
    const table = await readRecord(file, child + SYMBOLS_HEAD_BYTES, entries * entryBytes);
    for (let entry = 0; entry < entries; entry += 1) {
      links.push(takeSymbol(table, names));
    }
  }
  return links;
}

const SYMBOLS_HEAD_BYTES = 8;
/** Kind of what is cached, reserved, and what is cached. */
const SYMBOL_TAIL_BYTES = 24;
const CACHED_SOFT_LINK = 2;

function takeSymbol(table: Cursor, names: Uint8Array): Link | undefined {
  const at = takeLength(table);
  const address = takeAddress(table);
  const cached = takeNumber(table, 4);
  skip(table, SYMBOL_TAIL_BYTES - 4);
  if (at >= names.length) {
    throw damaged(table.offset, t("A name of a group lies outside its heap."));
  }
  return cached === CACHED_SOFT_LINK || address === undefined
    ? undefined
    : { name: decodeText(names.subarray(at)), address };
}

/** The heap of a group's names. */
async function readNames(file: Hdf5File, address: number): Promise<Uint8Array> {
  const cursor = await readRecord(file, address, 8 + 2 * file.lengthBytes + file.addressBytes);
  expectSignature(cursor, "HEAP");
  skip(cursor, 4);
  const bytes = takeLength(cursor);
  takeLength(cursor);
  if (bytes > MAX_NAMES_BYTES) {
    throw damaged(cursor.offset, t("The names of a group take {0} bytes, more than {1}.", bytes, MAX_NAMES_BYTES));
  }
  return (await readRecord(file, takeSetAddress(cursor), bytes)).bytes;
}

async function readDense(file: Hdf5File, message: Cursor): Promise<readonly (Link | undefined)[]> {
  skip(message, 1);
  const flags = takeNumber(message, 1);
  skip(message, (flags & 1) === 0 ? 0 : 8);
  const heapAddress = takeAddress(message);
  const treeAddress = takeAddress(message);
  if (heapAddress === undefined || treeAddress === undefined) {
    return [];
  }
  const heap = await openHeap(file, heapAddress);
  const links: (Link | undefined)[] = [];
  for await (const record of readTree2(file, treeAddress)) {
    skip(record, NAME_HASH_BYTES);
    links.push(parseLink(await heap.read(takeBytes(record, heap.idBytes))));
    if (links.length > MAX_LINKS) {
      throw damaged(record.offset, t("A group has more than two million names."));
    }
  }
  return links;
}

const NAME_HASH_BYTES = 4;
const HARD = 0;
const SOFT = 1;

/** A link message; undefined for a soft link. */
function parseLink(cursor: Cursor): Link | undefined {
  skip(cursor, 1);
  const flags = takeNumber(cursor, 1);
  const kind = (flags & 8) === 0 ? HARD : takeNumber(cursor, 1);
  skip(cursor, ((flags & 4) === 0 ? 0 : 8) + ((flags & 16) === 0 ? 0 : 1)); // Creation order; character set.
  const name = decodeText(takeBytes(cursor, takeNumber(cursor, 2 ** (flags & 3))));
  if (kind === SOFT) {
    return undefined;
  }
  return { name, address: kind === HARD ? takeSetAddress(cursor) : undefined };
}
