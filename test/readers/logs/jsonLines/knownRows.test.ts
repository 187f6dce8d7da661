import { expect, test } from "vitest";
import { jsonLines } from "#readers/logs/jsonLines/jsonLines.ts";
import { createRandom } from "../../../support/random.ts";
import type { Random } from "../../../support/random.ts";
import { readAlone, readTogether } from "../readAlone.ts";

const NUMBERS = [
  "1",
  "-0",
  "0.25",
  "1e-05",
  "-1.5E+3",
  "1e400",
  "12345678901234567890",
  "0.1234567890123456789",
  "0",
  "3.0",
];
const ODD_NUMBERS = ["007", "1.", ".5", "NaN", "-Infinity", "nan", "1e", "0x10", "- 1", "+1", "1 2"];
const OTHERS = ['"text"', '"0.5"', '"3/100"', "true", "null", "[1, 2.5]", '{"a": 1, "loss": 2}', '"a\\"b: 3"', "[]"];
const KEYS = [
  "loss",
  "grad_norm",
  "lr",
  "max_grad_norm",
  "skipped",
  "epoch",
  "iter",
  "7",
  "constructor",
  "a\\u0062",
  "global_step",
];

/** A kind of row: its keys, what else stands in it, and how it is spaced. */
function shapeOf(random: Random): (step: number) => string {
  const fields = Array.from({ length: 1 + random.below(5) }, () => {
    return { key: random.pick(KEYS), other: random.below(4) === 0 ? random.pick(OTHERS) : null };
  });
  const [colon, comma] = [random.pick([":", ": ", " :  "]), random.pick([",", ", "])];
  const stepKey = random.pick(["step", "step", "iteration", "epoch", "global_step"]);
  return (step) => {
    const rest = fields.map(({ key, other }) => {
      const number = random.below(60) === 0 ? random.pick(ODD_NUMBERS) : random.pick(NUMBERS);
      return `"${key}"${colon}${other ?? number}`;
    });
    return `{${[`"${stepKey}"${colon}${step}`, ...rest].join(comma)}}`;
  };
}

/** Now and then a character is lost, doubled or another. */
function mutated(line: string, random: Random): string {
  const at = random.below(line.length);
  const change = random.pick(["", `${line[at]}${line[at]}`, '"', "0", "}", " ", "\0", "ä", "\r", ","]);
  return random.below(15) === 0 ? line.slice(0, at) + change + line.slice(at + 1) : line;
}

test.each(Array.from({ length: 300 }, (_, seed) => seed))("rows are read as each of them alone is, log %i", (seed) => {
  const random = createRandom(seed);
  const shapes = Array.from({ length: 1 + random.below(3) }, () => shapeOf(random));
  const end = random.pick(["\n", "\r\n"]);
  const lines = Array.from({ length: 40 }, (_, step) => mutated(random.pick(shapes)(step), random));
  const text = lines.join(end) + random.pick([end, ""]);
  expect(readTogether(jsonLines, text)).toEqual(readAlone(jsonLines, text));
});

test("a row like the one before whose step is elsewhere, or not finite, is read by its own step", () => {
  const text =
    '{"step":1,"global_step":1e400,"loss":1}\n{"step":2,"global_step":5,"loss":2}\n{"step":1e400,"global_step":6,"loss":3}\n';
  expect(readTogether(jsonLines, text)).toEqual(readAlone(jsonLines, text));
});

test("rows longer than a block, and blocks of many rows, are all read", () => {
  const long = `{"step":0,"loss":0.5,"note":"${"x".repeat(200_000)}"}\n`;
  const rows = Array.from({ length: 5000 }, (_, step) => `{"step":${step + 1},"loss":${step / 7},"grad_norm":1.5}\n`);
  const text = [long, ...rows, long.replace(":0,", ":6000,")].join("");
  const { samples, problems } = readTogether(jsonLines, text);
  expect(samples["loss"]).toEqual([
    [0, 0.5, 0],
    ...rows.map((_, step) => [step + 1, step / 7, step + 1]),
    [6000, 0.5, 5001],
  ]);
  expect(problems).toEqual([]);
});
