import { basename } from "node:path";
import { decompressFile } from "#codings/decompress.ts";
import type { LogEnd, LogPosition } from "#core/log.ts";
import { readLastLines } from "#files/logs/lastLines.ts";
import { readerFor } from "#readers/logs/readers.ts";

// At 150 MB/s less than this is read within a third of a second.
const MIN_BYTES = 50_000_000;
// Some ten thousand steps, parsed in a few hundredths of a second.
const MAX_BYTES = 4_000_000;

/** The last samples of a log that is read up to a position; null when it cannot or need not be read ahead. */
export async function readLogEnd(
  path: string,
  { format, offset, carry }: LogPosition,
  customPatterns?: readonly string[],
): Promise<LogEnd | null> {
  const reader = readerFor(format, customPatterns);
  const carryThere = reader.growth === "byLines" ? (reader.carryFarOn?.(carry) ?? null) : null;
  if (reader.growth !== "byLines" || carryThere === null) {
    return null;
  }
  const text = await readLastLines(path, { offset, minBytes: MIN_BYTES, maxBytes: MAX_BYTES }, decompressFile);
  if (text === null) {
    return null;
  }
  // Lines are counted from somewhere, so none of them is given.
  const { chunks } = reader.parse(text, { firstLine: 1, carry: carryThere, name: basename(path) });
  return { chunks: chunks.map((chunk) => ({ ...chunk, lines: chunk.lines.map(() => Number.NaN) })) };
}
