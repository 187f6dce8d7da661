import type { LogFormat } from "#core/log.ts";
import { csv } from "./csv.ts";
import { huggingFaceConsole } from "./huggingFaceConsole.ts";
import { jsonLines } from "./jsonLines.ts";
import { mlflow } from "./mlflow.ts";
import { mlflowDatabase } from "./mlflowDatabase.ts";
import type { LogReader, Tables } from "./reader.ts";
import { settingsFile } from "./settingsFile.ts";
import { trackio } from "./trackio.ts";
import { trainerState } from "./trainerState.ts";

const READERS: Readonly<Record<LogFormat, LogReader>> = {
  mlflow,
  mlflowDatabase,
  trackio,
  trainerState,
  jsonl: jsonLines,
  csv,
  huggingFaceConsole,
  settingsFile,
};

/** The most particular first: what one recognises, the next does not see. */
export const LOG_READERS: readonly LogReader[] = Object.values(READERS);

export function readerFor(format: LogFormat): LogReader {
  return READERS[format];
}

/** A log's format from its path and first bytes; undefined when no reader knows it. */
export function identifyLog(path: string, headBytes: Uint8Array): LogFormat | undefined {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const text = headText(headBytes);
  return LOG_READERS.find((reader) => {
    switch (reader.growth) {
      case "byRecords":
        return reader.recognises({ name, bytes: headBytes });
      case "byLines":
      case "byReplacement":
        return text !== undefined && reader.recognises({ name, text });
      case "byFolder":
      case "byQueries":
        return false; // Neither is told by the first bytes of a file.
    }
  })?.format;
}

/** A folder's format from the names in it; undefined when it is no log. */
export function identifyFolder(names: readonly string[]): LogFormat | undefined {
  return LOG_READERS.find((reader) => reader.growth === "byFolder" && reader.recognises(names))?.format;
}

/** A database's format from its tables; undefined when no reader knows it. */
export function identifyDatabase(tables: Tables): LogFormat | undefined {
  return LOG_READERS.find((reader) => reader.growth === "byQueries" && reader.recognises(tables))?.format;
}

// Text has no NUL among its first bytes; a compressed or binary file has.
const SNIFFED_BYTES = 512;

function headText(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return wholeLines(new TextDecoder("utf-16le").decode(bytes));
  }
  return bytes.subarray(0, SNIFFED_BYTES).includes(0) ? undefined : wholeLines(new TextDecoder().decode(bytes));
}

/** The head may end within a line. A head of a single line is kept as it is. */
function wholeLines(text: string): string {
  const lastNewline = text.lastIndexOf("\n");
  return lastNewline < 0 ? text : text.slice(0, lastNewline + 1);
}
