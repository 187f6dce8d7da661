import { crc32 } from "node:zlib";
import { customReader } from "#readers/logs/custom/custom.ts";
import type { ParsedLog, RecordReader, TextReader } from "#readers/logs/reader.ts";
import { LOG_READERS } from "#readers/logs/readers.ts";
import { parseEvents, tensorBoard } from "#readers/logs/tensorBoard/tensorBoard.ts";
import { databaseTarget } from "./databaseTargets.ts";
import { LOG_SEEDS, RECORD_SEEDS } from "./logSeeds.ts";
import { folderTarget } from "./logFolderTarget.ts";
import { fragmentsOf, framedBy } from "./records.ts";
import { checkSamples } from "./checkSamples.ts";
import type { Target } from "./target.ts";
import { createRandom } from "../support/random.ts";
import type { Random } from "../support/random.ts";

/** Every reader of logs, read as a whole and once more in pieces, which must give the same samples; so must events decoded one by one. */
export function logTargets(): readonly Target[] {
  return [...LOG_READERS.flatMap(targetsOf), customTarget()];
}

function targetsOf(reader: (typeof LOG_READERS)[number]): readonly Target[] {
  switch (reader.growth) {
    case "byLines":
    case "byReplacement": {
      const seeds = (LOG_SEEDS[reader.format] ?? []).map((text) => Buffer.from(text));
      return [{ name: `logs/${reader.format}`, seeds: () => seeds, run: (input) => parseText(reader, input) }];
    }
    case "byRecords":
      return [
        { name: `logs/${reader.format}`, seeds: () => framed(reader), run: (input) => parseRecords(reader, input) },
        {
          name: `logs/${reader.format}Records`,
          seeds: () => RECORD_SEEDS[reader.format] ?? [],
          run: (input) => parseRecords(reader, framedBy(reader.format, fragmentsOf(input))),
        },
      ];
    case "byFolder":
      return [folderTarget(reader)];
    case "byQueries":
      return [databaseTarget(reader)];
  }
}

function framed({ format }: RecordReader): readonly Uint8Array[] {
  return (RECORD_SEEDS[format] ?? []).map((records) => framedBy(format, fragmentsOf(records)));
}

/** The user's own patterns: the first line of the input is one. */
function customTarget(): Target {
  const patterns = [String.raw`it=(?<step>\d+) g=(?<value>\S+)`, String.raw`(?<step>\d+): (?<loss>[\d.]+) (?<lr>\S*)`];
  const text = "it=1 g=2.5\n[rank0] it=2 g=nan\n3: 0.5 n/a\nit=4 g=1,234.5\n";
  return {
    name: "logs/custom",
    seeds: () => patterns.map((pattern) => Buffer.from(`${pattern}\n${text}`)),
    run(input) {
      const end = Buffer.from(input).indexOf("\n");
      const reader = end < 0 ? null : customReader([new TextDecoder().decode(input.subarray(0, end))]);
      return reader === null ? "no pattern" : parseText(reader, input.subarray(end + 1));
    },
  };
}

/** What a file is called where its name says how it is read. */
function nameOf({ format }: TextReader, text: string): string {
  if (format !== "settingsFile") {
    return "log.txt";
  }
  return text.startsWith("{") ? "config.json" : text.startsWith("#") ? "config.py" : "config.yaml";
}

function parseText(reader: TextReader, input: Uint8Array): string {
  const random = randomFor(input);
  const text = new TextDecoder().decode(input);
  const name = nameOf(reader, text);
  const isKnown = reader.countRecords === undefined ? reader.recognises({ name, text }) : reader.countRecords(text) > 0;
  const whole = reader.parse(text, { firstLine: 0, carry: "", name });
  if (reader.growth === "byLines") {
    reader.carryFarOn?.(whole.carry);
    checkSamples(whole, inPieces(reader, text, random));
  }
  return `${isKnown ? "known" : "strange"} ${describe(whole)}`;
}

/** Hangs on the last bytes: an input is cut much the same while it is made small. */
function randomFor(input: Uint8Array): Random {
  return createRandom(crc32(input.subarray(-8)) + (input.length >> 6));
}

/** Cut once, mostly; of some inputs at nearly every one of the first lines. */
function inPieces(reader: TextReader, text: string, random: Random): ParsedLog[] {
  const lines = text.split("\n");
  const cuts = random.below(4) === 0 ? { count: MANY_CUTS, within: 2 } : { count: 1, within: lines.length };
  const pieces: ParsedLog[] = [];
  let carry = "";
  for (let firstLine = 0; firstLine < lines.length;) {
    const end = pieces.length < cuts.count ? firstLine + 1 + random.below(cuts.within) : lines.length;
    const ending = end < lines.length ? "\n" : "";
    const piece = reader.parse(lines.slice(firstLine, end).join("\n") + ending, { firstLine, carry });
    ({ carry } = piece);
    pieces.push(piece);
    firstLine = end;
  }
  return pieces;
}

// A thousand pieces take as long as hundreds of inputs.
const MANY_CUTS = 12;

function parseRecords(reader: RecordReader, input: Uint8Array): string {
  reader.recognises({ name: "log", bytes: input });
  const start = { offset: 0, firstRecord: 0, carry: "", isEnd: true };
  const whole = reader.parse(input, start);
  if (reader === tensorBoard) {
    checkSamples(whole, [parseEvents(input, start, null)]);
  }
  checkSamples(whole, growing(reader, input, randomFor(input)));
  return describe(whole);
}

/** As a log is read each time that it has grown: what it ends with may always be a part. */
function growing(reader: RecordReader, input: Uint8Array, random: Random): ParsedLog[] {
  const pieces: ParsedLog[] = [];
  let [offset, firstRecord, carry] = [0, 0, ""];
  for (let size = 0; size < input.length;) {
    size = Math.min(input.length, size + 1 + random.below(input.length));
    const piece = reader.parse(input.subarray(offset, size), { offset, firstRecord, carry, isEnd: true });
    ({ carry } = piece);
    offset += piece.consumed;
    firstRecord += piece.records;
    pieces.push(piece);
  }
  return pieces;
}

function describe({ chunks, clipThreshold, problems }: ParsedLog): string {
  const found = chunks.length > 0 ? "samples" : clipThreshold === null ? "nothing" : "a threshold";
  return [found, ...(problems.length === 0 ? [] : ["problems"])].join(" and ");
}
