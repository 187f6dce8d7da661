import { expect, test } from "vitest";

import { buildModel } from "#reduction/onnxGraph.ts";

test.each([
  { input: "float32", operators: ["Mul", "ReduceSum", "ReduceMax"] },
  { input: "bfloat16", operators: ["BitCast", "Cast", "Mul", "ReduceSum", "ReduceMax"] },
] as const)("the $input model is a few hundred bytes with $operators", ({ input, operators }) => {
  const model = buildModel(input);
  const text = new TextDecoder("latin1").decode(model);
  expect(operators.filter((operator) => !text.includes(operator))).toEqual([]);
  expect(model.length).toBeLessThan(500);
});
