import { t } from "@vscode/l10n";
import {
  failGguf,
  type GgufCursor,
  need,
  NUMBERS,
  type NumberType,
  readNumber,
  readSize,
  readText,
  sizeType,
} from "./cursor.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

export type GgufValue = string | number | boolean;

// A model has some fifty.
const MAX_KEYS = 100_000;
/** Key length, type, one byte. */
const MIN_KEY_BYTES = 9;

/** The key-value pairs at the cursor, but for lists: those are vocabularies, and are skipped. */
export async function readMetadata(cursor: GgufCursor, count: number): Promise<ReadonlyMap<string, GgufValue>> {
  const values = new Map<string, GgufValue>();
  if (count > MAX_KEYS) {
    failGguf(cursor, t("The file says it has {0} keys, more than {1}. It was not read.", count, MAX_KEYS));
  }
  await checkRoom(cursor, count, MIN_KEY_BYTES);
  for (let index = 0; index < count && cursor.failure === undefined; index += 1) {
    const { position } = cursor;
    const key = await readText(cursor, () => t("a key"));
    const value = await readValue(cursor, await readNumber(cursor, "u32"), key);
    if (values.has(key)) {
      failGguf(cursor, t("{0}: given twice. Save the file again with unique keys.", tensorLabel(key)), position);
    }
    if (value !== undefined) {
      values.set(key, value);
    }
  }
  return values;
}

/** So many things of at least so many bytes must follow. */
export async function checkRoom(cursor: GgufCursor, count: number, bytes: number): Promise<void> {
  const end = cursor.position + count * bytes;
  if (cursor.failure === undefined && end > cursor.window.size) {
    cursor.failure = Number.isSafeInteger(end)
      ? { kind: "incomplete", have: cursor.window.size, need: end }
      : { kind: "malformed", offset: cursor.position, what: t("{0} of something cannot be in a file.", count) };
  }
}

const BOOL = 7;
const STRING = 8;
const ARRAY = 9;

/** gguf_type, but for those that are no numbers. */
const NUMBER_TYPES: Readonly<Record<number, NumberType>> = {
  0: "u8",
  1: "i8",
  2: "u16",
  3: "i16",
  4: "u32",
  5: "i32",
  6: "f32",
  [BOOL]: "u8",
  10: "u64",
  11: "i64",
  12: "f64",
};

async function readValue(cursor: GgufCursor, type: number, key: string): Promise<GgufValue | undefined> {
  const number = NUMBER_TYPES[type];
  if (type === BOOL) {
    return (await readNumber(cursor, "u8")) !== 0;
  }
  if (number !== undefined) {
    return readNumber(cursor, number);
  }
  if (type === STRING) {
    return readText(cursor, () => t("the value of {0}", tensorLabel(key)));
  }
  if (type === ARRAY) {
    await skipArray(cursor, key, 0);
  } else {
    failGguf(
      cursor,
      t("{0}: its value has type {1}, which GGUF does not know. Fetch the file again.", tensorLabel(key), type),
    );
  }
  return undefined;
}

// Nobody nests lists deeper than twice.
const MAX_ARRAY_DEPTH = 16;

async function skipArray(cursor: GgufCursor, key: string, depth: number): Promise<void> {
  const type = await readNumber(cursor, "u32");
  const count = await readSize(cursor, sizeType(cursor), () => t("The length of {0}", tensorLabel(key)));
  const number = NUMBER_TYPES[type];
  if (depth > MAX_ARRAY_DEPTH || (number === undefined && type !== STRING && type !== ARRAY)) {
    failGguf(
      cursor,
      t("{0}: a list of type {1}, {2} deep, is no list. Fetch the file again.", tensorLabel(key), type, depth),
    );
    return;
  }
  await checkRoom(cursor, count, number === undefined ? MIN_ITEM_BYTES : NUMBERS[number].bytes);
  if (number !== undefined) {
    await need(cursor, 0);
    cursor.position += cursor.failure === undefined ? count * NUMBERS[number].bytes : 0;
  } else if (type === STRING) {
    await skipTexts(cursor, count);
  } else {
    for (let index = 0; index < count && cursor.failure === undefined; index += 1) {
      await skipArray(cursor, key, depth + 1);
    }
  }
}

/** The length of a text in version 1. */
const MIN_ITEM_BYTES = 4;

async function skipTexts(cursor: GgufCursor, count: number): Promise<void> {
  const { window } = cursor;
  const type = sizeType(cursor);
  const { bytes, get } = NUMBERS[type];
  for (let index = 0; index < count && cursor.failure === undefined; index += 1) {
    if (window.has(cursor.position, bytes) && cursor.position + bytes <= window.size) {
      cursor.position += bytes + get(window.view, cursor.position - window.start, cursor.littleEndian);
    } else {
      const length = await readSize(cursor, type, () => t("The length of a text"));
      cursor.position += length;
    }
  }
}
