import { expect, test } from "vitest";

import { dcpFiles, type TestSave } from "../../../support/dcp.ts";
import { indexOf, indexOfFolder, normsOfFolder } from "../../../support/checkpoint.ts";
import { list } from "../../../support/pickle.ts";
import { bytesOf, safetensorsFile } from "../../../support/safetensors.ts";

/** 0 to 14 as 5 × 3, of which rank 0 has three rows and rank 1 two; rank 1 also says that it has all of `b`. */
const UNEVEN: TestSave = {
  tensors: {
    "model.w": {
      shape: [5, 3],
      chunks: [
        { start: [0, 0], shape: [3, 3], values: [0, 1, 2, 3, 4, 5, 6, 7, 8] },
        { start: [3, 0], shape: [2, 3], values: [9, 10, 11, 12, 13, 14], rank: 1 },
      ],
    },
    "model.b": {
      shape: [2],
      chunks: [
        { start: [0], shape: [2], values: [3, 4] },
        { start: [0], shape: [2], values: [3, 4], rank: 1 },
      ],
    },
    "optim.state.w.exp_avg": { shape: [2], chunks: [{ start: [0], shape: [2], values: [6, 8] }] },
    "optim.state.w.exp_avg_sq": { shape: [], chunks: [{ start: [], shape: [], values: [2] }] },
    "optim.state.w.step": { shape: [], chunks: [{ start: [], shape: [], values: [7] }] },
    "model.none": { shape: [0, 3], chunks: [{ start: [0, 0], shape: [0, 3], values: [] }] },
  },
  values: {
    "optim.param_groups.0.lr": 2,
    "optim.param_groups.0.betas": [1, 0],
    "optim.param_groups.0.params": list(["w", "b"]),
    epoch: 3,
    note: "hello",
    other: { a: list([]) },
  },
};

test("chunks of several ranks are one tensor, and a chunk that two ranks hold counts once", async () => {
  expect(await normsOfFolder(dcpFiles(UNEVEN))).toEqual({
    kind: "ok",
    value: {
      "model.w": Math.sqrt(1015),
      "model.b": 5,
      "optim.state.w.exp_avg": 10,
      "optim.state.w.exp_avg_sq": 2,
      "optim.state.w.step": 7,
      "model.none": 0,
    },
  });
});

test("an index says kinds, parameters, groups, plain values and what was not read", async () => {
  const index = await indexOfFolder(dcpFiles(UNEVEN));
  const { tensors, ...others } = index.kind === "ok" ? index.value : { tensors: [] };
  expect(
    tensors.map(({ name, kind, parameter = "–", shape }) => `${name} ${kind} ${parameter} ${shape.join("×")}`),
  ).toEqual([
    "model.w weight – 5×3",
    "model.b weight – 2",
    "optim.state.w.exp_avg moment1 w 2",
    "optim.state.w.exp_avg_sq moment2 w ",
    "optim.state.w.step other w ",
    "model.none weight – 0×3",
  ]);
  expect(others).toEqual({
    format: "dcp",
    metadata: { epoch: "3", note: "hello" },
    optimizer: {
      groups: [{ path: "optim", numbers: { lr: 2, "betas.0": 1, "betas.1": 0 }, parameters: ["w", "b"] }],
      steps: new Map(),
    },
    notRead: [{ name: "other", what: "a dict with a" }],
    notes: [],
  });
});

test("groups that were flattened to their parameters are one group again where their numbers are the same", async () => {
  const values = { "o.param_groups.a.b.lr": 1, "o.param_groups.c.lr": 1, "o.param_groups.d.lr": 2 };
  const index = await indexOfFolder(dcpFiles({ tensors: UNEVEN.tensors, values }));
  expect(index.kind === "ok" && index.value.optimizer?.groups).toEqual([
    { path: "o", numbers: { lr: 1 }, parameters: ["a.b", "c"] },
    { path: "o", numbers: { lr: 2 }, parameters: ["d"] },
  ]);
});

