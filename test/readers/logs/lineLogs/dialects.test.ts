import { expect, test } from "vitest";
import type { LogFormat } from "#core/log.ts";
import { identifyLog, readerFor } from "#readers/logs/readers.ts";
import type { TextReader } from "#readers/logs/reader.ts";
import { parseAll, parseByLine, parseInTwo, samplesOf } from "../parsed.ts";
import { LANGUAGE_MODEL_CASES } from "./languageModelCases.ts";
import { OTHER_CASES } from "./otherCases.ts";

const PREAMBLE = "Loading checkpoint shards\nnum_params: 124,439,808 | step\n";

const CASES = [...LANGUAGE_MODEL_CASES, ...OTHER_CASES];

function textReader(format: LogFormat): TextReader {
  const reader = readerFor(format);
  if (reader.growth === "byLines" || reader.growth === "byReplacement") {
    return reader;
  }
  throw new Error(`${format} is no text.`);
}

test.each(CASES)("$what are read among other output", ({ format, text, expected }) => {
  const parsed = parseAll(textReader(format), `${PREAMBLE}${text}\n`);
  const samples = samplesOf(parsed);
  const found = Object.fromEntries(Object.keys(expected).map((name) => [name, samples[name]]));
  expect([found, parsed.problems]).toEqual([expected, []]);
});

test.each(CASES)("$what are recognised as $format", ({ format, text }) => {
  expect(identifyLog("train.out", Buffer.from(`${PREAMBLE}${text}\n`))).toBe(format);
});

test.each(CASES)("$what cut at every byte give the same samples", ({ format, text }) => {
  const bytes = Buffer.from(`${text}\r\n${text.replaceAll("\n", "\r\n")}\n`);
  const reader = textReader(format);
  const whole = samplesOf(parseAll(reader, bytes.toString()));
  // A cut within a line waits for its end, so every cut is one at an end.
  const ends = Array.from(bytes.toString("latin1").matchAll(/\n/g), ({ index }) => index + 1);
  for (const cut of [0, ...ends]) {
    expect([cut, parseInTwo(reader, bytes, cut)]).toEqual([cut, whole]);
  }
});

test.each(CASES)("$what that come line by line give the same samples", ({ format, text }) => {
  const reader = textReader(format);
  expect(parseByLine(reader, `${text}\n${text}\n`)).toEqual(samplesOf(parseAll(reader, `${text}\n${text}\n`)));
});

const HOSTILE = [
  " ".repeat(19_000),
  "a".repeat(19_000),
  "1".repeat(19_000),
  "a ".repeat(9_000),
  "a: ".repeat(6_000),
  "| ".repeat(9_000),
  "step 1 | ".repeat(2_000),
  "np.".repeat(6_000),
  "norm ".repeat(3_500),
];

test.each(CASES)("$what with anything after them are judged in time", ({ format, text }) => {
  const reader = textReader(format);
  for (const line of text.split("\n")) {
    for (const rest of HOSTILE) {
      expect(() => parseAll(reader, `${line}${rest}:\n`)).not.toThrow();
    }
  }
});
