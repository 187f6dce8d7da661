import { expect, test } from "vitest";

import type { ReductionEngine } from "#reduction/engine.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import { passesSelfTest } from "#reduction/selfTest.ts";
import { finiteStatistics } from "#reduction/statistics.ts";

import { onnxEngine, simdEngine } from "./engines.ts";

test.each([
  { engine: "script", create: async () => createScriptEngine() },
  { engine: "simd", create: simdEngine },
  { engine: "onnxruntime", create: () => onnxEngine() },
])("the $engine engine passes", async ({ create }) => {
  expect(await passesSelfTest(await create())).toBe(true);
});

/** An engine that sums the float32 values it is given in its own way. */
function summing(sum: (values: Float32Array) => number): ReductionEngine {
  const reduce: ReductionEngine["reduce"] = async ({ bytes }) =>
    finiteStatistics(sum(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)), 0);
  return { ...createScriptEngine(), reduce };
}

const squares = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);

test.each([
  { wrong: "adds sizes, not squares", sum: (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) },
  { wrong: "squares in float32", sum: (values: Float32Array) => squares(values.map((value) => value * value)) ** 0.5 },
  {
    wrong: "drops a NaN that stands last",
    sum: (values: Float32Array) => squares(values.subarray(0, Number.isNaN(values.at(-1)) ? -1 : undefined)),
  },
  { wrong: "drops half of what is long", sum: (values: Float32Array) => squares(values.subarray(0, 40_000)) },
  {
    wrong: "drops a NaN in what is long",
    sum: (values: Float32Array) =>
      squares(values.length > 1000 ? values.filter((value) => !Number.isNaN(value)) : values),
  },
])("an engine that $wrong fails", async ({ sum }) => {
  expect(await passesSelfTest(summing(sum))).toBe(false);
});
