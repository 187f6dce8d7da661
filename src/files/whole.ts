import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { formatBytes } from "#core/format.ts";
import { ok, unsupported } from "#core/outcome.ts";
import type { Outcome } from "#core/outcome.ts";
import { encodingOf } from "./encoding.ts";
import type { LogText, TextPosition } from "./logText.ts";
import { readUpTo } from "./readRange.ts";

// The text is held twice while it is parsed. A million steps of trainer_state.json are about 200 MB.
export const MAX_WHOLE_FILE_BYTES = 2 ** 28;

/** A file that is rewritten as a whole: all of it when it changed since `from`, else no text. */
export async function readWhole(path: string, from: TextPosition | null): Promise<Outcome<LogText>> {
  const handle = await open(path, "r");
  try {
    return await readOpenWhole(handle, from);
  } finally {
    await handle.close();
  }
}

async function readOpenWhole(handle: FileHandle, from: TextPosition | null): Promise<Outcome<LogText>> {
  const { size, ino, mtimeMs } = await handle.stat();
  const identity = `${ino}:${size}:${mtimeMs}`;
  if (from?.identity === identity) {
    return ok({ ...from, text: "", firstLine: from.line, restarted: false, more: false, problems: [] });
  }
  if (size > MAX_WHOLE_FILE_BYTES) {
    return unsupported(`The file has ${formatBytes(size)}; up to ${formatBytes(MAX_WHOLE_FILE_BYTES)} are read.`);
  }
  const bytes = await readUpTo(handle, 0, size);
  if (size === 0 || bytes.length < size) {
    // The writer has just opened it again.
    return { kind: "incomplete", have: bytes.length, need: Math.max(size, 1) };
  }
  const encoding = encodingOf(bytes);
  if (encoding.kind !== "ok") {
    return encoding;
  }
  const text = bytes.subarray(encoding.value.markBytes).toString(encoding.value.name);
  const line = countLines(text);
  return ok({
    text,
    offset: size,
    line,
    firstLine: 0,
    identity,
    restarted: from !== null,
    more: false,
    problems: [],
  });
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    lines += 1;
  }
  return lines;
}
