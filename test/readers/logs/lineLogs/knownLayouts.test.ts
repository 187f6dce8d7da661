import { expect, test } from "vitest";
import { readerFor } from "#readers/logs/readers.ts";
import type { TextReader } from "#readers/logs/reader.ts";
import { createRandom } from "../../../support/random.ts";
import type { Random } from "../../../support/random.ts";
import { megatronLine } from "../../../support/trainerLogs.ts";
import { readAlone, readTogether } from "../readAlone.ts";

const PLAIN = ["0.25", "1.5", "3", "12.125", "0.003", "1.2345e-05", "-2.5"];
const ODD = [
  "nan",
  "inf",
  "-Infinity",
  "1e",
  ".5",
  "5.",
  "0.000",
  "12,345",
  "N/A",
  " 1",
  "1e400",
  "0.1234567890123456789",
];
const PREFIXES = ["", " [2025-10-1# 18:1#:22] ", "[rank0]: ", "[default#]:", "\u001b[32mINFO\u001b[0m "];

type PrintLine = (step: number, value: () => string) => string;

const TRAINERS: readonly { readonly format: "megatron" | "torchtitan" | "verl" | "clu"; readonly print: PrintLine }[] =
  [
    {
      format: "megatron",
      print: (step, value) => `${megatronLine(step, { loss: step / 7, norm: step / 3 })} params norm: ${value()} |`,
    },
    {
      format: "torchtitan",
      print: (step, value) => `step: ${step}  loss:  ${value()}  grad_norm:  ${value()}  tps: 345`,
    },
    { format: "verl", print: (step, value) => `step:${step} - actor/pg_loss:${value()} - actor/grad_norm:${value()}` },
    { format: "clu", print: (step, value) => `logging_writer.py:49] [${step}] grad_norm=${value()}, loss=${value()}` },
  ];

function textOf(random: Random, print: PrintLine): string {
  const prefix = random.pick(PREFIXES);
  const value = (): string => random.pick(random.below(10) === 0 ? ODD : PLAIN);
  const lines = Array.from({ length: 30 }, (_, index) => {
    const step = random.below(12) === 0 ? random.below(40) : index + 1;
    const line = prefix.replaceAll("#", () => String(random.below(10))) + print(step, value);
    const at = random.below(line.length);
    return random.below(20) === 0
      ? line.slice(0, at) + random.pick(["", " ", "5", "|", "\n", "é", "漢"]) + line.slice(at + 1)
      : line;
  });
  const end = random.pick(["\n", "\r\n"]);
  return lines.join(end) + random.pick([end, ""]);
}

test.each(TRAINERS)(
  "lines of $format that differ in their numbers are read as each of them alone is",
  ({ format, print }) => {
    const reader = readerFor(format) as TextReader;
    for (let seed = 0; seed < 300; seed += 1) {
      const text = textOf(createRandom(seed), print);
      expect(readTogether(reader, text), `log ${seed}`).toEqual(readAlone(reader, text));
    }
  },
);

test("a line too short for what stands before a record does not lend it the next line", () => {
  const reader = readerFor("torchtitan") as TextReader;
  const text = "abc step: 1  loss: 1.5\n\nab step: 2  loss: 2.5\nabc step: 3  loss: 3.5\n";
  expect(readTogether(reader, text)).toEqual(readAlone(reader, text));
});
