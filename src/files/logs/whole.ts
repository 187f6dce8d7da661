import { formatBytes } from "#core/format.ts";
import { ok, unsupported } from "#core/outcome.ts";
import type { Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";
import type { Decompress } from "./compressed.ts";
import { encodingOf } from "./encoding.ts";
import { announceRead } from "../checkpoints/largeReads.ts";
import type { LogText, TextPosition } from "./logText.ts";
import { openText } from "./openText.ts";
import type { TextSource } from "./textSource.ts";

// The text is held twice while it is parsed. A million steps of trainer_state.json are about 200 MB.
const MAX_WHOLE_FILE_BYTES = 2 ** 28;

/** A file that is rewritten as a whole: all of it when it changed since `from`, else no text. */
export async function readWhole(
  path: string,
  from: TextPosition | null,
  decompress?: Decompress,
): Promise<Outcome<LogText>> {
  const source = await openText(path, decompress);
  try {
    return await readOpenWhole(source, from);
  } finally {
    await source.close();
  }
}

async function readOpenWhole(source: TextSource, from: TextPosition | null): Promise<Outcome<LogText>> {
  const { wholeIdentity: identity } = source;
  if (from?.identity === identity) {
    return ok({ ...from, text: "", firstLine: from.line, restarted: false, more: false, problems: [] });
  }
  const bytes = await source.read(0, MAX_WHOLE_FILE_BYTES + 1);
  announceRead(bytes.length);
  if (bytes.length > MAX_WHOLE_FILE_BYTES) {
    const limit = formatBytes(MAX_WHOLE_FILE_BYTES);
    return unsupported(t("The file has more than {0}; up to {0} are read.", limit));
  }
  const size = source.size();
  if (bytes.length === 0 || bytes.length < size) {
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
    offset: bytes.length,
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