test("Accelerate's folders of model and optimizer are one checkpoint", async () => {
  const model = dcpFiles({ tensors: { "model.w": UNEVEN.tensors["model.b"] ?? { shape: [], chunks: [] } } });
  const optimizer = dcpFiles({
    tensors: { "optimizer.state.w.exp_avg": { shape: [1], chunks: [{ start: [0], shape: [1], values: [9] }] } },
  });
  const files = { ...below("pytorch_model_fsdp_0/", model), ...below("optimizer_0/", optimizer) };
  expect(await normsOfFolder(files)).toEqual({ kind: "ok", value: { "model.w": 5, "optimizer.state.w.exp_avg": 9 } });
});

test("a folder of steps is not one checkpoint", async () => {
  const outcome = await indexOfFolder({ ...below("10/", dcpFiles(UNEVEN)), ...below("20/", dcpFiles(UNEVEN)) });
  expect(outcome).toEqual({ kind: "unsupported", what: "no reader takes this folder" });
});

test("ranks that saved each its own metadata are one checkpoint", async () => {
  expect(await normsOfFolder({ ...half(0, 0), ...half(1, 1) })).toEqual({ kind: "ok", value: { w: 5 } });
});

test("one rank's file by itself lists its chunks by their slices", async () => {
  const files = dcpFiles(UNEVEN);
  const index = await indexOf(files["__1_0.distcp"] ?? new Uint8Array(), "__1_0.distcp", files);
  const tensors = index.kind === "ok" ? index.value.tensors : [];
  expect(tensors.map(({ name, shape, kind }) => [name, shape, kind])).toEqual([
    ["model.w[3:5, 0:3]", [2, 3], "weight"],
    ["model.b", [2], "weight"],
  ]);
});

test("tensors that were written as safetensors behind the values are read there", async () => {
  const w = { dtype: "F32", shape: [2], data: bytesOf(Float32Array.of(3, 4)) };
  const files = dcpFiles({
    tensors: { w: { shape: [2], chunks: [{ start: [0], shape: [2], values: [], said: { length: 8 } }] } },
    values: { a: 1 },
  });
  const offset = archiveEnd({ a: 1 });
  files["__0_0.distcp"] = Buffer.concat([
    (files["__0_0.distcp"] ?? new Uint8Array()).subarray(0, offset),
    safetensorsFile({ w }, { format: "pt" }),
  ]);
  expect(await normsOfFolder(files)).toEqual({ kind: "ok", value: { w: 5 } });
});

test("shards in Hugging Face's form are joined by their offsets", async () => {
  const files = {
    "shard-00001-model-00001-of-00001.safetensors": shard([1, 2], 0),
    "shard-00002-model-00001-of-00001.safetensors": shard([2], 2),
  };
  expect(await normsOfFolder(files)).toEqual({ kind: "ok", value: { w: 3 } });
});

test("a save without its metadata is not complete", async () => {
  const { ".metadata": _, ...files } = dcpFiles(UNEVEN);
  expect(await indexOfFolder(files)).toEqual({
    kind: "incomplete",
    have: 0,
    need: 1,
    what: ".metadata is missing. torch writes it last, so this save is not finished or was broken off; try again when it is complete.",
  });
});

function below(folder: string, files: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [folder + name, bytes]));
}

function archiveEnd(values: Readonly<Record<string, number>>): number {
  return dcpFiles({ tensors: {}, values })["__0_0.distcp"]?.length ?? 0;
}

function half(start: number, rank: number): Record<string, Uint8Array> {
  return dcpFiles({
    tensors: { w: { shape: [2], chunks: [{ start: [start], shape: [1], values: [3 + start], rank }] } },
    metadataName: `__${rank}.metadata`,
  });
}

function shard(values: readonly number[], start: number): Uint8Array {
  return safetensorsFile(
    { w: { dtype: "F32", shape: [values.length], data: bytesOf(Float32Array.from(values)) } },
    { DCP_SHARDING_INFO: JSON.stringify({ w: { saved_offsets: [start] } }) },
  );
}
