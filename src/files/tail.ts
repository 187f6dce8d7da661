import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { ok } from "#core/outcome.ts";
import type { Outcome } from "#core/outcome.ts";
import { MARK_BYTES, encodingOf } from "./encoding.ts";
import { identityAt } from "./identity.ts";
import { readLineBytes } from "./lineBytes.ts";
import type { LogText, TextPosition } from "./logText.ts";
import { readUpTo } from "./readRange.ts";

/**
 * The complete lines after `from`, about `maxBytes` of them. A last line without its newline is still being written
 * and waits; so does a run of NUL bytes at the end, which network file systems show before the data arrives.
 */
export async function readLines(path: string, from: TextPosition | null, maxBytes: number): Promise<Outcome<LogText>> {
  const handle = await open(path, "r");
  try {
    return await readOpenLines(handle, from, maxBytes);
  } finally {
    await handle.close();
  }
}

async function readOpenLines(
  handle: FileHandle,
  from: TextPosition | null,
  maxBytes: number,
): Promise<Outcome<LogText>> {
  const encoding = encodingOf(await readUpTo(handle, 0, MARK_BYTES));
  if (encoding.kind !== "ok") {
    return encoding;
  }
  const { size } = await handle.stat();
  const goesOn = from !== null && from.offset <= size && from.identity === (await identityAt(handle, from.offset));
  const firstLine = goesOn ? from.line : 0;
  const start = Math.max(goesOn ? from.offset : 0, encoding.value.markBytes);
  const read = await readLineBytes(handle, { start, size, maxBytes, firstLine, encoding: encoding.value });
  // A file shorter than its byte order mark has nothing consumed.
  const offset = Math.min(start + read.consumed, size);
  return ok({
    text: read.bytes.toString(encoding.value.name),
    offset,
    line: firstLine + read.lines,
    firstLine,
    identity: await identityAt(handle, offset),
    restarted: from !== null && !goesOn,
    more: read.more,
    problems: read.problems,
  });
}
