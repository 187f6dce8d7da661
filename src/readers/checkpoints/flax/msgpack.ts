import type { ByteSource } from "#core/byteSource.ts";
import { malformed, type ReadFailure } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

/** A position in a MessagePack file. Only tokens are read; what is jumped over is not. */
export interface MsgpackCursor {
  readonly source: ByteSource;
  /** Bytes from the start of the file. */
  position: number;
  /** The first failure; after it every token is a nil. */
  failure: ReadFailure | undefined;
  window: Uint8Array;
  windowStart: number;
  /** Bytes of the next window: few after a jump, more where everything is read. */
  windowBytes: number;
}

/** The start of a value. Of text the text itself, of the other long ones where their bytes end. */
export type Token =
  | { readonly kind: "plain"; readonly value: string | number | bigint | boolean | null }
  | { readonly kind: "map" | "array"; readonly count: number }
  | { readonly kind: "bin"; readonly start: number; readonly end: number }
  | { readonly kind: "ext"; readonly type: number; readonly start: number; readonly end: number };

export function startMsgpack(source: ByteSource): MsgpackCursor {
  return {
    source,
    position: 0,
    failure: undefined,
    window: new Uint8Array(),
    windowStart: 0,
    windowBytes: MIN_WINDOW_BYTES,
  };
}

const MIN_WINDOW_BYTES = 4096;
const MAX_WINDOW_BYTES = 256 * 1024;

/** Keeps the first failure only. */
export function failMsgpack(cursor: MsgpackCursor, what: string, offset = cursor.position): void {
  cursor.failure ??= malformed(offset, what);
}

const NIL: Token = { kind: "plain", value: null };

export async function readToken(cursor: MsgpackCursor): Promise<Token> {
  if (!isInWindow(cursor, MAX_HEAD_BYTES)) {
    await moveWindow(cursor, MAX_HEAD_BYTES);
  }
  const start = cursor.position;
  const lead = readUnsigned(cursor, 1);
  const token = lead < 0xc0 || lead >= 0xe0 ? readShort(lead) : READERS[lead - 0xc0]?.(cursor);
  if (token === undefined) {
    failMsgpack(cursor, t("0x{0} starts no value of MessagePack. The file is damaged.", lead.toString(16)), start);
  }
  if (token === undefined || cursor.failure !== undefined) {
    return NIL;
  }
  return token.kind === "text" ? readText(cursor, token.length) : token;
}

/** The longest head of a value: its first byte and a number of eight. */
const MAX_HEAD_BYTES = 9;

type Head = Token | { readonly kind: "text"; readonly length: number };

/** Values whose first byte is their head. */
function readShort(lead: number): Head {
  if (lead < 0x80 || lead >= 0xe0) {
    return plain(lead < 0x80 ? lead : lead - 0x1_00);
  }
  return lead < 0xa0
    ? { kind: lead < 0x90 ? "map" : "array", count: lead & 0x0f }
    : { kind: "text", length: lead & 0x1f };
}

/** By the first byte, from 0xc0 on; 0xc1 is never used. */
const READERS: readonly (((cursor: MsgpackCursor) => Head) | undefined)[] = [
  () => NIL,
  undefined,
  () => plain(false),
  () => plain(true),
  (cursor) => bin(cursor, readUnsigned(cursor, 1)),
  (cursor) => bin(cursor, readUnsigned(cursor, 2)),
  (cursor) => bin(cursor, readUnsigned(cursor, 4)),
  (cursor) => ext(cursor, readUnsigned(cursor, 1)),
  (cursor) => ext(cursor, readUnsigned(cursor, 2)),
  (cursor) => ext(cursor, readUnsigned(cursor, 4)),
  (cursor) => plain(readView(cursor, 4).getFloat32(0)),
  (cursor) => plain(readView(cursor, 8).getFloat64(0)),
  (cursor) => plain(readUnsigned(cursor, 1)),
  (cursor) => plain(readUnsigned(cursor, 2)),
  (cursor) => plain(readUnsigned(cursor, 4)),
  (cursor) => plain(exact(readView(cursor, 8).getBigUint64(0))),
  (cursor) => plain(readView(cursor, 1).getInt8(0)),
  (cursor) => plain(readView(cursor, 2).getInt16(0)),
  (cursor) => plain(readView(cursor, 4).getInt32(0)),
  (cursor) => plain(exact(readView(cursor, 8).getBigInt64(0))),
  (cursor) => ext(cursor, 1),
  (cursor) => ext(cursor, 2),
  (cursor) => ext(cursor, 4),
  (cursor) => ext(cursor, 8),
  (cursor) => ext(cursor, 16),
  (cursor) => ({ kind: "text", length: readUnsigned(cursor, 1) }),
  (cursor) => ({ kind: "text", length: readUnsigned(cursor, 2) }),
  (cursor) => ({ kind: "text", length: readUnsigned(cursor, 4) }),
  (cursor) => ({ kind: "array", count: readUnsigned(cursor, 2) }),
  (cursor) => ({ kind: "array", count: readUnsigned(cursor, 4) }),
  (cursor) => ({ kind: "map", count: readUnsigned(cursor, 2) }),
  (cursor) => ({ kind: "map", count: readUnsigned(cursor, 4) }),
];

