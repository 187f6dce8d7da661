import { t } from "@vscode/l10n";
import {
  type Cursor,
  expectSignature,
  type Hdf5File,
  readRecord,
  readUpTo,
  remaining,
  skip,
  startCursor,
  takeBytes,
  takeLength,
  takeNumber,
  takeSetAddress,
} from "./records.ts";
import { damaged, notSupported } from "./refusal.ts";

/** One fact about a group or a dataset. */
export interface Message {
  readonly type: number;
  /** Starts at the message's first byte; each reading takes a new one. */
  readonly open: () => Cursor;
}

/** What an object header says, in its order. */
export type ObjectHeader = readonly Message[];

export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

export function messageOf(header: ObjectHeader, type: number): Cursor | undefined {
  return header.find((message) => message.type === type)?.open();
}

// Attributes have up to 64 KiB each in a header; those of a Keras model have a few. More is no header but a bomb.
const MAX_HEADER_BYTES = 16 * 1024 * 1024;
const MAX_BLOCKS = 10_000;

/** The messages of the object at an address, with those of its continuations; shared ones are fetched. */
export async function readObjectHeader(file: Hdf5File, address: number): Promise<ObjectHeader> {
  const messages: Message[] = [];
  for (const message of await readMessages(file, address)) {
    messages.push(message.isShared ? await readShared(file, message) : message);
  }
  return messages;
}

async function readMessages(file: Hdf5File, address: number): Promise<readonly RawMessage[]> {
  const blocks = [firstBlock(await readUpTo(file, address, FIRST_BYTES))];
  const seen = new Set<number>();
  const messages: RawMessage[] = [];
  let bytes = 0;
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    bytes += block.bytes;
    if (seen.has(block.address) || seen.size > MAX_BLOCKS || bytes > MAX_HEADER_BYTES) {
      throw damaged(file.base + address, t("An object's header refers to itself, or is too long."));
    }
    seen.add(block.address);
    for (const message of takeMessages(await readRecord(file, block.address, block.bytes), block)) {
      if (message.type === MESSAGE.continuation) {
        blocks.push(continuation(message.open(), block));
      } else {
        messages.push(message);
      }
    }
  }
  return messages;
}

/** Named types are kept once and referred to. */
async function readShared(file: Hdf5File, { type, open }: RawMessage): Promise<Message> {
  const cursor = open();
  const version = takeNumber(cursor, 1);
  const place = takeNumber(cursor, 1);
  skip(cursor, version === 1 ? 6 : 0);
  if (version === 3 && place !== IN_OBJECT) {
    throw notSupported(t("messages shared in a heap"));
  }
  const shared = (await readMessages(file, takeSetAddress(cursor))).find((each) => each.type === type);
  if (shared === undefined || shared.isShared) {
    throw damaged(cursor.offset, t("A shared message is not where it should be."));
  }
  return shared;
}

const IN_OBJECT = 2;

/** The longest fields before the messages. */
const FIRST_BYTES = 64;

/** A stretch of messages. */
interface Block {
  readonly address: number;
  readonly bytes: number;
  /** With the signature and checksums of version 2, whose continuations have their own. */
  readonly isNew: boolean;
  readonly hasOrder: boolean;
  readonly isContinuation: boolean;
}

function firstBlock(cursor: Cursor): Block {
  return cursor.bytes[0] === "O".charCodeAt(0) ? newBlock(cursor) : oldBlock(cursor);
}

function oldBlock(cursor: Cursor): Block {
  const version = takeNumber(cursor, 1);
  if (version !== 1) {
    throw damaged(cursor.offset, t("There is no object header where one should be."));
  }
  skip(cursor, 7); // Reserved, messages, references.
  const bytes = takeNumber(cursor, 4);
  skip(cursor, 4);
  const address = cursor.offset - cursor.file.base + cursor.position;
  return { address, bytes, isNew: false, hasOrder: false, isContinuation: false };
}

function newBlock(cursor: Cursor): Block {
  expectSignature(cursor, "OHDR");
  const version = takeNumber(cursor, 1);
  const flags = takeNumber(cursor, 1);
  if (version !== 2) {
    throw notSupported(t("an object header of version {0}", version));
  }
  skip(cursor, ((flags & 0x20) === 0 ? 0 : 16) + ((flags & 0x10) === 0 ? 0 : 4)); // Times; limits of attributes.
  const bytes = takeNumber(cursor, 2 ** (flags & 3));
  const address = cursor.offset - cursor.file.base + cursor.position;
  return { address, bytes, isNew: true, hasOrder: (flags & 4) !== 0, isContinuation: false };
}

function continuation(cursor: Cursor, block: Block): Block {
  const address = takeSetAddress(cursor);
  return { ...block, address, bytes: takeLength(cursor), isContinuation: true };
}

interface RawMessage extends Message {
  readonly isShared: boolean;
}

const CHECKSUM_BYTES = 4;

function* takeMessages(cursor: Cursor, { isNew, hasOrder, isContinuation }: Block): Generator<RawMessage, void> {
  if (isNew && isContinuation) {
    expectSignature(cursor, "OCHK");
  }
  const headBytes = isNew ? 4 + (hasOrder ? 2 : 0) : 8;
  const tailBytes = isNew && isContinuation ? CHECKSUM_BYTES : 0;
  while (remaining(cursor) - tailBytes >= headBytes) {
    const type = takeNumber(cursor, isNew ? 1 : 2);
    const size = takeNumber(cursor, 2);
    const flags = takeNumber(cursor, 1);
    skip(cursor, headBytes - (isNew ? 4 : 5));
    const offset = cursor.offset + cursor.position;
    const bytes = takeBytes(cursor, size);
    yield { type, isShared: (flags & 2) !== 0, open: () => startCursor(cursor.file, bytes, offset) };
  }
}
