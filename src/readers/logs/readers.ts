import type { LogFormat } from "#core/log.ts";
import { composer } from "./lineLogs/composer.ts";
import { csv } from "./csv/csv.ts";
import { customReader } from "./custom/custom.ts";
import { huggingFaceConsole } from "./huggingFace/console.ts";
import { jsonLines } from "./jsonLines/jsonLines.ts";
import { deepspeed } from "./lineLogs/deepspeed.ts";
import { DIALECTS } from "./lineLogs/dialects.ts";
import { keyValueLines } from "./lineLogs/keyValueLines.ts";
import { createLineReader } from "./lineLogs/lineLog.ts";
import { olmo } from "./lineLogs/olmo.ts";
import { mlflow } from "./mlflow/mlflow.ts";
import { mlflowDatabase } from "./mlflow/database.ts";
import { mmcv } from "./mmcv.ts";
import type { FolderReader, LogReader, Tables, TextReader } from "./reader.ts";
import { settingsFile } from "./settings/settingsFile.ts";
import { tensorBoard } from "./tensorBoard/tensorBoard.ts";
import { trackio } from "./trackio.ts";
import { trainerState } from "./huggingFace/trainerState.ts";
import { wandb } from "./wandb/wandb.ts";

const READERS: Readonly<Record<Exclude<LogFormat, "custom">, LogReader>> = {
  tensorBoard,
  wandb,
  mlflow,
  mlflowDatabase,
  trackio,
  trainerState,
  mmcv,
  jsonl: jsonLines,
  csv,
  huggingFaceConsole,
  megatron: createLineReader(DIALECTS.megatron),
  torchtitan: createLineReader(DIALECTS.torchtitan),
  verl: createLineReader(DIALECTS.verl),
  olmo,
  composer,
  fairseq: createLineReader(DIALECTS.fairseq),
  espnet: createLineReader(DIALECTS.espnet),
  swin: createLineReader(DIALECTS.swin),
  metricLogger: createLineReader(DIALECTS.metricLogger),
  mmengine: createLineReader(DIALECTS.mmengine),
  clu: createLineReader(DIALECTS.clu),
  pipeLines: createLineReader(DIALECTS.pipeLines),
  keyValueLines,
  deepspeed,
  settingsFile,
};

/** The most particular first: what one recognises, the next does not see, unless it counts records. */
export const LOG_READERS: readonly LogReader[] = Object.values(READERS);

/** They read what other trainers' logs hold too, so they are asked when nobody else knows the log. */
const LAST_RESORTS: ReadonlySet<LogFormat> = new Set<LogFormat>(["keyValueLines", "deepspeed"]);

/** The user's patterns are needed for logs that they read, which is why a request carries them. */
export function readerFor(format: LogFormat, customPatterns: readonly string[] = []): LogReader {
  return format === "custom" ? (customReader(customPatterns) ?? NO_PATTERNS) : READERS[format];
}

/** A log that was read by patterns the user has since taken away: nothing in it is known. */
const NO_PATTERNS: TextReader = {
  format: "custom",
  growth: "byLines",
  recognises: () => false,
  parse: (_, { carry }) => ({ chunks: [], carry, clipThreshold: null, problems: [] }),
};

/** A log's format from its path and first bytes; undefined when no reader knows it. The user's patterns go first. */
export function identifyLog(
  path: string,
  headBytes: Uint8Array,
  customPatterns: readonly string[] = [],
): LogFormat | undefined {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const text = headText(headBytes);
  if (text !== undefined && customReader(customPatterns)?.recognises({ name, text }) === true) {
    return "custom";
  }
  const certain = LOG_READERS.find((reader) => {
    switch (reader.growth) {
      case "byRecords":
        return reader.recognises({ name, bytes: headBytes });
      case "byLines":
      case "byReplacement":
        return reader.countRecords === undefined && text !== undefined && reader.recognises({ name, text });
      case "byFolder":
      case "byQueries":
        return false; // Neither is told by the first bytes of a file.
    }
  });
  return certain?.format ?? (text === undefined ? undefined : formatByVote(name, text));
}

// Prose quotes a line of a log here and there; a chronicle of a training has many.
const MIN_RECORDS_IN_PROSE = 5;

/** The format with the most records in the head; of equal ones the more particular. */
function formatByVote(name: string, text: string): LogFormat | undefined {
  const least = /\.(?:md|rst)$/i.test(name) ? MIN_RECORDS_IN_PROSE : 1;
  const votes = LOG_READERS.flatMap((reader) => {
    const isVoter = reader.growth === "byLines" || reader.growth === "byReplacement";
    return isVoter && reader.countRecords !== undefined
      ? [{ format: reader.format, count: reader.countRecords(text) }]
      : [];
  }).filter(({ count }) => count >= least);
  const sure = votes.filter(({ format }) => !LAST_RESORTS.has(format));
  return (sure.length > 0 ? sure : votes).toSorted((a, b) => b.count - a.count)[0]?.format;
}

/** The reader of a folder, from the names in it; undefined when it is no log. */
export function identifyFolder(names: readonly string[]): FolderReader | undefined {
  return LOG_READERS.filter((reader) => reader.growth === "byFolder").find(({ recognises }) => recognises(names));
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