function plain(value: string | number | bigint | boolean | null): Token {
  return { kind: "plain", value };
}

function exact(value: bigint): number | bigint {
  return BigInt.asIntN(54, value) === value ? Number(value) : value;
}

function bin({ position }: MsgpackCursor, length: number): Token {
  return { kind: "bin", start: position, end: position + length };
}

function ext(cursor: MsgpackCursor, length: number): Token {
  const type = readView(cursor, 1).getInt8(0);
  return { kind: "ext", type, start: cursor.position, end: cursor.position + length };
}

// Longer ones are no names; they are jumped over.
const MAX_TEXT_BYTES = 1_000_000;

async function readText(cursor: MsgpackCursor, length: number): Promise<Token> {
  if (length > MAX_TEXT_BYTES) {
    return bin(cursor, length);
  }
  const { position } = cursor;
  if (!isInWindow(cursor, length)) {
    await moveWindow(cursor, length);
  }
  const { buffer, byteOffset } = readView(cursor, length);
  try {
    return plain(UTF8.decode(new Uint8Array(buffer, byteOffset, cursor.failure === undefined ? length : 0)));
  } catch {
    failMsgpack(cursor, t("A name or text is not UTF-8. The file is damaged."), position);
    return NIL;
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Big-endian, up to four bytes. */
function readUnsigned(cursor: MsgpackCursor, bytes: 1 | 2 | 4): number {
  const view = readView(cursor, bytes);
  switch (bytes) {
    case 1:
      return view.getUint8(0);
    case 2:
      return view.getUint16(0);
    case 4:
      return view.getUint32(0);
  }
}

/** The next bytes, which are in the window if the file has them; zeros after a failure. */
function readView(cursor: MsgpackCursor, length: number): DataView {
  const start = cursor.position;
  const need = start + length;
  if (need > cursor.source.size) {
    cursor.failure ??= { kind: "incomplete", have: cursor.source.size, need };
  }
  if (cursor.failure !== undefined) {
    return new DataView(new ArrayBuffer(Math.max(8, length)));
  }
  cursor.position = need;
  const { buffer, byteOffset } = cursor.window;
  return new DataView(buffer, byteOffset + start - cursor.windowStart, length);
}

function isInWindow({ position, source, window, windowStart }: MsgpackCursor, length: number): boolean {
  const end = Math.min(position + length, source.size);
  return position >= windowStart && end <= windowStart + window.length;
}

async function moveWindow(cursor: MsgpackCursor, length: number): Promise<void> {
  const { position, source, windowStart } = cursor;
  const isNear = position <= windowStart + cursor.window.length;
  cursor.windowBytes = isNear ? Math.min(MAX_WINDOW_BYTES, cursor.windowBytes * 2) : MIN_WINDOW_BYTES;
  const wanted = Math.max(length, cursor.windowBytes);
  cursor.windowStart = Math.min(position, source.size);
  cursor.window = await source.read(cursor.windowStart, Math.min(wanted, source.size - cursor.windowStart));
}

/** Goes on after the bytes of a `bin` or `ext`. */
export function jumpTo(cursor: MsgpackCursor, end: number): void {
  if (end > cursor.source.size) {
    cursor.failure ??= { kind: "incomplete", have: cursor.source.size, need: end };
  }
  cursor.position = end;
}
