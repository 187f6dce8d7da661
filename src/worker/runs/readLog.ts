import { basename } from "node:path";
import { decompressFile } from "#codings/decompress.ts";
import { namesIn } from "#files/isFolder.ts";
import { readHead } from "#files/logs/head.ts";
import type { LogText } from "#files/logs/logText.ts";
import { openRecords } from "#files/logs/records.ts";
import { readLines, readRest } from "#files/logs/tail.ts";
import { readWhole } from "#files/logs/whole.ts";
import type { LogBatch, LogFormat, LogPosition } from "#core/log.ts";
import type { RecordReader, TextReader } from "#readers/logs/reader.ts";
import { identifyFolder, readerFor } from "#readers/logs/readers.ts";
import { t } from "@vscode/l10n";
import { valueOf } from "../errors.ts";
import { identifyFile } from "./identify.ts";
import { databasePath, readLogDatabase } from "./readLogDatabase.ts";
import { readLogFolder } from "./readLogFolder.ts";

// A batch is parsed in a few hundredths of a second, so other requests are not kept waiting.
const MAX_BATCH_BYTES = 8_000_000;

/** The samples of a log after a position, or from its start. Rejects with a sentence for people. */
export async function readLog(
  path: string,
  position: LogPosition | null,
  customPatterns?: readonly string[],
): Promise<LogBatch> {
  const reader = readerFor(position?.format ?? (await formatOf(path, customPatterns)), customPatterns);
  switch (reader.growth) {
    case "byRecords":
      return readRecords(reader, path, position);
    case "byFolder":
      return readLogFolder(reader, path, position);
    case "byQueries":
      return readLogDatabase(reader, databasePath(path), position);
    case "byLines":
    case "byReplacement":
      return readText(reader, path, position);
  }
}

async function readText(reader: TextReader, path: string, position: LogPosition | null): Promise<LogBatch> {
  const { format } = reader;
  const isWhole = reader.growth === "byReplacement";
  const read = isWhole
    ? await readWhole(path, position, decompressFile)
    : await readLines(path, position, MAX_BATCH_BYTES, decompressFile);
  const text = valueOf(read, path);
  if (isWhole && text.text === "") {
    return { ...emptyBatch(text), position: nextPosition(format, text, position?.carry ?? "") };
  }
  const carry = text.restarted ? "" : (position?.carry ?? "");
  const parsed = reader.parse(text.text, { firstLine: text.firstLine, carry, name: basename(path) });
  return {
    chunks: parsed.chunks,
    position: nextPosition(format, text, parsed.carry),
    restarted: text.restarted,
    more: text.more,
    clipThreshold: parsed.clipThreshold,
    problems: [...text.problems, ...parsed.problems],
  };
}

async function readRecords(reader: RecordReader, path: string, position: LogPosition | null): Promise<LogBatch> {
  const file = await openRecords(path);
  try {
    const { bytes, offset, firstRecord, restarted, isEnd } = await file.read(position, MAX_BATCH_BYTES);
    const carry = restarted ? "" : (position?.carry ?? "");
    const parsed = reader.parse(bytes, { offset, firstRecord, carry, isEnd });
    const { chunks, clipThreshold, problems, consumed, records } = parsed;
    const next = await file.positionAt(offset + consumed, firstRecord + records);
    const more = !isEnd && consumed > 0;
    return {
      chunks,
      position: { format: reader.format, ...next, carry: parsed.carry },
      restarted,
      more,
      clipThreshold,
      problems,
    };
  } finally {
    await file.close();
  }
}

async function formatOf(path: string, customPatterns: readonly string[] | undefined): Promise<LogFormat> {
  const { file } = databasePath(path);
  const names = await namesIn(file);
  const format =
    names === undefined
      ? await identifyFile(file, await readHead(file, decompressFile), customPatterns)
      : identifyFolder(names)?.format;
  if (format === undefined) {
    throw new Error(
      t(
        "{0}: no training log is recognised here. Known are JSON Lines, CSV, trainer_state.json, TensorBoard, Weights & Biases, MLflow, Trackio and what common trainers print.",
        path,
      ),
    );
  }
  return format;
}

function nextPosition(format: LogFormat, { offset, line, identity }: LogText, carry: string): LogPosition {
  return { format, offset, line, identity, carry };
}

function emptyBatch({ more, problems }: LogText): Omit<LogBatch, "position"> {
  return { chunks: [], restarted: false, more, clipThreshold: null, problems };
}

/**
 * A last line without its newline, for a log that is read as it stands. While a log is followed such a line is still
 * being written and waits.
 */
export async function readLastLine(
  path: string,
  position: LogPosition,
  customPatterns?: readonly string[],
): Promise<LogBatch> {
  const reader = readerFor(position.format, customPatterns);
  const { line, carry } = position;
  const text = reader.growth === "byLines" ? await readRest(path, position.offset, decompressFile) : "";
  const isLine = text !== "" && reader.growth === "byLines";
  const { chunks, clipThreshold, problems } = isLine ? reader.parse(text, { firstLine: line, carry }) : NOTHING;
  return { chunks, position, restarted: false, more: false, clipThreshold, problems };
}

const NOTHING = { chunks: [], clipThreshold: null, problems: [] } as const;
