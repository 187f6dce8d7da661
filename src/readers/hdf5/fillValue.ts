import { t } from "@vscode/l10n";
import { MESSAGE, messageOf, type ObjectHeader } from "./objectHeader.ts";
import { skip, takeBytes, takeNumber } from "./records.ts";
import { notSupported } from "./refusal.ts";

/** What elements have that were never written, in the byte order of the dataset; zeros unless the file says otherwise. */
export function fillValueOf(header: ObjectHeader, elementBytes: number): Uint8Array {
  if (elementBytes > MAX_ELEMENT_BYTES) {
    throw notSupported(t("elements of {0} bytes each", elementBytes));
  }
  const value = newValue(header) ?? oldValue(header) ?? new Uint8Array();
  return value.length === elementBytes ? value : new Uint8Array(elementBytes);
}

// As much as a message of an object holds; a damaged size could be 4 GB.
const MAX_ELEMENT_BYTES = 64 * 1024;

function newValue(header: ObjectHeader): Uint8Array | undefined {
  const cursor = messageOf(header, MESSAGE.fillValue);
  if (cursor === undefined) {
    return undefined;
  }
  const version = takeNumber(cursor, 1);
  const flags = takeNumber(cursor, 1);
  if (version === 3) {
    return (flags & 0x20) === 0 ? undefined : takeBytes(cursor, takeNumber(cursor, 4));
  }
  skip(cursor, 1); // The byte before was when space is taken; this one, when values are written.
  const isDefined = takeNumber(cursor, 1) !== 0;
  return version === 1 || isDefined ? takeBytes(cursor, takeNumber(cursor, 4)) : undefined;
}

function oldValue(header: ObjectHeader): Uint8Array | undefined {
  const cursor = messageOf(header, MESSAGE.oldFillValue);
  return cursor === undefined ? undefined : takeBytes(cursor, takeNumber(cursor, 4));
}
