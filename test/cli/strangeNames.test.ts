import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { buildProgram } from "../support/build.ts";
import { bytesOf, safetensorsFile } from "../support/safetensors.ts";
import type { TestTensor } from "../support/safetensors.ts";
import { runGradlens } from "./program.ts";

/** Members of every object, names that break lines, terminals or columns, and such as turn the reading direction. */
const NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "__proto__.weight",
  "line\nbreak",
  "tab\tstop",
  "\u001B[31mred",
  "a\u0000b",
  "weights \u{1F9E0}.\u03B1",
  "\u202Eevil\u202C.weight",
];
const UNNAMED = "";
const LONG = "w".repeat(10_000);

let script: string;
let folder: TestFolder;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
});
afterAll(async () => folder.dispose());

test("tensors of a checkpoint keep any name", async () => {
  const names = [...NAMES, UNNAMED, LONG];
  const tensors = names.map((name, index): [string, TestTensor] => {
    const data = bytesOf(Float32Array.of(3 * index, 4 * index));
    return [name, { dtype: "F32", shape: [2], data }];
  });
  await folder.write("grads.safetensors", safetensorsFile(Object.fromEntries(tensors)));
  const [measured, compared] = await Promise.all([
    gradlens("norms", "grads.safetensors"),
    gradlens("diff", "grads.safetensors", "grads.safetensors"),
  ]);
  const norms = valueAt(measured, 0, "tensors") as { name: string; l2: number }[];
  expect(norms.map(({ name, l2 }) => [name, l2])).toEqual(names.map((name, index) => [name, 5 * index]));
  const unmoved = valueAt(compared, "unmoved") as readonly string[];
  expect(unmoved.toSorted()).toEqual(names.toSorted());
});

test("series of a log keep any name, and tensors are found in them", async () => {
  const row = (step: number): string =>
    JSON.stringify({
      step,
      ...Object.fromEntries([...NAMES, UNNAMED, LONG].map((name, index) => [name, index])),
      ...Object.fromEntries(NAMES.map((name, index) => [`grad_norm/${name}`, 5 * index])),
    });
  await folder.write("metrics.jsonl", `${[1, 2, 3].map(row).join("\n")}\n`);
  const series = valueAt(await gradlens("log", "metrics.jsonl"), "runs", 0, "series") as {
    name: string;
    kind: string;
    tensor: string | null;
    points: number;
    last: readonly [number, number];
  }[];
  expect(series.map(({ name, kind, tensor, points, last }) => [name, kind, tensor, points, last])).toEqual([
    ...[...NAMES, UNNAMED, LONG].map((name, index) => [name, "other", null, 3, [3, index]]),
    ...NAMES.map((name, index) => [`grad_norm/${name}`, "tensorNorm", name, 3, [3, 5 * index]]),
  ]);
});

async function gradlens(command: string, ...paths: readonly string[]): Promise<unknown> {
  const { stdout } = await runGradlens(script, folder.path, [command, ...paths, "--json"]);
  return JSON.parse(stdout);
}

function valueAt(document: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
}
