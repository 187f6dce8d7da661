import type { Decompress } from "./compressed.ts";
import { MARK_BYTES, encodingOf } from "./encoding.ts";
import { openText } from "./openText.ts";

export interface LastLines {
  /** Less than this after `offset` is not worth a look ahead. */
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Where reading stands. */
  readonly offset: number;
}

/** The last whole lines of a text; null when little comes after the offset, or when they can only be got by reading all. */
export async function readLastLines(
  path: string,
  { offset, minBytes, maxBytes }: LastLines,
  decompress?: Decompress,
): Promise<string | null> {
  const source = await openText(path, decompress);
  try {
    const size = source.size();
    const encoding = encodingOf(await source.read(0, MARK_BYTES));
    if (!Number.isFinite(size) || size - offset < minBytes || encoding.kind !== "ok") {
      return null;
    }
    const { name, markBytes, newlineBytes } = encoding.value;
    const start = size - maxBytes;
    // UTF-16 is read at even distances from its mark.
    const bytes = await source.read(start - ((start - markBytes) % newlineBytes), maxBytes);
    const first = bytes.indexOf("\n", 0, name) + newlineBytes;
    const end = bytes.lastIndexOf("\n", undefined, name) + newlineBytes;
    return bytes.subarray(first, Math.max(first, end)).toString(name);
  } finally {
    await source.close();
  }
}
