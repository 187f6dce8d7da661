import { afterAll, expect, test } from "vitest";

import { attempt, mutated, type Seed } from "../../support/fuzz.ts";
import { ggufFile } from "../../support/gguf.ts";
import { hdf5File, type TestDataset } from "../../support/hdf5.ts";
import { latestHdf5 } from "../../support/hdf5Latest.ts";
import { pack, packArray } from "../../support/msgpack.ts";
import { npyFile } from "../../support/npy.ts";
import { leafBody, manifest, node } from "../../support/ocdbt.ts";
import { initializers, onnxModel, packed } from "../../support/onnx.ts";
import { built, call, list, name, persistent, pickle } from "../../support/pickle.ts";
import { createRandom } from "../../support/random.ts";
import { bytesOf, concat, safetensorsFile } from "../../support/safetensors.ts";
import { tensorflowBundle } from "../../support/tensorflow.ts";
import { tarFile, tensor, torchLegacy, torchZip } from "../../support/torch.ts";
import { FLOATS, SQUARE, WHOLE } from "../../support/torchTensors.ts";
import { chunkFiles, zarray, zarrJson, BYTES, zstd, SHARDS, shard, ONE_SHARD, plain } from "../../support/zarr.ts";
import { u32, u64, zipFile } from "../../support/zip.ts";
import { simdEngine } from "../../reduction/engines.ts";

const F345 = bytesOf(Float32Array.of(3, -4));
const ROW: TestDataset = { type: "<f4", shape: [2], data: F345 };
const TABLE: TestDataset = {
  type: "<f4",
  shape: [5, 7],
  data: bytesOf(Float32Array.from({ length: 35 }, (_, at) => at)),
  chunk: [2, 3],
  filters: ["shuffle", "deflate"],
};
const NPY = npyFile({ descr: "<f4", shape: [2], data: F345 });
const LEAF = packArray([2], "float32", F345);
const TRAINING = {
  model: { w: SQUARE, t: tensor({ ...WHOLE, size: [6, 4], stride: [1, 6] }) },
  optimizer: {
    state: new Map([[0, { step: 7, exp_avg: SQUARE, exp_avg_sq: SQUARE }]]),
    param_groups: list([{ lr: 1, params: list([0, 1]) }]),
  },
};

function array(): ReturnType<typeof built> {
  const dtype = built(call(name("numpy", "dtype"), ["f4", false, true]), [3, "<", null, null, null, -1, -1, 0]);
  const empty = call(name("numpy.core.multiarray", "_reconstruct"), [name("numpy", "ndarray"), [0], "b"]);
  return built(empty, [1, [2], dtype, false, F345]);
}

function tar(): Uint8Array {
  return tarFile([
    { name: "sys_info", data: pickle({}) },
    { name: "pickle", data: pickle({ w: persistent("9") }) },
    {
      name: "storages",
      data: concat([
        pickle(1),
        pickle(["5", "cpu", name("torch", "FloatStorage")]),
        u64(24),
        FLOATS.data,
        pickle(list([[6, 5, 3, 2]])),
      ]),
    },
    {
      name: "tensors",
      data: concat([pickle(1), pickle([9, 6, name("torch", "FloatTensor")]), u32(1), u32(0), u64(2), u64(1), u64(0)]),
    },
  ]);
}

function bundle(): Seed {
  const { index, data } = tensorflowBundle({
    variables: { w: { type: 1, shape: [1, 2], data: F345 }, "w/Adam": { type: 1, shape: [1, 2], data: F345 } },
  });
  return { files: { "c.index": index, "c.data-00000-of-00001": data }, opened: "c.index" };
}

function ocdbt(): Seed {
  const root = node(
    leafBody({ "w/.zarray": new TextEncoder().encode(zarray({ shape: [2], chunks: [2] })), "w/0": F345 }),
  );
  const tree = {
    "('w',)": {
      key_metadata: [{ key: "w", key_type: 2 }],
      value_metadata: { value_type: "jax.Array", skip_deserialize: false },
    },
  };
  return {
    files: {
      _METADATA: new TextEncoder().encode(JSON.stringify({ tree_metadata: tree })),
      "manifest.ocdbt": manifest({ file: "d/nodes", offset: 0, length: root.length, height: 0 }),
      "d/nodes": root,
    },
  };
}

function asBytes(files: Readonly<Record<string, Uint8Array | string>>): Readonly<Record<string, Uint8Array>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    ]),
  );
}

