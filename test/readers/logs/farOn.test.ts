import { expect, test } from "vitest";
import type { LogFormat } from "#core/log.ts";
import { readerFor } from "#readers/logs/readers.ts";
import type { TextReader } from "#readers/logs/reader.ts";
import { FILES, PATTERNS } from "../../support/growingLogs.ts";
import { parseAll, samplesOf } from "./parsed.ts";
import type { Samples } from "./parsed.ts";

const READ_FAR_ON = Object.entries(FILES).flatMap(([name, [, contents]]) => {
  const reader = readerFor(name as LogFormat, PATTERNS);
  const [bytes = Buffer.alloc(0)] = contents;
  return reader.growth === "byLines" && reader.carryFarOn !== undefined
    ? [{ format: reader.format, reader, text: bytes.toString() }]
    : [];
});

/** `[step, value]` of each sample as text, by series. */
function pairsOf(samples: Samples): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(samples).map(([name, rows]) => [name, rows.map(([step, value]) => `${step} ${value}`)]),
  );
}

/** What is in `part` and not in `whole`, each sample of `whole` taken once. */
function unknownIn(part: Samples, whole: Samples): string[] {
  const left = pairsOf(whole);
  return Object.entries(pairsOf(part)).flatMap(([name, pairs]) =>
    pairs.filter((pair) => {
      const at = left[name]?.lastIndexOf(pair) ?? -1;
      left[name]?.splice(at, at < 0 ? 0 : 1);
      return at < 0;
    }),
  );
}

test.each(READ_FAR_ON)(
  "$format: what is read far on, with the start alone known, is what the whole log has there",
  (log) => {
    const { reader, text } = log;
    const lines = text.split(/(?<=\n)/);
    const whole = samplesOf(parseAll(reader, text));
    const { carry } = reader.parse(lines.slice(0, 12).join(""), { firstLine: 0, carry: "" });
    const farOn = reader.carryFarOn?.(carry) ?? null;
    if (farOn === null) {
      expect(["espnet"]).toContain(reader.format);
      return;
    }
    const seen = lines.map((_, from) => {
      const part = reader.parse(lines.slice(from).join(""), { firstLine: from, carry: farOn });
      return [unknownIn(samplesOf(part), whole), countSamples(samplesOf(part)) > 0 || from > lines.length / 2];
    });
    expect(seen).toEqual(lines.map(() => [[], true]));
  },
);

function countSamples(samples: Samples): number {
  return Object.values(samples).reduce((sum, rows) => sum + rows.length, 0);
}

test("rows of mmengine's validation, whose steps are told by the rows before, are not read far on", () => {
  const reader = readerFor("jsonl") as TextReader;
  const { carry } = parseAll(reader, '{"iter": 50, "step": 50, "loss": 1}\n{"step": 1, "mAP": 0.5}\n');
  expect(reader.carryFarOn?.(carry)).toBeNull();
});
