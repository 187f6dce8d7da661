import { t } from "@vscode/l10n";

/** A position in the body of a record. After a failure it stands at the end and gives zeros. */
export interface BodyCursor {
  readonly bytes: Uint8Array;
  position: number;
  failure: string | undefined;
}

export function startBody(bytes: Uint8Array): BodyCursor {
  return { bytes, position: 0, failure: undefined };
}

/** Keeps the first failure only. */
export function failBody(cursor: BodyCursor, what: string): void {
  cursor.failure ??= what;
  cursor.position = cursor.bytes.length;
}

export function takeBytes(cursor: BodyCursor, count: number): Uint8Array {
  const { bytes, position } = cursor;
  if (!(count <= bytes.length - position)) {
    failBody(cursor, t("a record ends too early"));
    return new Uint8Array();
  }
  cursor.position += count;
  return bytes.subarray(position, position + count);
}

export function takeByte(cursor: BodyCursor): number {
  return takeBytes(cursor, 1)[0] ?? 0;
}

/** Seven bits a byte, lowest first. Above 2⁵³ - 1 it is Infinity, which no check of a range lets pass. */
export function takeVarint(cursor: BodyCursor): number {
  let value = 0;
  let unit = 1;
  for (let at = 0; at < MAX_VARINT_BYTES; at += 1) {
    const byte = takeByte(cursor);
    value += (byte & 0x7f) * unit;
    unit *= 128;
    if (byte < 0x80) {
      return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY;
    }
  }
  failBody(cursor, t("a number is longer than 64 bits"));
  return 0;
}

const MAX_VARINT_BYTES = 10;

/** So many varints: records are stored column by column. */
export function takeColumn(cursor: BodyCursor, count: number): number[] {
  const column: number[] = [];
  for (let at = 0; at < count && cursor.failure === undefined; at += 1) {
    column.push(takeVarint(cursor));
  }
  return column;
}

/** How many rows the columns have; each takes at least a byte. */
export function takeCount(cursor: BodyCursor): number {
  const count = takeVarint(cursor);
  if (count > cursor.bytes.length - cursor.position) {
    failBody(cursor, t("a record of {0} bytes cannot list {1} things", cursor.bytes.length, count));
    return 0;
  }
  return count;
}

export interface Prefixed {
  /** Of each text but the first: bytes that it has in common with the one before. */
  readonly prefixes: readonly number[];
  readonly suffixes: readonly number[];
}

// Keys are paths; TensorStore allows 64 KiB, which a few bytes each could ask for a million times.
const MAX_TEXT_LETTERS = 4096;
const MAX_LETTERS = 100_000_000;

/** Texts of which each begins like the one before. As Latin-1, so that a letter is a byte. */
export function takePrefixed(cursor: BodyCursor, { prefixes, suffixes }: Prefixed): string[] {
  const texts: string[] = [];
  let letters = 0;
  let text = "";
  for (const [at, suffix] of suffixes.entries()) {
    const prefix = at === 0 ? 0 : (prefixes[at - 1] ?? 0);
    letters += prefix + suffix;
    if (prefix > text.length || prefix + suffix > MAX_TEXT_LETTERS || letters > MAX_LETTERS) {
      failBody(cursor, t("a name of {0} bytes, {1} of them repeated, cannot be right", prefix + suffix, prefix));
    }
    text = text.slice(0, prefix) + latin1Of(takeBytes(cursor, suffix));
    texts.push(text);
    if (cursor.failure !== undefined) {
      return [];
    }
  }
  return texts;
}

/** A letter for each byte. */
export function latin1Of({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString("latin1");
}

export function asUtf8(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}
