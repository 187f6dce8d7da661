import { expect, test } from "vitest";

import { hdf5File, type TestDataset, type TestNode } from "../../../support/hdf5.ts";
import { indexed, indexOf, measure } from "../../../support/measure.ts";
import { bytesOf } from "../../../support/safetensors.ts";
import { type TestFile, zipFile } from "../../../support/zip.ts";

function row(...values: readonly number[]): TestDataset {
  return { type: "<f4", shape: [values.length], data: bytesOf(Float32Array.from(values)) };
}

function count(value: number): TestDataset {
  return { type: "<i8", shape: [], data: bytesOf(BigInt64Array.of(BigInt(value))) };
}

/** Paths with their datasets as groups in groups. */
function tree(datasets: Readonly<Record<string, TestDataset>>): Readonly<Record<string, TestNode>> {
  const children: Record<string, TestNode> = {};
  for (const [path, dataset] of Object.entries(datasets)) {
    const [first = "", ...rest] = path.split("/");
    children[first] = rest.length === 0 ? dataset : { children: {} };
  }
  for (const name of Object.keys(children).filter((each) => "children" in (children[each] ?? {}))) {
    const inside = Object.entries(datasets).filter(([path]) => path.startsWith(`${name}/`));
    children[name] = {
      children: tree(Object.fromEntries(inside.map(([path, each]) => [path.slice(name.length + 1), each]))),
    };
  }
  return children;
}

/** Kinds by path, and the parameters whose state a tensor is. */
async function rolesIn(datasets: Readonly<Record<string, TestDataset>>): Promise<Record<string, string>> {
  const { tensors } = await indexed(hdf5File({ children: tree(datasets) }), "model.h5");
  return Object.fromEntries(
    tensors.map(({ name, kind, parameter }) => [name, parameter === undefined ? kind : `${kind} of ${parameter}`]),
  );
}

test("Keras 2's Adam and RMSprop say in the last word what they keep, of which parameter", async () => {
  const kernel = "model_weights/dense/dense/kernel:0";
  expect(
    await rolesIn({
      [kernel]: row(1, 2),
      "optimizer_weights/Adam/iter:0": count(3),
      "optimizer_weights/training/Adam/dense/kernel/m:0": row(1, 2),
      "optimizer_weights/Adam/dense/kernel/v:0": row(1, 2),
      "optimizer_weights/Adam/dense/kernel/vhat:0": row(1, 2),
      "optimizer_weights/RMSprop/dense/kernel/rms:0": row(1, 2),
      "optimizer_weights/RMSprop/dense/kernel/momentum:0": row(1, 2),
      "optimizer_weights/Adagrad/dense/kernel/accumulator:0": row(1, 2),
      "optimizer_weights/Adam/other/kernel/m:0": row(1, 2),
    }),
  ).toEqual({
    [kernel]: "weight",
    "optimizer_weights/Adagrad/dense/kernel/accumulator:0": `moment2 of ${kernel}`,
    "optimizer_weights/Adam/dense/kernel/v:0": `moment2 of ${kernel}`,
    "optimizer_weights/Adam/dense/kernel/vhat:0": "other",
    "optimizer_weights/Adam/iter:0": "other",
    "optimizer_weights/Adam/other/kernel/m:0": "moment1",
    "optimizer_weights/RMSprop/dense/kernel/momentum:0": `momentum of ${kernel}`,
    "optimizer_weights/RMSprop/dense/kernel/rms:0": `moment2 of ${kernel}`,
    "optimizer_weights/training/Adam/dense/kernel/m:0": `moment1 of ${kernel}`,
  });
});

test("Keras 3's momentum is a mean of gradients in Adam, and a momentum in SGD", async () => {
  const kernel = "model_weights/d1/sequential/d1/kernel";
  expect(
    await rolesIn({
      [kernel]: row(1, 2),
      "optimizer_weights/adam/learning_rate": row(0.1),
      "optimizer_weights/adam/sequential_d1_kernel_momentum": row(1, 2),
      "optimizer_weights/adam/sequential_d1_kernel_velocity": row(1, 2),
      "optimizer_weights/sgd/sequential_d1_kernel_momentum": row(1, 2),
    }),
  ).toEqual({
    [kernel]: "weight",
    "optimizer_weights/adam/learning_rate": "other",
    "optimizer_weights/adam/sequential_d1_kernel_momentum": `moment1 of ${kernel}`,
    "optimizer_weights/adam/sequential_d1_kernel_velocity": `moment2 of ${kernel}`,
    "optimizer_weights/sgd/sequential_d1_kernel_momentum": `momentum of ${kernel}`,
  });
});

