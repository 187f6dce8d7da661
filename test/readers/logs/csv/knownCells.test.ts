import { expect, test } from "vitest";
import { csv } from "#readers/logs/csv/csv.ts";
import { createRandom } from "../../../support/random.ts";
import type { Random } from "../../../support/random.ts";
import { readAlone, readTogether } from "../readAlone.ts";

const NUMBERS = [
  "1",
  "0",
  "0.25",
  "-2.5",
  "1e-05",
  "1.5E+3",
  "0.0",
  "0.000",
  "12345678901234567890",
  "007",
  "-0",
  "10e-1",
];
const OTHERS = [
  "",
  "",
  "nan",
  "-inf",
  "NA",
  "text",
  "12,345",
  "1.234,5",
  " 1.5",
  "+5",
  ".5",
  "5.",
  "12k",
  '"2"',
  "1e400",
  "#",
];
const NAMES = ["step", "global_step", "epoch", "loss", "train/grad_norm", "max_grad_norm", "lr", "loss"];

/** A kind of row: which cells hold numbers, and what the others hold. */
function shapeOf(random: Random, columns: number): (step: number) => string[] {
  const cells = Array.from({ length: columns }, () => (random.below(3) === 0 ? random.pick(OTHERS) : null));
  return (step) => cells.map((cell) => cell ?? (random.below(3) === 0 ? String(step) : random.pick(NUMBERS)));
}

function textOf(random: Random): string {
  const delimiter = random.pick([",", ";", "\t"]);
  const end = random.pick(["\n", "\r\n"]);
  const names = Array.from({ length: 2 + random.below(4) }, () => random.pick(NAMES));
  const header = ["step", ...names].toSorted(() => random.below(3) - 1).join(delimiter);
  const shapes = Array.from({ length: 1 + random.below(3) }, () => shapeOf(random, names.length + 1));
  const rows = Array.from({ length: 40 }, (_, step) => {
    const cells = random.pick(shapes)(step);
    return random.below(25) === 0 ? random.pick([header, "# note", "", "1", "step;loss"]) : cells.join(delimiter);
  });
  return [header, ...rows].join(end) + random.pick([end, ""]);
}

test("rows that differ in their numbers are read as each of them alone is", () => {
  for (let seed = 0; seed < 1000; seed += 1) {
    const text = textOf(createRandom(seed));
    expect(readTogether(csv, text), `table ${seed}`).toEqual(readAlone(csv, text));
  }
});

test("a row below another header is read by that one", () => {
  const text = "step,loss,grad_norm\n1,2,3\n2,3,4\nstep,grad_norm,loss\n3,4,5\n4,5,6\n";
  const { samples } = readTogether(csv, text);
  expect(samples["loss"]?.map(([, value]) => value)).toEqual([2, 3, 5, 6]);
});