const one = (opened: string, bytes: Uint8Array): Seed => ({ files: { [opened]: bytes }, opened });

const SEEDS: Readonly<Record<string, Seed>> = {
  safetensors: one(
    "m.safetensors",
    safetensorsFile({ a: { dtype: "F32", shape: [2], data: F345 }, b: { dtype: "BF16", shape: [4], data: F345 } }),
  ),
  "an index of shards": {
    files: {
      "m.bin.index.json": new TextEncoder().encode(JSON.stringify({ weight_map: { w: "1.bin", v: "2.bin" } })),
      "1.bin": torchZip({ w: SQUARE }, [FLOATS]),
      "2.bin": torchLegacy({ v: SQUARE }, [FLOATS]),
    },
    opened: "m.bin.index.json",
  },
  "PyTorch's zip": one("m.pt", torchZip(TRAINING, [FLOATS])),
  "PyTorch's zip, deflated": one("m.pt", torchZip(TRAINING, [FLOATS], { isDeflated: true })),
  "PyTorch's old form": one("m.pt", torchLegacy(TRAINING, [FLOATS])),
  "PyTorch's tar": one("m.tar", tar()),
  "a pickle of arrays": one("m.pkl", pickle({ w: array(), more: list([array()]) })),
  npy: one("w.npy", NPY),
  npz: one(
    "m.npz",
    zipFile([
      { name: "w.npy", data: NPY },
      { name: "v.npy", data: NPY, isDeflated: true },
    ]),
  ),
  hdf5: one("m.h5", hdf5File({ children: { a: ROW, group: { children: { table: TABLE } } } })),
  "hdf5 in its latest form": one("m.h5", latestHdf5()),
  keras: one(
    "m.keras",
    zipFile([
      { name: "config.json", data: asBytes({ it: "{}" })["it"] ?? F345 },
      { name: "model.weights.h5", data: hdf5File({ children: { a: ROW } }) },
    ]),
  ),
  gguf: one(
    "m.gguf",
    ggufFile({
      tensors: [
        { name: "w", type: 0, ne: [2, 1], data: F345 },
        { name: "q", type: 8, ne: [32], data: concat([Uint8Array.of(0, 0x3c, 3, 0xfc), new Uint8Array(30)]) },
      ],
    }),
  ),
  onnx: one(
    "m.onnx",
    onnxModel(
      ...initializers(
        { name: "W", type: 1, dims: [1, 2], raw: F345 },
        { name: "i", type: 7, dims: [3], more: [packed(7, [1, 2, 300])] },
      ),
    ),
  ),
  tensorflow: bundle(),
  flax: one("checkpoint_1", pack({ step: 1, params: { w: LEAF }, opt_state: { "0": { mu: { w: LEAF } } } })),
  orbax: ocdbt(),
  "zarr 2": {
    files: asBytes({
      "w/.zarray": zarray({ compressor: { id: "zstd" } }),
      ...chunkFiles((row, column) => `${row}.${column}`, zstd),
    }),
  },
  "zarr 3 with shards": {
    files: asBytes({
      "zarr.json": '{"zarr_format":3,"node_type":"group"}',
      "w/zarr.json": zarrJson(SHARDS([BYTES]), ONE_SHARD),
      "w/c/0/0": shard([plain([0, 1, 2, 6, 7, 8]), plain([3, 4, 5, 9, 10, 11]), undefined, undefined]),
    }),
  },
};

const engine = await simdEngine();
afterAll(async () => engine.dispose());

test.each(Object.entries(SEEDS))("%s is read before it is damaged", async (_, seed) => {
  expect(await attempt(seed, engine)).toMatch(/^ok ok/);
});

// The writer of the latest form of HDF5 makes thousands of datasets.
const LARGE_BYTES = 100_000;

/** Damage is random, yet the same in every run. */
test.each(Object.entries(SEEDS))("random damage to %s ends in a typed outcome", async (_, seed) => {
  const bytes = Object.values(seed.files).reduce((total, { length }) => total + length, 0);
  const times = bytes > LARGE_BYTES ? 40 : 300;
  const ends = new Set<string>();
  for (let number = 0; number < times; number += 1) {
    ends.add(await attempt(mutated(seed, createRandom(number)), engine));
  }
  const known = /^(incomplete|malformed|unsupported|ok( (ok|malformed|unsupported|incomplete|damage))*)$/;
  expect([...ends].filter((end) => !known.test(end))).toEqual([]);
  expect(ends.size).toBeGreaterThan(1);
});
