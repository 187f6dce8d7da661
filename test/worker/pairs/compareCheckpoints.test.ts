import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { CheckpointComparison } from "#core/comparison.ts";
import { compareCheckpoints } from "#worker/pairs/compareCheckpoints.ts";
import { endThreads } from "#worker/threads/threadPool.ts";

import { createTestFolder, type TestFolder } from "../../support/testFolder.ts";
import { gradientLike } from "../../reduction/engines.ts";
import { bytesOf, safetensorsFile, type TestTensor } from "../../support/safetensors.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => {
  endThreads();
  await folder.dispose();
});

function f32(shape: readonly number[], values: Float32Array): TestTensor {
  return { dtype: "F32", shape, data: bytesOf(values) };
}

/** The upper halves of float32. */
function bf16(shape: readonly number[], values: Float32Array): TestTensor {
  const codes = new Uint32Array(values.buffer).map((bits) => bits >>> 16);
  return { dtype: "BF16", shape, data: bytesOf(Uint16Array.from(codes)) };
}

async function compared(
  before: Readonly<Record<string, TestTensor>>,
  after: Readonly<Record<string, TestTensor>>,
  threads = 1,
): Promise<CheckpointComparison> {
  const id = createHash("sha1")
    .update(JSON.stringify([Object.keys(before), Object.keys(after)]))
    .digest("hex");
  await folder.write(`${id}/a.safetensors`, safetensorsFile(before));
  await folder.write(`${id}/b.safetensors`, safetensorsFile(after));
  return compareCheckpoints(`${folder.path}/${id}/a.safetensors`, `${folder.path}/${id}/b.safetensors`, { threads });
}

const ONE = Float32Array.from([1, 2, 3, 4]);

test("tensors are matched by name, then by what is left without wrappers; the rest is added, missing or reshaped", async () => {
  const comparison = await compared(
    {
      "module.h.0.weight": f32([4], ONE),
      "same.weight": f32([2, 2], ONE),
      "turned.weight": f32([4, 1], ONE),
      "gone.weight": f32([4], ONE),
    },
    {
      "_orig_mod.h.0.weight": f32(
        [4],
        ONE.map((value) => value + 1),
      ),
      "same.weight": f32([2, 2], ONE),
      "turned.weight": f32([1, 4], ONE),
      "new.weight": f32([4], ONE),
    },
  );
  expect(comparison.tensors.map(({ name, nameBefore, change }) => [name, nameBefore, change.delta])).toEqual([
    ["_orig_mod.h.0.weight", "module.h.0.weight", 2],
    ["same.weight", "same.weight", 0],
  ]);
  expect(comparison.added.map(({ name }) => name)).toEqual(["new.weight"]);
  expect(comparison.missing.map(({ name }) => name)).toEqual(["gone.weight"]);
  expect(comparison.reshaped).toEqual([
    { name: "turned.weight", kind: "weight", shapeBefore: [4, 1], shapeAfter: [1, 4] },
  ]);
});

test("names that two wrappings of one model could mean are not guessed", async () => {
  const comparison = await compared(
    { "module.w.weight": f32([4], ONE), "_orig_mod.w.weight": f32([4], ONE) },
    { "w.weight": f32([4], ONE) },
  );
  expect([comparison.tensors.length, comparison.missing.length, comparison.added.length]).toEqual([0, 2, 1]);
});

test("a first part that only one of the two names has is passed over, where shapes agree", async () => {
  const comparison = await compared(
    { "model.h.0.w": f32([4], ONE), "model.h.1.w": f32([2, 2], ONE), "h.2.w": f32([4], ONE) },
    { "h.0.w": f32([4], ONE), "h.1.w": f32([4], ONE), "bert.h.2.w": f32([4], ONE) },
  );
  expect(comparison.tensors.map(({ name, nameBefore }) => [nameBefore, name])).toEqual([
    ["model.h.0.w", "h.0.w"],
    ["h.2.w", "bert.h.2.w"],
  ]);
  expect(comparison.missing.map(({ name }) => name)).toEqual(["model.h.1.w"]);
});

test("tensors of one shape and two types are compared by value", async () => {
  const values = gradientLike(1000);
  const comparison = await compared({ w: f32([1000], values) }, { w: bf16([1000], values) });
  const [tensor] = comparison.tensors;
  const truncated = values.map((_, at) => {
    const bits = new Uint32Array(1).fill((new Uint32Array(values.buffer)[at] ?? 0) & 0xffff0000);
    return new Float32Array(bits.buffer)[0] ?? 0;
  });
  const delta = Math.sqrt(truncated.reduce((sum, value, at) => sum + (value - (values[at] ?? 0)) ** 2, 0));
  expect([tensor?.dtypeBefore, tensor?.dtype]).toEqual(["F32", "BF16"]);
  expect(tensor?.change.delta).toBeCloseTo(delta, 12);
});

test("tensors that no arithmetic is for are told, and the others compared", async () => {
  const complex = { dtype: "C64", shape: [2], data: bytesOf(ONE) };
  const comparison = await compared({ c: complex, w: f32([4], ONE) }, { c: complex, w: f32([4], ONE) });
  expect(comparison.unmeasured.map(({ name, why }) => [name, why])).toEqual([
    ["c", "Complex elements are not compared."],
  ]);
  expect(comparison.tensors.map(({ name }) => name)).toEqual(["w"]);
});

test("the numbers are the same bits for every number of threads, and those of the definitions", async () => {
  const large = gradientLike(9_000_001);
  const moved = large.map((value, at) => (at % 3 === 0 ? value : value * 1.01));
  const half = [3000, 3000];
  const before = { large: f32([large.length], large), half: bf16(half, large.slice(1)), small: f32([4], ONE) };
  const after = { large: f32([large.length], moved), half: f32(half, moved.slice(1)), small: f32([4], ONE) };
  const comparisons = [];
  for (const threads of [1, 2, 3]) {
    comparisons.push(await compared(before, after, threads));
  }
  const [first, ...others] = comparisons.map(({ tensors }) => tensors);
  expect(others).toEqual([first, first]);
  const change = first?.find(({ name }) => name === "large")?.change;
  const delta = Math.sqrt(large.reduce((sum, value, at) => sum + ((moved[at] ?? 0) - value) ** 2, 0));
  expect(Math.abs((change?.delta ?? 0) / delta - 1)).toBeLessThan(1e-10); // One sum over all is the less exact one.
  expect(change?.changed).toBe(large.filter((value, at) => value !== moved[at]).length);
}, 60_000);
