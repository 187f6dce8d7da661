import { malformed, type ReadFailure } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import type { ByteWindow } from "../shared/byteWindow.ts";
import { fieldAt, MAX_FIELD_HEAD, type ProtobufField } from "../shared/protobuf.ts";

/** Where a message lies in its file: bytes from `start` up to `end`, which is not among them. */
export interface MessageRange {
  readonly start: number;
  readonly end: number;
}

/** A field of a message in a file; its ranges are of the file. */
export interface FileField extends ProtobufField {
  /** Where its tag starts. */
  readonly at: number;
}

export type Step = ReadFailure | undefined;

/** One walk over a file: what all its messages share. */
export interface Walk {
  readonly window: ByteWindow;
  fields: number;
}

// A model of a million nodes has twenty million; what has more was made to keep us busy.
const MAX_FIELDS = 50_000_000;

/**
 * Calls `onField` with every field of the message in a range, and stops at the first failure. Values are not read. A field
 * that goes on past the file is incomplete, one that goes on past its message is malformed.
 */
export async function walkMessage(
  walk: Walk,
  { start, end }: MessageRange,
  onField: (field: FileField) => Step | Promise<Step>,
): Promise<Step> {
  const { window } = walk;
  for (let at = start; at < end;) {
    if (!window.has(at, MAX_FIELD_HEAD)) {
      await window.load(at, MAX_FIELD_HEAD);
    }
    walk.fields += 1;
    const field = walk.fields > MAX_FIELDS ? tooMany() : nextField(window, at, end);
    if ("kind" in field) {
      return field;
    }
    const step = onField(field);
    const failure = step instanceof Promise ? await step : step;
    if (failure !== undefined) {
      return failure;
    }
    at = field.end;
  }
  return undefined;
}

function tooMany(): ReadFailure {
  return malformed(0, t("The file has more than {0} fields. It was not read.", MAX_FIELDS));
}

function nextField({ bytes, start, size }: ByteWindow, at: number, end: number): FileField | ReadFailure {
  const field = fieldAt(bytes, at - start);
  if (field === "wrong") {
    return malformed(at, t("This is no protobuf field. The file is damaged or not of this format; save it again."));
  }
  const fieldEnd = field === "cut" ? size + 1 : start + field.end;
  if (field === "cut" || fieldEnd > end) {
    const what = t("A field goes on past the end of its message. The file is damaged; save it again.");
    return end === size ? { kind: "incomplete", have: size, need: fieldEnd } : malformed(at, what);
  }
  return { ...field, at, start: start + field.start, end: fieldEnd };
}

/** The bytes of a field, if they are at most so many; else undefined. */
export async function readField(
  { window }: Walk,
  { start, end }: MessageRange,
  most: number,
): Promise<Uint8Array | undefined> {
  if (end - start > most) {
    return undefined;
  }
  if (!window.has(start, end - start)) {
    await window.load(start, end - start);
  }
  return window.bytes.slice(start - window.start, end - window.start);
}

/** Names and texts longer than this are no names. */
const MAX_TEXT_BYTES = 1_000_000;

/** The text of a field; what is longer than any name, or not UTF-8, is as much as can be shown. */
export async function readText(walk: Walk, field: MessageRange): Promise<string> {
  const end = Math.min(field.end, field.start + MAX_TEXT_BYTES);
  return new TextDecoder().decode(await readField(walk, { start: field.start, end }, MAX_TEXT_BYTES));
}
