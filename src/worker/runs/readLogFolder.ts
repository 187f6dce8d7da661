import { readFolder } from "#files/logs/folderTexts.ts";
import type { LogBatch, LogPosition } from "#core/log.ts";
import type { FolderReader } from "#readers/logs/reader.ts";

// A batch is parsed in a few hundredths of a second, so other requests are not kept waiting.
const MAX_BATCH_BYTES = 8_000_000;

/** The samples of a log that is a folder. Its position's `identity` tells where reading of each file stopped. */
export async function readLogFolder(
  reader: FolderReader,
  path: string,
  position: LogPosition | null,
): Promise<LogBatch> {
  const read = await readFolder(path, position?.identity ?? null, reader, MAX_BATCH_BYTES);
  const from = read.restarted ? null : position;
  const parsed = reader.parse(read.files, from?.carry ?? "");
  if (parsed.isLate && position !== null) {
    return { ...(await readLogFolder(reader, path, null)), restarted: true };
  }
  const { chunks, clipThreshold } = parsed;
  return {
    chunks,
    position: {
      format: reader.format,
      offset: (from?.offset ?? 0) + read.files.reduce((sum, { text }) => sum + text.length, 0),
      line: (from?.line ?? 0) + chunks.reduce((sum, { steps }) => sum + steps.length, 0),
      identity: read.marks,
      carry: parsed.carry,
    },
    restarted: read.restarted,
    more: read.more,
    clipThreshold,
    problems: [...read.problems, ...parsed.problems],
  };
}
