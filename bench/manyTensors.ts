import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ggufFile } from "../test/support/gguf.ts";
import { hdf5File, type TestDataset } from "../test/support/hdf5.ts";
import { pack, packArray } from "../test/support/msgpack.ts";
import { npyFile } from "../test/support/npy.ts";
import { interiorBody, leafBody, manifest, node, type Value } from "../test/support/ocdbt.ts";
import { initializers, onnxModel } from "../test/support/onnx.ts";
import { concat, safetensorsFile } from "../test/support/safetensors.ts";
import { objectGraph, tensorflowBundle } from "../test/support/tensorflow.ts";
import { tensor, torchLegacy, torchZip, type TestStorage } from "../test/support/torch.ts";
import { zarray } from "../test/support/zarr.ts";
import { zipFile } from "../test/support/zip.ts";

/** Files of one checkpoint by their names, the first of which is opened; `.` opens the folder. */
type Made = Readonly<Record<string, Uint8Array>>;

export interface ManyTensors {
  readonly what: string;
  readonly opened: string;
  readonly make: (tensors: number) => Made;
}

const ONE = new Uint8Array(Float32Array.of(0.5).buffer);

/** Checkpoints of very many tensors of one float32 each: their indexes are all there is to them. */
export const MANY_TENSORS: readonly ManyTensors[] = [
  { what: "safetensors", opened: "model.safetensors", make: makeSafetensors },
  { what: "PyTorch, zip", opened: "model.pt", make: (count) => ({ "model.pt": torchFile(count, torchZip) }) },
  { what: "PyTorch, before 1.6", opened: "old.pt", make: (count) => ({ "old.pt": torchFile(count, torchLegacy) }) },
  { what: "NumPy .npz", opened: "arrays.npz", make: makeNpz },
  { what: "HDF5", opened: "model.h5", make: makeHdf5 },
  { what: "ONNX", opened: "model.onnx", make: makeOnnx },
  { what: "GGUF", opened: "model.gguf", make: makeGguf },
  { what: "TensorFlow", opened: "ckpt.index", make: makeTensorflow },
  { what: "Flax", opened: "flax.msgpack", make: makeFlax },
  { what: "Orbax, OCDBT", opened: "orbax", make: makeOrbax },
];

export function writeMade(folder: string, made: Made): void {
  for (const [name, bytes] of Object.entries(made)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

function namesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `model.layers.${index >> 3}.block${index & 7}.weight`);
}

function makeSafetensors(count: number): Made {
  const entry = { dtype: "F32", shape: [1], data: ONE };
  return { "model.safetensors": safetensorsFile(Object.fromEntries(namesOf(count).map((name) => [name, entry]))) };
}

function torchFile(count: number, write: typeof torchZip | typeof torchLegacy): Uint8Array {
  const storages = Array.from({ length: count }, (_, index): TestStorage => {
    return { key: String(index), type: "Float", elements: 1, data: ONE };
  });
  const names = namesOf(count);
  const tensors = storages.map((storage, index): [string, ReturnType<typeof tensor>] => {
    return [names[index] ?? "", tensor({ storage, size: [1], stride: [1] })];
  });
  return write(new Map(tensors), storages);
}

function makeNpz(count: number): Made {
  const data = npyFile({ descr: "<f4", shape: [1], data: ONE });
  return {
    "arrays.npz": zipFile(
      namesOf(count).map((name) => ({ name: `${name}.npy`, data })),
      { isZip64: true },
    ),
  };
}

const GROUP_DATASETS = 500;

function makeHdf5(count: number): Made {
  const dataset: TestDataset = { type: "<f4", shape: [1], data: ONE };
  const groups = Array.from({ length: Math.ceil(count / GROUP_DATASETS) }, (_, group) => {
    const own = Math.min(GROUP_DATASETS, count - group * GROUP_DATASETS);
    const children = Object.fromEntries(Array.from({ length: own }, (_unused, index) => [`weight${index}`, dataset]));
    return [`layers.${group}`, { children }] as const;
  });
  return { "model.h5": hdf5File({ children: Object.fromEntries(groups) }) };
}

const ONNX_FLOAT = 1;

function makeOnnx(count: number): Made {
  const fields = namesOf(count).flatMap((name) => initializers({ name, type: ONNX_FLOAT, dims: [1], raw: ONE }));
  return { "model.onnx": onnxModel(concat(fields)) };
}

const GGML_F32 = 0;

function makeGguf(count: number): Made {
  return {
    "model.gguf": ggufFile({ tensors: namesOf(count).map((name) => ({ name, type: GGML_F32, ne: [1], data: ONE })) }),
  };
}

const TENSORFLOW_FLOAT = 1;

function makeTensorflow(count: number): Made {
  const names = namesOf(count);
  const keys = names.map((name) => `${name.replaceAll(".", "/")}/.ATTRIBUTES/VARIABLE_VALUE`);
  const variables = Object.fromEntries(keys.map((key) => [key, { type: TENSORFLOW_FLOAT, shape: [1], data: ONE }]));
  const graph = objectGraph(Object.fromEntries(keys.map((key, index) => [key, names[index] ?? ""])));
  const { index, data } = tensorflowBundle({ variables: { ...variables, _CHECKPOINTABLE_OBJECT_GRAPH: graph } });
  return { "ckpt.index": index, "ckpt.data-00000-of-00001": data };
}

function makeFlax(count: number): Made {
  const array = packArray([1], "float32", ONE);
  return { "flax.msgpack": pack(Object.fromEntries(namesOf(count).map((name) => [name, array]))) };
}

const LEAF_KEYS = 1000;

function makeOrbax(count: number): Made {
  const description = new TextEncoder().encode(zarray({ shape: [1], chunks: [1] }));
  const values = namesOf(count).flatMap((name): [string, Value][] => [
    [`${name}/.zarray`, description],
    [`${name}/0`, ONE],
  ]);
  const sorted = values.toSorted(([a], [b]) => (a < b ? -1 : 1));
  let offset = 0;
  const leaves = Array.from({ length: Math.ceil(sorted.length / LEAF_KEYS) }, (_, leaf) => {
    const own = sorted.slice(leaf * LEAF_KEYS, (leaf + 1) * LEAF_KEYS);
    const bytes = node(leafBody(Object.fromEntries(own)));
    const child = { key: own[0]?.[0] ?? "", file: "d/leaves", offset, length: bytes.length };
    offset += bytes.length;
    return { bytes, child };
  });
  const root = node(
    interiorBody(
      1,
      leaves.map(({ child }) => child),
    ),
  );
  return {
    "orbax/_CHECKPOINT_METADATA": new TextEncoder().encode("{}"),
    "orbax/manifest.ocdbt": manifest({ file: "d/root", offset: 0, length: root.length, height: 1 }),
    "orbax/d/root": root,
    "orbax/d/leaves": concat(leaves.map(({ bytes }) => bytes)),
  };
}
