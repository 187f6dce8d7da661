import { ok } from "#core/outcome.ts";
import type { Outcome } from "#core/outcome.ts";
import type { Decompress } from "./compressed.ts";
import { MARK_BYTES, encodingOf } from "./encoding.ts";
import { readLineBytes } from "./lineBytes.ts";
import type { LogText, TextPosition } from "./logText.ts";
import { withSpareBuffer } from "./spareBuffer.ts";
import { openText } from "./openText.ts";
import type { TextSource } from "./textSource.ts";

/**
 * The complete lines after `from`, about `maxBytes` of them. A last line without its newline is still being written
 * and waits; so does a run of NUL bytes at the end, which network file systems show before the data arrives.
 */
export async function readLines(
  path: string,
  from: TextPosition | null,
  maxBytes: number,
  decompress?: Decompress,
): Promise<Outcome<LogText>> {
  const source = await openText(path, decompress);
  try {
    return await readOpenLines(source, from, maxBytes);
  } finally {
    await source.close();
  }
}

const COMPRESSED_FACTOR = 4;

async function readOpenLines(
  source: TextSource,
  from: TextPosition | null,
  maxBytes: number,
): Promise<Outcome<LogText>> {
  const compared = from === null ? "other" : await source.compare(from);
  if (from !== null && compared === "allRead") {
    return ok({ ...from, text: "", firstLine: from.line, restarted: false, more: false, problems: [] });
  }
  const encoding = encodingOf(await source.read(0, MARK_BYTES));
  if (encoding.kind !== "ok") {
    return encoding;
  }
  const goesOn = from !== null && compared === "same";
  const firstLine = goesOn ? from.line : 0;
  const start = Math.max(goesOn ? from.offset : 0, encoding.value.markBytes);
  // Each read of compressed text decompresses it from its start.
  const most = source.size() === Infinity ? maxBytes * COMPRESSED_FACTOR : maxBytes;
  const read = await withSpareBuffer(Math.min(most, source.size() - start), async (memory) => {
    const range = { start, maxBytes: most, firstLine, encoding: encoding.value, memory };
    const found = await readLineBytes(source, range);
    return { ...found, text: found.bytes.toString(encoding.value.name) };
  });
  // A file shorter than its byte order mark has nothing consumed.
  const offset = Math.min(start + read.consumed, source.size());
  const line = firstLine + read.lines;
  const damage = source.damage();
  return ok({
    text: read.text,
    offset,
    line,
    firstLine,
    identity: await source.identityAt(offset),
    restarted: from !== null && !goesOn,
    more: read.more,
    problems: damage === null ? read.problems : [...read.problems, { line, reason: damage }],
  });
}

// A longer rest is no line of a log, see MAX_LINE_BYTES.
const MAX_REST_BYTES = 2 ** 20;

/** What stands after the last newline, for a log that is read as it stands. */
export async function readRest(path: string, offset: number, decompress?: Decompress): Promise<string> {
  const source = await openText(path, decompress);
  try {
    const encoding = encodingOf(await source.read(0, MARK_BYTES));
    const bytes = await source.read(offset, MAX_REST_BYTES + 1);
    return encoding.kind === "ok" && bytes.length <= MAX_REST_BYTES ? bytes.toString(encoding.value.name) : "";
  } finally {
    await source.close();
  }
}
