import type { ByteSource } from "#core/byteSource.ts";
import { ok, type Outcome, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { createByteWindow } from "../shared/byteWindow.ts";
import { failGguf, type GgufCursor, readNumber, readSize, sizeType } from "./cursor.ts";
import { type GgufValue, readMetadata } from "./metadata.ts";
import { type LocatedTensors, locateTensors, readTensorList } from "./tensors.ts";

/** What one file holds. */
export interface GgufPart extends LocatedTensors {
  readonly values: ReadonlyMap<string, GgufValue>;
}

/** The header of one file: all there is to read of it. */
export async function readPart(source: ByteSource): Promise<Outcome<GgufPart>> {
  const window = createByteWindow(source);
  const cursor: GgufCursor = { window, position: MAGIC_BYTES, littleEndian: true, version: 0, failure: undefined };
  const version = await readNumber(cursor, "u32");
  cursor.littleEndian = version < SMALLEST_SWAPPED;
  cursor.version = cursor.littleEndian ? version : version / SMALLEST_SWAPPED;
  if (cursor.failure !== undefined) {
    return cursor.failure;
  }
  if (![1, 2, 3].includes(cursor.version)) {
    return unsupported(t("This is GGUF of version {0}; versions 1 to 3 are read.", version));
  }
  const tensorCount = await readSize(cursor, sizeType(cursor), () => t("The number of tensors"));
  const keyCount = await readSize(cursor, sizeType(cursor), () => t("The number of keys"));
  const values = await readMetadata(cursor, keyCount);
  const alignment = alignmentOf(cursor, values);
  const list = await readTensorList(cursor, tensorCount);
  if (cursor.failure !== undefined) {
    return cursor.failure;
  }
  const { littleEndian } = cursor;
  const dataStart = Math.ceil(cursor.position / alignment) * alignment;
  const { name: file, size } = source;
  const located = locateTensors(list, { file, size, dataStart, alignment, littleEndian });
  return located.kind === "ok" ? ok({ ...located.value, values }) : located;
}

const MAGIC_BYTES = 4;

/** Version 1 in the other byte order. */
const SMALLEST_SWAPPED = 2 ** 24;

const DEFAULT_ALIGNMENT = 32;
/** No system has larger pages. */
const MAX_ALIGNMENT = 2 ** 30;

function alignmentOf(cursor: GgufCursor, values: ReadonlyMap<string, GgufValue>): number {
  const alignment = values.get("general.alignment") ?? DEFAULT_ALIGNMENT;
  if (
    typeof alignment !== "number" ||
    !Number.isInteger(Math.log2(alignment)) ||
    !(alignment >= 1 && alignment <= MAX_ALIGNMENT)
  ) {
    failGguf(cursor, t("general.alignment is {0}, which is no power of two. Save the file again.", String(alignment)));
    return DEFAULT_ALIGNMENT;
  }
  return alignment;
}

export function numberOf(values: ReadonlyMap<string, GgufValue>, key: string): number | undefined {
  const value = values.get(key);
  return typeof value === "number" ? value : undefined;
}

/** Templates and licences are no metadata to show. */
const MAX_SHOWN = 1000;

export function toMetadata(values: ReadonlyMap<string, GgufValue>): Record<string, string> {
  const texts = Array.from(values, ([key, value]) => [key, String(value)] as const);
  return Object.fromEntries(texts.filter(([, text]) => text.length <= MAX_SHOWN));
}
