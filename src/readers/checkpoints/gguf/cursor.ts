import { malformed, type ReadFailure } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import type { ByteWindow } from "../shared/byteWindow.ts";

/** A place in a GGUF file. After a failure every read gives nothing, so loops over it must look at the failure. */
export interface GgufCursor {
  readonly window: ByteWindow;
  position: number;
  /** Byte order of the file. */
  littleEndian: boolean;
  /** Version 1 has counts and lengths of four bytes. */
  version: number;
  failure: ReadFailure | undefined;
}

/** Keeps the first failure only. */
export function failGguf(cursor: GgufCursor, what: string, offset = cursor.position): void {
  cursor.failure ??= malformed(offset, what);
}

// The tokens of the largest vocabularies take 20 MB.
const MAX_HEADER_BYTES = 100_000_000;

/** Brings the next bytes into the window; false when the file has not so many. */
export async function need(cursor: GgufCursor, bytes: number): Promise<boolean> {
  const { window, position } = cursor;
  const end = position + bytes;
  if (end > MAX_HEADER_BYTES) {
    failGguf(cursor, t("The header goes on past {0} bytes. The file is damaged; fetch it again.", MAX_HEADER_BYTES));
  } else if (end > window.size) {
    cursor.failure ??= { kind: "incomplete", have: window.size, need: end };
  } else if (!window.has(position, bytes)) {
    await window.load(position, bytes);
  }
  return cursor.failure === undefined;
}

/** Reads a number of a type that stands at the cursor; NaN after a failure. */
export async function readNumber(cursor: GgufCursor, type: NumberType): Promise<number> {
  const { bytes, get } = NUMBERS[type];
  if (!(await need(cursor, bytes))) {
    return Number.NaN;
  }
  const value = get(cursor.window.view, cursor.position - cursor.window.start, cursor.littleEndian);
  cursor.position += bytes;
  return value;
}

export type NumberType = "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "u64" | "i64" | "f64";

/** 64-bit integers are rounded: what must be exact is read as a size. */
export const NUMBERS: Readonly<
  Record<NumberType, { readonly bytes: number; readonly get: (view: DataView, at: number, little: boolean) => number }>
> = {
  u8: { bytes: 1, get: (view, at) => view.getUint8(at) },
  i8: { bytes: 1, get: (view, at) => view.getInt8(at) },
  u16: { bytes: 2, get: (view, at, little) => view.getUint16(at, little) },
  i16: { bytes: 2, get: (view, at, little) => view.getInt16(at, little) },
  u32: { bytes: 4, get: (view, at, little) => view.getUint32(at, little) },
  i32: { bytes: 4, get: (view, at, little) => view.getInt32(at, little) },
  f32: { bytes: 4, get: (view, at, little) => view.getFloat32(at, little) },
  u64: { bytes: 8, get: (view, at, little) => Number(view.getBigUint64(at, little)) },
  i64: { bytes: 8, get: (view, at, little) => Number(view.getBigInt64(at, little)) },
  f64: { bytes: 8, get: (view, at, little) => view.getFloat64(at, little) },
};

/** A count, length, dimension or offset: fails from 2^53 on. */
export async function readSize(cursor: GgufCursor, type: "u32" | "u64", what: () => string): Promise<number> {
  const { position } = cursor;
  const size = await readNumber(cursor, type);
  if (cursor.failure === undefined && !Number.isSafeInteger(size)) {
    failGguf(
      cursor,
      t("{0} is {1}, more than any file holds. The file is damaged; fetch it again.", what(), size),
      position,
    );
  }
  return cursor.failure === undefined ? size : 0;
}

/** The type of counts and lengths. */
export function sizeType({ version }: GgufCursor): "u32" | "u64" {
  return version === 1 ? "u32" : "u64";
}

const MAX_TEXT_BYTES = 1_000_000;

/** A text that is wanted. */
export async function readText(cursor: GgufCursor, what: () => string): Promise<string> {
  const { position } = cursor;
  const length = await readSize(cursor, sizeType(cursor), () => t("The length of {0}", what()));
  if (length > MAX_TEXT_BYTES) {
    failGguf(
      cursor,
      t("The length of {0} is {1} bytes. The file is damaged; fetch it again.", what(), length),
      position,
    );
  }
  if (!(await need(cursor, length))) {
    return "";
  }
  const start = cursor.position - cursor.window.start;
  cursor.position += length;
  return new TextDecoder().decode(cursor.window.bytes.subarray(start, start + length));
}