/** A file of Keras 3 with an optimizer of a name, and what it keeps after its two counters. */
function weightsFile(optimizer: string, state: readonly TestDataset[]): Uint8Array {
  const variables = [count(7), row(0.1), ...state].map((dataset, at) => [String(at), dataset] as const);
  const layers = {
    children: { dense: { children: { vars: { children: { 0: row(3, 4) }, attributes: { name: "d1" } } } } },
  };
  const vars = { children: Object.fromEntries(variables), attributes: { name: optimizer } };
  return hdf5File({ children: { layers, optimizer: { children: { vars } } } });
}

test.each([
  {
    optimizer: "adam",
    state: [row(1, 2), row(1, 2), row(1), row(1)],
    kinds: ["moment1", "moment2", "moment1", "moment2"],
  },
  { optimizer: "adamw_1", state: [row(1, 2), row(1, 2)], kinds: ["moment1", "moment2"] },
  { optimizer: "sgd", state: [row(1, 2), row(1)], kinds: ["momentum", "momentum"] },
  { optimizer: "rmsprop", state: [row(1, 2), row(1)], kinds: ["moment2", "moment2"] },
  { optimizer: "adadelta", state: [row(1, 2), row(1, 2)], kinds: ["moment2", "other"] },
  { optimizer: "adam", state: [row(1, 2), row(1)], kinds: ["other", "other"] },
  { optimizer: "adam", state: [row(1, 2), row(1, 2), row(1, 2)], kinds: ["other", "other", "other"] },
  { optimizer: "my_own", state: [row(1, 2), row(1, 2)], kinds: ["other", "other"] },
])("the state of $optimizer in numbered variables is $kinds", async ({ optimizer, state, kinds }) => {
  const { tensors } = await indexed(weightsFile(optimizer, state), "model.weights.h5");
  expect(tensors.map(({ kind }) => kind)).toEqual(["weight", "other", "other", ...kinds]);
});

const CONFIG: TestFile = { name: "config.json", data: new TextEncoder().encode("{}") };
const WEIGHTS: TestFile = { name: "model.weights.h5", data: weightsFile("sgd", [row(6, 8)]) };

test("a .keras archive gives the tensors of the HDF5 file in it, at their places in the archive", async () => {
  const tensors = await measure(zipFile([CONFIG, WEIGHTS]), "model.keras");
  expect(tensors.map(({ name, file, l2 }) => [name, file, l2])).toEqual([
    ["layers/dense/vars/0", "model.keras", 5],
    ["optimizer/vars/0", "model.keras", 7],
    ["optimizer/vars/1", "model.keras", Math.fround(0.1)],
    ["optimizer/vars/2", "model.keras", 10],
  ]);
});

test("an archive of Keras is known by its first file, and a file of Keras by what it says", async () => {
  const plain = hdf5File({ children: { a: row(1) } });
  const said = hdf5File({
    children: { a: row(1) },
    attributes: { keras_version: "2.4.0", model_config: "x".repeat(300) },
  });
  const formats = [
    await indexed(zipFile([CONFIG, WEIGHTS]), "download"),
    await indexed(WEIGHTS.data, "download"),
    await indexed(said, "a.h5"),
    await indexed(plain, "a.h5"),
  ];
  expect(formats.map(({ format, metadata }) => [format, metadata])).toEqual([
    ["keras", {}],
    ["keras", {}],
    ["keras", { keras_version: "2.4.0" }],
    ["hdf5", {}],
  ]);
});

test.each([
  { archive: "without weights", files: [CONFIG], kind: "unsupported", what: "has no model.weights.h5" },
  {
    archive: "whose weights are compressed",
    files: [CONFIG, { ...WEIGHTS, isDeflated: true }],
    kind: "unsupported",
    what: "is compressed in the archive",
  },
  {
    archive: "whose weights end early",
    files: [CONFIG, { ...WEIGHTS, data: WEIGHTS.data.subarray(0, -1) }],
    kind: "malformed",
    what: "ends too early",
  },
])("an archive $archive is $kind", async ({ files, kind, what }) => {
  expect(await indexOf(zipFile(files), "model.keras")).toMatchObject({
    kind,
    what: expect.stringContaining(what) as string,
  });
});
