import { expect, test } from "vitest";

import type { FoundTensor } from "#readers/checkpoints/keras/dataset.ts";
import { archivedState } from "#readers/checkpoints/keras/state.ts";

function tensor(path: string, shape: readonly number[]): FoundTensor {
  return { path, shape, dtype: "F32", elements: 1, parts: [] };
}

function parameters(weights: readonly FoundTensor[], rows: readonly (readonly number[])[]): readonly string[] {
  const counters = ["0", "1"].map((number) => tensor(`optimizer/vars/${number}`, []));
  const states = rows.flatMap((shape, at) => [
    tensor(`optimizer/vars/${2 * at + 2}`, shape),
    tensor(`optimizer/vars/${2 * at + 3}`, shape),
  ]);
  const groups = new Map([["optimizer/vars", "adam"]]);
  const { roles } = archivedState([...weights, ...counters, ...states], groups);
  return roles.filter((_, at) => at >= 2 && at % 2 === 0).map(([, { parameter }]) => parameter ?? "in doubt");
}

test.each([
  {
    what: "shapes that one weight has",
    weights: [tensor("layers/dense/vars/0", [5, 7]), tensor("layers/dense/vars/1", [7])],
    rows: [[5, 7], [7]],
    names: ["layers/dense/vars/0", "layers/dense/vars/1"],
  },
  {
    what: "a shape that a frozen weight has as well",
    weights: [tensor("layers/dense/vars/0", [5, 7]), tensor("layers/conv/vars/0", [5, 7])],
    rows: [[5, 7]],
    names: ["in doubt"],
  },
  {
    what: "a normalisation, which has as many means as scales",
    weights: ["0", "1", "2", "3"].map((number) => tensor(`layers/norm/vars/${number}`, [7])),
    rows: [[7], [7]],
    names: ["in doubt", "in doubt"],
  },
  {
    what: "layers that differ in their number alone",
    weights: ["dense_10", "dense_2"].map((layer) => tensor(`layers/${layer}/vars/0`, [5, 5])),
    rows: [
      [5, 5],
      [5, 5],
    ],
    names: ["layers/dense_2/vars/0", "layers/dense_10/vars/0"],
  },
])("numbered states of Keras 3: $what", ({ weights, rows, names }) => {
  expect(parameters(weights, rows)).toEqual(names);
});
