import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { EXAMPLE, buildProgram } from "../../support/build.ts";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";
import type { TestTensor } from "../../support/safetensors.ts";
import { trainingCheckpoint } from "../../support/trainingCheckpoint.ts";
import { runGradlens } from "../program.ts";
import type { Gradlens } from "../program.ts";

let script: string;
let folder: TestFolder;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
});
afterAll(async () => folder.dispose());

const gradlens: Gradlens = async (...args) => runGradlens(script, folder.path, args);

function scalar(value: number): TestTensor {
  return { dtype: "F32", shape: [], data: bytesOf(Float32Array.of(value)) };
}

test("--kind says what tensors are that nothing tells, and the others stay", async () => {
  const tensors = { w: scalar(3), v: scalar(4), "state/0/exp_avg": scalar(12) };
  await folder.write("dump.safetensors", safetensorsFile(tensors));
  const texts = [
    await gradlens("norms", "dump.safetensors"),
    await gradlens("norms", "dump.safetensors", "--kind", "gradient"),
  ];
  expect(texts.map(({ stdout }) => stdout.match(/global .*/g))).toEqual([
    ["global weight norm  5  (2 tensors)", "global moment1 norm  12  (1 tensors)"],
    ["global gradient norm  5  (2 tensors)", "global moment1 norm  12  (1 tensors)"],
  ]);
});

test("--kind does not turn what a file itself calls weights into gradients, and says so", async () => {
  const { stdout, stderr } = await gradlens(
    "norms",
    join(EXAMPLE, "checkpoint-241/model.safetensors"),
    "--kind",
    "gradient",
  );
  expect([stdout.includes("global gradient"), stderr]).toEqual([
    false,
    `${join(EXAMPLE, "checkpoint-241/model.safetensors")}: No tensor is taken as gradient: names or the files themselves say of each what it is.\n`,
  ]);
});

test("the state of a .pt has its parameters' names in a table, and is found by them", async () => {
  const path = await folder.write("last.pt", trainingCheckpoint());
  const { stdout, stderr } = await gradlens("norms", path, "--only", "^wte");
  expect([stdout.split("\n").slice(1), stderr.split("\n")]).toEqual([
    [
      "tensor                        parameter   kind     dtype  shape  L2 norm  max |x|  NaN or Inf",
      "optimizer/state/0/step        wte.weight  other    F32           300      300      0",
      "optimizer/state/0/exp_avg     wte.weight  moment1  F32    4×2    0.2828   0.1      0",
      "optimizer/state/0/exp_avg_sq  wte.weight  moment2  F32    4×2    0.02828  0.01     0",
      "global moment1 norm  0.2828  (1 tensors)",
      "global moment2 norm  0.02828  (1 tensors)",
      "global other norm  300  (1 tensors)",
      "",
    ],
    [
      `${path}: States are named in the order of the model's weights; all shapes agree.`,
      `${path}: Not read: args (project.settings.Settings).`,
      "",
    ],
  ]);
});

test("a tensor that cannot be read is a row of dashes, and a note says why", async () => {
  const unread = { dtype: "F6_E2M3", shape: [4], data: new Uint8Array(3) };
  await folder.write("six.safetensors", safetensorsFile({ w: scalar(3), x: unread }));
  const { code, stdout, stderr } = await gradlens("norms", "six.safetensors");
  expect([code, stdout.split("\n"), stderr]).toEqual([
    0,
    [
      "six.safetensors",
      "tensor  kind    dtype    shape  L2 norm  max |x|  NaN or Inf",
      "w       weight  F32             3        3        0",
      "x       weight  F6_E2M3  4      –        –        –",
      "global weight norm  3  (1 tensors)",
      "",
    ],
    "six.safetensors: x: Gradlens cannot decode elements of F6_E2M3, so it has no norm here.\n",
  ]);
});
