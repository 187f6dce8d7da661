import { expect, test } from "vitest";
import { asNorm, asSquaredNorm, globalNorm, rms } from "#core/norm.ts";

test.each([
  { tensors: "no tensors", squared: [], norm: 0 },
  { tensors: "3 and 4", squared: [9, 16], norm: 5 },
  { tensors: "zeros", squared: [0, 0], norm: 0 },
  { tensors: "one NaN tensor", squared: [9, Number.NaN], norm: Number.NaN },
  { tensors: "one infinite tensor", squared: [9, Infinity], norm: Infinity },
  { tensors: "an infinite and a NaN tensor", squared: [Infinity, Number.NaN], norm: Number.NaN },
  { tensors: "float32 gradients that overflow a float32 square", squared: [1e40, 0], norm: 1e20 },
])("the global norm of $tensors is $norm", ({ squared, norm }) => {
  expect(globalNorm(squared.map(asSquaredNorm))).toBe(norm);
});

test.each([
  { norm: 6, elements: 9, mean: 2 },
  { norm: 0, elements: 0, mean: 0 },
  { norm: Number.NaN, elements: 4, mean: Number.NaN },
])("the root mean square of norm $norm over $elements elements is $mean", ({ norm, elements, mean }) => {
  expect(rms(asNorm(norm), elements)).toBe(mean);
});
