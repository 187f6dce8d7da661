import type { LogProblem } from "#core/log.ts";
import { t } from "@vscode/l10n";
import type { TextEncoding } from "./encoding.ts";
import type { TextSource } from "./textSource.ts";

// Configurations and base64 images on one line reach many MB; a row of metrics stays far below.
export const MAX_LINE_BYTES = 2 ** 20;

const NEWLINE = 10;

export interface LineRange {
  readonly start: number;
  readonly maxBytes: number;
  readonly firstLine: number;
  readonly encoding: TextEncoding;
  /** Where the bytes may be put. */
  readonly memory: Buffer | undefined;
}

export interface LineBytes {
  /** Whole lines. A line that is too long is left empty, so that line numbers hold. */
  readonly bytes: Buffer;
  readonly lines: number;
  readonly consumed: number;
  readonly more: boolean;
  readonly problems: readonly LogProblem[];
}

/** The whole lines of a range, one at least where one ends; rejects when the source does. */
export async function readLineBytes(source: TextSource, range: LineRange): Promise<LineBytes> {
  const bytes = await readOneLineAtLeast(source, range);
  const end = afterLastNewline(bytes, range.encoding);
  const readEnd = range.start + bytes.length;
  if (end === 0 && bytes.length > MAX_LINE_BYTES) {
    return skipLine(source, range, readEnd);
  }
  return { ...emptyLongLines(bytes.subarray(0, end), range), consumed: end, more: end > 0 && readEnd < source.size() };
}

/** `maxBytes`, or more when the first line is longer than that, up to the longest line allowed. */
async function readOneLineAtLeast(source: TextSource, range: LineRange): Promise<Buffer> {
  const { start, maxBytes, encoding, memory } = range;
  let length = Math.min(source.size() - start, maxBytes);
  for (;;) {
    const bytes = await source.read(start, length, memory);
    const limit = Math.min(source.size() - start, MAX_LINE_BYTES + encoding.newlineBytes);
    if (bytes.length >= limit || bytes.length < length || afterLastNewline(bytes, encoding) > 0) {
      return bytes;
    }
    length = Math.min(limit, Math.max(length, 1) * 4);
  }
}

/** Looks for the end of a line that is too long, without keeping it. Until it has one the line waits. */
async function skipLine(source: TextSource, range: LineRange, searched: number): Promise<LineBytes> {
  const { start, encoding, firstLine } = range;
  // UTF-16 is searched at even distances from the line's start.
  let offset = searched - ((searched - start) % encoding.newlineBytes);
  while (offset < source.size()) {
    const bytes = await source.read(offset, MAX_LINE_BYTES);
    const at = bytes.indexOf("\n", 0, encoding.name);
    if (at >= 0) {
      const consumed = offset + at + encoding.newlineBytes - start;
      const problems = [tooLong(firstLine, consumed)];
      return { bytes: newline(encoding), lines: 1, consumed, more: start + consumed < source.size(), problems };
    }
    if (bytes.length < encoding.newlineBytes) {
      break;
    }
    offset += bytes.length;
  }
  return { bytes: Buffer.alloc(0), lines: 0, consumed: 0, more: false, problems: [] };
}

function emptyLongLines(
  bytes: Buffer,
  { encoding, firstLine }: LineRange,
): Pick<LineBytes, "bytes" | "lines" | "problems"> {
  // A byte is found several times as fast as a text.
  const isUtf8 = encoding.name === "utf8";
  const kept: Buffer[] = [];
  const problems: LogProblem[] = [];
  let keptTo = 0;
  let lines = 0;
  for (let start = 0; start < bytes.length; lines += 1) {
    const newlineAt = isUtf8 ? bytes.indexOf(NEWLINE, start) : bytes.indexOf("\n", start, encoding.name);
    if (newlineAt - start > MAX_LINE_BYTES) {
      kept.push(bytes.subarray(keptTo, start));
      problems.push(tooLong(firstLine + lines, newlineAt - start));
      keptTo = newlineAt;
    }
    start = newlineAt + encoding.newlineBytes;
  }
  const whole = kept.length === 0 ? bytes : Buffer.concat([...kept, bytes.subarray(keptTo)]);
  return { bytes: whole, lines, problems };
}

function afterLastNewline(bytes: Buffer, { name, newlineBytes }: TextEncoding): number {
  const at = bytes.lastIndexOf("\n", undefined, name);
  return at < 0 ? 0 : at + newlineBytes;
}

function newline({ name }: TextEncoding): Buffer {
  return Buffer.from("\n", name);
}

function tooLong(line: number, bytes: number): LogProblem {
  return {
    line,
    reason: t("The line has {0} bytes and was skipped; lines up to {1} bytes are read.", bytes, MAX_LINE_BYTES),
  };
}
