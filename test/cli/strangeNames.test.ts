import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../files/folder.ts";
import type { TestFolder } from "../files/folder.ts";
import { buildProgram } from "../support/build.ts";
import { bytesOf, safetensorsFile } from "../support/safetensors.ts";
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
  const tensors = names.map((name, at) => [
    name,
    { dtype: "F32", shape: [2], data: bytesOf(Float32Array.of(3 * at, 4 * at)) },
  ]);
  await folder.write("grads.safetensors", safetensorsFile(Object.fromEntries(tensors)));
  const [measured, compared] = await Promise.all([
    gradlens("norms", "grads.safetensors"),
    gradlens("diff", "grads.safetensors", "grads.safetensors"),
  ]);
  const norms = at(measured, 0, "tensors") as { name: string; l2: number }[];
  expect(norms.map(({ name, l2 }) => [name, l2])).toEqual(names.map((name, index) => [name, 5 * index]));
  const unmoved = at(compared, "unmoved") as readonly string[];
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
  const series = at(await gradlens("log", "metrics.jsonl"), "runs", 0, "series") as {
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
  const { stdout } = await runGradlens(script, folder.path, [command, ...paths.map((path) => join(path)), "--json"]);
  return JSON.parse(stdout);
}

function at(document: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
}
