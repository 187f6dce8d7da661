import { expect, test } from "vitest";
import type { TensorDescription, TensorNorms } from "#core/tensor.ts";
import { createCheckpointRows, dtypeSummary } from "#media/checkpoint/rows.ts";
import { FINITE_ALONE } from "../../support/statistics.ts";

function entryOf(
  name: string,
  kind: TensorDescription["kind"],
  dtype: TensorDescription["dtype"] = "F32",
): TensorDescription {
  return { name, kind, dtype, shape: [2], elements: 2, file: "model.safetensors" };
}

function normsOf({ name, kind, dtype, shape, elements, file }: TensorDescription, l2: number): TensorNorms {
  return { name, kind, dtype, shape, elements, file, ...FINITE_ALONE, l2, linf: l2, rms: l2 };
}

test("norms find their row by kind too: a weight's norm never lands on the gradient of the same name", () => {
  const weight = entryOf("w", "weight");
  const gradient = entryOf("w", "gradient");
  const rows = createCheckpointRows([weight, gradient], "weight");
  rows.addNorms([normsOf(gradient, 5)]);
  expect(rows.all().map(({ norms }) => norms?.l2)).toEqual([undefined, 5]);
});

test("norms of an unknown tensor are dropped", () => {
  const rows = createCheckpointRows([entryOf("a", "weight")], "weight");
  rows.addNorms([normsOf(entryOf("b", "weight"), 1)]);
  expect(rows.all().map(({ norms }) => norms)).toEqual([undefined]);
});

test("tensors that nothing tells are of the kind that is chosen, and keep their norms", () => {
  const open = entryOf("w", "weight");
  const declared = { ...entryOf("v", "weight"), isDeclared: true } as const;
  const moment = entryOf("m", "moment1");
  const rows = createCheckpointRows([open, declared, moment], "gradient");
  rows.addNorms([normsOf(open, 5)]);
  rows.takeAs("momentum");
  expect(rows.all().map(({ kind, norms }) => [kind, norms?.l2])).toEqual([
    ["momentum", 5],
    ["weight", undefined],
    ["moment1", undefined],
  ]);
});

test("a tensor without norms keeps its row, with the reason", () => {
  const tensor = entryOf("w", "weight");
  const rows = createCheckpointRows([tensor], "weight");
  rows.addReasons([{ ...tensor, why: "its data are damaged" }]);
  expect(rows.all()).toEqual([{ entry: tensor, kind: "weight", norms: undefined, why: "its data are damaged" }]);
});

test.each([
  { dtypes: [], summary: "" },
  { dtypes: ["F32", "F32"], summary: "F32" },
  { dtypes: ["I64", "BF16", "BF16"], summary: "BF16 2, I64 1" },
] as { dtypes: TensorDescription["dtype"][]; summary: string }[])("$dtypes is summed up as '$summary'", (row) => {
  expect(dtypeSummary(row.dtypes.map((dtype) => entryOf("t", "weight", dtype)))).toBe(row.summary);
});
