import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { buildProgram } from "../support/build.ts";
import { runGradlens } from "./program.ts";

// Rows of Hugging Face's Trainer without its progress bar: nothing but the epoch tells where a row belongs.

let script: string;
let folder: TestFolder;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
  await folder.write("train.log", Array.from({ length: 300 }, (_, row) => rowOf(row)).join(""));
});
afterAll(async () => folder.dispose());

function rowOf(row: number): string {
  const norm = row === 250 ? 40 : 1 + 0.1 * Math.sin(12.9898 * row ** 2);
  return `{'loss': 2.5, 'grad_norm': ${row >= 290 ? "nan" : norm}, 'learning_rate': 1e-05, 'epoch': ${(row + 1) / 100}}\n`;
}

test("of a log that has only epochs, findings say the epoch", async () => {
  const { stdout } = await runGradlens(script, folder.path, ["check", "train.log"]);
  const said = stdout.split("\n").map((line) => line.slice(line.indexOf("GN")));
  expect(said).toEqual([
    expect.stringMatching(/^GN201: Gradient norm jumped to 40 at epoch 2\.51, /),
    expect.stringMatching(/^GN101: Gradient norm became NaN at epoch 2\.91; /),
    "",
  ]);
  expect(stdout).not.toMatch(/steps? \d/);
});

test("as JSON they say what start, peak and end count", async () => {
  const { stdout } = await runGradlens(script, folder.path, ["check", "train.log", "--format", "json"]);
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly unknown[] };
  expect(findings).toMatchObject([
    { rule: "GN201", start: 2.51, axis: "epochs" },
    { rule: "GN101", start: 2.91, end: null, axis: "epochs" },
  ]);
});

test("limits say it as well", async () => {
  const { stdout } = await runGradlens(script, folder.path, [
    "check",
    "train.log",
    "--rule",
    "GN601",
    "--max-norm",
    "20",
  ]);
  expect(stdout).toContain("The global gradient norm is 40 at epoch 2.51, above the limit of 20.");
});
