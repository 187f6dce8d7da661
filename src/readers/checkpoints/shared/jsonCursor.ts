import { t } from "@vscode/l10n";

/**
 * A strict JSON scanner over bytes, for headers that JSON.parse would accept too kindly: it keeps byte offsets, sees
 * duplicate names, and tells 3 from 3.0. After a failure it stands at the end, so that every loop over it stops.
 */
export interface JsonCursor {
  readonly bytes: Uint8Array;
  position: number;
  depth: number;
  failure: JsonFailure | undefined;
}

export interface JsonFailure {
  /** Bytes from the start of the text. */
  readonly offset: number;
  readonly what: string;
}

export function startJson(bytes: Uint8Array): JsonCursor {
  return { bytes, position: 0, depth: 0, failure: undefined };
}

/** Keeps the first failure only. */
export function failJson(cursor: JsonCursor, what: string, offset = cursor.position): void {
  cursor.failure ??= { offset, what };
  cursor.position = cursor.bytes.length;
}

/** After the last value: only blanks may follow. */
export function finishJson(cursor: JsonCursor): void {
  if (peek(cursor) !== undefined) {
    failJson(cursor, t("Text follows the end of the JSON."));
  }
}

/** Calls `onMember` with each name; it must read or skip the value. */
export function readMembers(cursor: JsonCursor, onMember: (name: string, offset: number) => void): void {
  readList(cursor, { open: OPEN_BRACE, close: CLOSE_BRACE }, () => {
    const { position } = cursor;
    const name = readString(cursor);
    expect(cursor, COLON);
    if (cursor.failure === undefined) {
      onMember(name, position);
    }
  });
}

/** Calls `onItem` before each element of an array; it must read or skip it. */
export function readItems(cursor: JsonCursor, onItem: () => void): void {
  readList(cursor, { open: OPEN_BRACKET, close: CLOSE_BRACKET }, onItem);
}

export function readString(cursor: JsonCursor): string {
  expect(cursor, QUOTE);
  const start = cursor.position;
  let hasEscapes = false;
  for (let code = cursor.bytes[start]; code !== QUOTE; code = cursor.bytes[cursor.position]) {
    if (code === undefined || code < SPACE) {
      failJson(cursor, t("A name or text is not closed."));
      return "";
    }
    hasEscapes ||= code === BACKSLASH;
    cursor.position += code === BACKSLASH ? 2 : 1;
  }
  cursor.position += 1;
  return decode(cursor, { start, hasEscapes });
}

/** 0, 1, 2 … as plain digits, up to 2⁵³ - 1: a rounded offset would read another tensor's bytes. */
export function readUnsigned(cursor: JsonCursor): number {
  const { position } = cursor;
  const text = readNumberText(cursor);
  const value = Number(text);
  if (/^(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(value)) {
    return value;
  }
  failJson(
    cursor,
    t("Expected a whole number from 0 to 2^53 - 1, found {0}.", text === "" ? t("none") : text.slice(0, 40)),
    position,
  );
  return 0;
}

export function skipValue(cursor: JsonCursor): void {
  switch (peek(cursor)) {
    case OPEN_BRACE:
      readMembers(cursor, () => skipValue(cursor));
      break;
    case OPEN_BRACKET:
      readItems(cursor, () => skipValue(cursor));
      break;
    case QUOTE:
      readString(cursor);
      break;
    case undefined:
    default:
      skipScalar(cursor);
  }
}

/** Whether the next value is null, which is then skipped. */
export function skipNull(cursor: JsonCursor): boolean {
  peek(cursor);
  return skipWord(cursor, "null");
}

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** serde_json stops at the same depth. */
const MAX_DEPTH = 128;

interface Brackets {
  readonly open: number;
  readonly close: number;
}

function readList(cursor: JsonCursor, { open, close }: Brackets, readElement: () => void): void {
  expect(cursor, open);
  cursor.depth += 1;
  if (cursor.depth > MAX_DEPTH) {
    failJson(cursor, t("The JSON is nested deeper than {0} levels.", MAX_DEPTH));
  }
  if (peek(cursor) === close) {
    cursor.position += 1;
  } else {
    readElements(cursor, close, readElement);
  }
  cursor.depth -= 1;
}

function readElements(cursor: JsonCursor, close: number, readElement: () => void): void {
  while (cursor.failure === undefined) {
    readElement();
    if (peek(cursor) === close) {
      cursor.position += 1;
      return;
    }
    expect(cursor, COMMA);
    peek(cursor);
  }
}

function decode(cursor: JsonCursor, { start, hasEscapes }: { start: number; hasEscapes: boolean }): string {
  try {
    const text = UTF8.decode(cursor.bytes.subarray(start, cursor.position - 1));
    const value: unknown = hasEscapes ? JSON.parse(`"${text}"`) : text;
    if (typeof value === "string" && !/\p{Surrogate}/u.test(value)) {
      return value;
    }
    failJson(cursor, t("A name or text holds half of a surrogate pair."), start);
  } catch (error) {
    const what = error instanceof SyntaxError ? t("a bad escape") : t("bytes that are not UTF-8");
    failJson(cursor, t("A name or text holds {0}.", what), start);
  }
  return "";
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readNumberText(cursor: JsonCursor): string {
  peek(cursor);
  const { bytes, position } = cursor;
  let end = position;
  while (isNumberLetter(bytes[end])) {
    end += 1;
  }
  cursor.position = end;
  return UTF8.decode(bytes.subarray(position, end));
}

/** Digits, and `+ - . E e`. */
function isNumberLetter(code: number | undefined): boolean {
  return code !== undefined && ((code >= 0x30 && code <= 0x39) || NUMBER_SIGNS.includes(code));
}

const NUMBER_SIGNS: readonly number[] = [0x2b, 0x2d, 0x2e, 0x45, 0x65];

function skipScalar(cursor: JsonCursor): void {
  if (["true", "false", "null"].some((word) => skipWord(cursor, word))) {
    return;
  }
  const { position } = cursor;
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(readNumberText(cursor))) {
    failJson(cursor, t("Expected a JSON value."), position);
  }
}

function skipWord(cursor: JsonCursor, word: string): boolean {
  const { bytes, position } = cursor;
  const found = Array.from(word).every((letter, index) => bytes[position + index] === letter.codePointAt(0));
  cursor.position += found ? word.length : 0;
  return found;
}

function expect(cursor: JsonCursor, code: number): void {
  if (peek(cursor) === code) {
    cursor.position += 1;
  } else {
    failJson(cursor, t("Expected {0} in the JSON.", String.fromCodePoint(code)));
  }
}

/** The next byte after blanks; undefined at the end. */
function peek(cursor: JsonCursor): number | undefined {
  const { bytes } = cursor;
  while (BLANKS.includes(bytes[cursor.position] ?? 0)) {
    cursor.position += 1;
  }
  return bytes[cursor.position];
}

const BLANKS: readonly number[] = [0x20, 0x0a, 0x0d, 0x09];
