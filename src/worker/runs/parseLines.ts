import type { LogBatch, LogPosition } from "#core/log.ts";
import { identifyLog, readerFor } from "#readers/logs/readers.ts";

export interface Lines {
  /** New whole lines. */
  readonly text: string;
  /** All lines so far, `text` among them, while the format may still turn out to be another one; then empty. */
  readonly head: string;
  readonly position: LogPosition | null;
  readonly customPatterns?: readonly string[] | undefined;
}

/** The samples in lines that are in no file, such as those of a terminal; null while they are of no known log. */
export function parseLines({ text, head, position, customPatterns }: Lines): LogBatch | null {
  const format = head === "" ? position?.format : identifyLog("terminal.log", Buffer.from(head), customPatterns);
  const reader = format === undefined ? undefined : readerFor(format, customPatterns);
  if (format === undefined || reader?.growth !== "byLines") {
    return null;
  }
  const isAnew = position?.format !== format;
  const from = isAnew || position === null ? { offset: 0, line: 0, carry: "" } : position;
  const read = isAnew ? head : text;
  const { chunks, carry, clipThreshold, problems } = reader.parse(read, { firstLine: from.line, carry: from.carry });
  return {
    chunks,
    position: { format, offset: from.offset + read.length, line: from.line + countLines(read), identity: "", carry },
    restarted: isAnew && position !== null,
    more: false,
    clipThreshold,
    problems,
  };
}

function countLines(text: string): number {
  return text.split("\n").length - 1;
}
