import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { EXAMPLE, buildProgram } from "../../support/build.ts";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";
import { runGradlens } from "../program.ts";
import type { Gradlens } from "../program.ts";

let script: string;
let folder: TestFolder;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
  await folder.write("step100.safetensors", file([3, 4], "w"));
  await folder.write("step104.safetensors", file([3, 4.5], "module.w"));
  await folder.write("nan.safetensors", file([3, Number.NaN], "w"));
  await folder.write("bad.safetensors", "abc");
});
afterAll(async () => folder.dispose());

function file(values: readonly number[], name: string, shape = [values.length]): Uint8Array {
  return safetensorsFile({ [name]: { dtype: "F32", shape, data: bytesOf(Float32Array.from(values)) } });
}

const gradlens: Gradlens = async (...args) => runGradlens(script, folder.path, args);

type Json = Readonly<Record<string, unknown>>;

test("a small difference is printed whole, as JSON with NaN by name", async () => {
  const { stdout, code } = await gradlens("diff", "step100.safetensors", "step104.safetensors", "--json");
  const { seconds, notes, ...document } = JSON.parse(stdout) as Json;
  expect([code, typeof seconds, notes]).toEqual([0, "number", []]);
  expect(document).toMatchSnapshot();
  const broken = await gradlens("diff", "step100.safetensors", "nan.safetensors", "--json");
  const [tensor] = (JSON.parse(broken.stdout) as { tensors: readonly Json[] }).tensors;
  expect([tensor?.["delta"], tensor?.["relative"], tensor?.["nonFiniteAfter"], tensor?.["changed"]]).toEqual([
    "NaN",
    null,
    1,
    1,
  ]);
});

test("people get a table of what moved most, the global change and what is not in both", async () => {
  expect((await gradlens("diff", "step100.safetensors", "step104.safetensors")).stdout).toMatchSnapshot();
  expect((await gradlens("diff", "step100.safetensors", "step100.safetensors")).stdout).toContain(
    "unmoved, every element has its old value (1):\n  w\n",
  );
});

test("the example's weights moved as far as a subtraction of its files says", async () => {
  const paths = ["checkpoint-200", "checkpoint-400"].map((name) => join(EXAMPLE, name));
  const { stdout } = await gradlens("diff", ...paths, "--json");
  const { tensors, steps, globals } = JSON.parse(stdout) as {
    readonly tensors: readonly (Json & { readonly name: string; readonly kind: string; readonly delta: number })[];
    readonly steps: unknown;
    readonly globals: Readonly<Record<string, { readonly delta: number }>>;
  };
  const [before, after] = await Promise.all(paths.map(async (path) => weightsIn(join(path, "model.safetensors"))));
  const deltas = tensors
    .filter(({ kind }) => kind === "weight")
    .map(({ name, delta }) => ({ name, delta, truth: distance(before?.get(name), after?.get(name)) }));
  const total = Math.sqrt(deltas.reduce((sum, { truth }) => sum + truth ** 2, 0));
  expect(steps).toEqual({ count: 200, from: "names" });
  expect([deltas.length, deltas.filter(({ delta, truth }) => Math.abs(delta / truth - 1) > 1e-12)]).toEqual([41, []]);
  expect(Math.abs((globals["weight"]?.delta ?? 0) / total - 1)).toBeLessThan(1e-12);
});

/** The float32 tensors of a safetensors file, read by hand. */
async function weightsIn(path: string): Promise<ReadonlyMap<string, Float32Array>> {
  const bytes = await readFile(path);
  const header = Number(bytes.readBigUInt64LE(0));
  const entries = JSON.parse(bytes.toString("utf8", 8, 8 + header)) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  return new Map(
    Object.entries(entries)
      .filter(([name]) => name !== "__metadata__")
      .map(
        ([
          name,
          {
            data_offsets: [from, to],
          },
        ]) => {
          const data = Uint8Array.from(bytes.subarray(8 + header + from, 8 + header + to));
          return [name, new Float32Array(data.buffer)];
        },
      ),
  );
}

function distance(before: ArrayLike<number> = [], after: ArrayLike<number> = []): number {
  return Math.sqrt(Array.from(before).reduce((sum, value, at) => sum + ((after[at] ?? 0) - value) ** 2, 0));
}

test.each([
  { args: ["step100.safetensors"], says: "diff takes two checkpoints" },
  { args: ["step100.safetensors", "step104.safetensors", "nan.safetensors"], says: "diff takes two checkpoints" },
  { args: ["step100.safetensors", "step104.safetensors", "--steps", "0"], says: "--steps 0" },
  { args: ["step100.safetensors", "step104.safetensors", "--fail-on", "all"], says: "--fail-on all" },
  { args: ["step100.safetensors", "bad.safetensors"], says: "bad.safetensors" },
  { args: ["step100.safetensors", "none.safetensors"], says: "not there" },
])("diff $args is refused in one line that says $says", async ({ args, says }) => {
  const { code, stdout, stderr } = await gradlens("diff", ...args);
  expect([code, stdout, stderr.trimEnd().split("\n").length, stderr.includes(says)]).toEqual([2, "", 1, true]);
});

test("findings make the exit code 1 only where they are as severe as asked for", async () => {
  await folder.write("one.safetensors", file([1, 1], "fc1.weight", [1, 2]));
  await folder.write("two.safetensors", file([2, 1], "fc1.weight", [1, 2]));
  const codes = ["info", "warning", "error"].map(async (severity) => {
    const { code } = await gradlens(
      "diff",
      "one.safetensors",
      "two.safetensors",
      "--steps",
      "1",
      "--fail-on",
      severity,
    );
    return code;
  });
  expect(await Promise.all(codes)).toEqual([1, 0, 0]);
});

test("--spectral gives the spectral norm of the tensor it names, and refuses another", async () => {
  const { stdout } = await gradlens("norms", "step100.safetensors", "--spectral", "w", "--json");
  const [{ spectral }] = JSON.parse(stdout) as [{ readonly spectral: Json }];
  const numbers = [spectral["norm"], spectral["stableRank"], spectral["scaled"]].map((value) =>
    Number(value).toFixed(9),
  );
  expect([spectral["name"], spectral["isConverged"], ...numbers]).toEqual([
    "w",
    true,
    ...[5, 1, 5 * Math.SQRT2].map((value) => value.toFixed(9)),
  ]);
  const refused = await gradlens("norms", "step100.safetensors", "--spectral", "v");
  expect([refused.code, refused.stderr.includes("there is no tensor v in it")]).toEqual([2, true]);
});
