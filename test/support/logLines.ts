import type { LogText, TextPosition } from "#files/logs/logText.ts";
import { readLines } from "#files/logs/tail.ts";

type Decompress = Parameters<typeof readLines>[3];

/** Lines of a file of a test, from a position on; throws where they cannot be read. */
export async function linesFrom(
  path: string,
  from: TextPosition | null,
  { maxBytes = 2 ** 16, decompress }: { readonly maxBytes?: number; readonly decompress?: Decompress } = {},
): Promise<LogText> {
  const outcome = await readLines(path, from, maxBytes, decompress);
  if (outcome.kind !== "ok") {
    throw new Error(`unexpected ${outcome.kind}`);
  }
  return outcome.value;
}

/** All lines, piece by piece. */
export async function allLines(
  path: string,
  options: { readonly maxBytes: number; readonly decompress?: Decompress },
): Promise<LogText[]> {
  const texts = [await linesFrom(path, null, options)];
  for (let last = texts[0]; last?.more === true;) {
    last = await linesFrom(path, last, options);
    texts.push(last);
  }
  return texts;
}
