import { expect, test } from "vitest";
import { customReader } from "#readers/logs/custom/custom.ts";
import type { TextReader } from "#readers/logs/reader.ts";
import { identifyLog, readerFor } from "#readers/logs/readers.ts";
import { checkPatterns } from "#worker/runs/checkPatterns.ts";
import { parseAll, parseByLine, samplesOf } from "../parsed.ts";

const PATTERN = String.raw`it=(?<step>\d+) g=(?<value>\S+)`;

function readerOf(...patterns: string[]): TextReader {
  const reader = customReader(patterns);
  if (reader === null) {
    throw new Error("No pattern can be used.");
  }
  return reader;
}

test("a group `value` is the global gradient norm, other groups are series of their names", () => {
  const reader = readerOf(PATTERN, String.raw`eval (?<step>\d+): (?<val_loss>\S+) (?<accuracy>\S+)`);
  const text = "it=1 g=2.5\nit=2 g=nan\neval 2: 0.5 n/a\nit=2 g=nan\nsomething else\nit=3 g=1,234.5\n";
  const { chunks, problems } = parseAll(reader, text);
  expect([chunks.map(({ kind, name }) => [kind, name]), samplesOf({ chunks }), problems]).toEqual([
    [
      ["globalNorm", "grad_norm"],
      ["loss", "val_loss"],
    ],
    {
      grad_norm: [
        [1, 2.5, 0],
        [2, Number.NaN, 1],
        [2, Number.NaN, 3],
        [3, 1234.5, 5],
      ],
      val_loss: [[2, 0.5, 2]],
    },
    [],
  ]);
  expect(parseByLine(reader, text)).toEqual(samplesOf({ chunks }));
});

test("a match that is no number is a problem", () => {
  expect(parseAll(readerOf(PATTERN), "it=1 g=big\n").problems).toEqual([
    { line: 0, reason: `The pattern's value matched "big", which is no number.` },
  ]);
});

test("lines of more than 10,000 characters are not tried", () => {
  const text = `${"x".repeat(10_000)} it=1 g=2\nit=2 g=2\n`;
  expect(samplesOf(parseAll(readerOf(PATTERN), text))).toEqual({ grad_norm: [[2, 2, 1]] });
});

test.each([
  { pattern: "(?<step>\\d+", reason: /Invalid regular expression/ },
  { pattern: "step (\\d+)", reason: /has no group \(\?<step>…\)/ },
  { pattern: "step (?<step>\\d+)", reason: /beside \(\?<step>…\) it needs/ },
  { pattern: "(?<step>\\d+) (?<value>(a+)+)$", reason: /\(a\+\)\+ repeats a group/ },
  { pattern: "(?<step>\\d+) (?:x|xx)* (?<value>.)", reason: /\(\?:x\|xx\)\* repeats a group/ },
  { pattern: "(?<step>\\d+) ((?:\\d+))* (?<value>.)", reason: /repeats a group/ },
  { pattern: `(?<step>${"a".repeat(3000)})`, reason: /has 3009 characters/ },
  { pattern: "(?<step>\\d+)(?<value>.*.*.*)=", reason: /takes more than 300 ms on a line of 1000 characters/ },
])("of the pattern $pattern is told what is wrong, and where it stands in the list", ({ pattern, reason }) => {
  const problems = checkPatterns([PATTERN, pattern]);
  expect(problems.map(({ index }) => index)).toEqual([1]);
  expect(problems[0]?.reason).toMatch(reason);
});

test("a pattern that cannot be used does not keep the others from being used", () => {
  const reader = readerOf("(?<step>\\d+", PATTERN);
  expect([samplesOf(parseAll(reader, "it=1 g=2\n")), customReader(["(?<step>\\d+"])]).toEqual([
    { grad_norm: [[1, 2, 0]] },
    null,
  ]);
});

test("a pattern that is slow on a line ends there with a problem; what was read before it stays", () => {
  const reader = readerOf(String.raw`(?<step>\d+)(?<value>\d.*)(?:.*)(?:.*)(?:.*)!`);
  const parsed = parseAll(reader, `1 22!\n${"1".repeat(10_000)}\n`);
  expect([samplesOf(parsed), parsed.problems.map(({ line }) => line)]).toEqual([{ grad_norm: [[2, 2, 0]] }, [1]]);
  expect(parsed.problems[0]?.reason).toMatch(/take too long here/);
}, 20_000);

test.each([
  "[(+]*(?<step>\\d+) (?<value>\\S+)",
  "\\(+(?<step>\\d+)\\)+ (?<value>(?:\\d\\.)+)",
  ".*step (?<step>\\d+).*norm (?<value>\\S+).*",
])("the pattern %s is harmless", (pattern) => {
  expect(checkPatterns([pattern])).toEqual([]);
});

test("a log that the user's patterns match is read by them, before all others", () => {
  const head = Buffer.from("it=1 g=2.5\n");
  expect([identifyLog("a.log", head, [PATTERN]), identifyLog("a.log", head), readerFor("custom").format]).toEqual([
    "custom",
    undefined,
    "custom",
  ]);
  expect(samplesOf(parseAll(readerFor("custom", [PATTERN]), "it=1 g=2.5\n"))).toEqual({ grad_norm: [[1, 2.5, 0]] });
});
