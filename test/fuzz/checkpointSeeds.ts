import { dcpFiles } from "../support/dcp.ts";
import { zero2, zero3 } from "../support/deepspeed.ts";
import type { TestZero } from "../support/deepspeed.ts";
import { ggufFile } from "../support/gguf.ts";
import { hdf5File, type TestDataset } from "../support/hdf5.ts";
import { pack, packArray } from "../support/msgpack.ts";
import { npyFile } from "../support/npy.ts";
import { leafBody, manifest, node } from "../support/ocdbt.ts";
import { externalData, initializers, onnxModel, packed } from "../support/onnx.ts";
import { built, call, list, name, persistent, pickle, type Pickled } from "../support/pickle.ts";
import { bytesOf, concat, safetensorsFile } from "../support/safetensors.ts";
import { tensorflowBundle } from "../support/tensorflow.ts";
import { tarFile, tensor, torchLegacy, torchZip } from "../support/torch.ts";
import { torchFile } from "../support/torchFile.ts";
import { FLOATS, SQUARE, WHOLE } from "../support/torchTensors.ts";
import { BYTES, chunkFiles, gzip, ONE_SHARD, plain, shard, SHARDS, zarray, zarrJson, zstd } from "../support/zarr.ts";
import { u32, u64, zipFile } from "../support/zip.ts";
import { smallLatestHdf5 } from "./hdf5Seeds.ts";

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

function ocdbt(): Record<string, Uint8Array | string> {
  const root = node(leafBody({ "w/.zarray": Buffer.from(zarray({ shape: [2], chunks: [2] })), "w/0": F345 }));
  const tree = {
    "('w',)": {
      key_metadata: [{ key: "w", key_type: 2 }],
      value_metadata: { value_type: "jax.Array", skip_deserialize: false },
    },
  };
  return {
    _METADATA: JSON.stringify({ tree_metadata: tree }),
    "manifest.ocdbt": manifest({ file: "d/nodes", offset: 0, length: root.length, height: 0 }),
    "d/nodes": root,
  };
}

const SHARDED: TestZero = {
  ranks: 2,
  groups: [[{ name: "a.weight", shape: [3, 2], first: 1 }], [{ name: "b.bias", shape: [3], first: -4 }]],
  frozen: [{ name: "frozen", shape: [2], first: 3 }],
  shared: { "head.weight": "a.weight" },
};

const DISTRIBUTED = dcpFiles({
  tensors: {
    w: {
      shape: [3, 2],
      chunks: [
        { start: [0, 0], shape: [2, 2], values: [1, 2, 3, 4] },
        { start: [2, 0], shape: [1, 2], values: [5, 6], rank: 1 },
      ],
    },
  },
  values: { step: 7 },
});

function rankFile(own: number): Uint8Array {
  const state = new Map<Pickled, Pickled>([[0, { step: 40 }]]);
  return torchFile((add) => ({
    iteration: 40,
    model: { "decoder.norm.weight": add([3, 4]), "decoder.fc.weight": add([own, own], [2, 1]) },
    optimizer: { optimizer: { state, param_groups: list([{ lr: 1, params: list([0]) }]) } },
  }));
}

function shardOf(start: number): Uint8Array {
  return safetensorsFile(
    { w: { dtype: "F32", shape: [2], data: F345 } },
    { DCP_SHARDING_INFO: JSON.stringify({ w: { saved_offsets: [start] } }) },
  );
}

const ONNX_TENSORS = initializers(
  { name: "W", type: 1, dims: [1, 2], raw: F345 },
  { name: "i", type: 7, dims: [3], more: [packed(7, [1, 2, 300])] },
);

const TENSORFLOW = tensorflowBundle({
  variables: { w: { type: 1, shape: [1, 2], data: F345 }, "w/Adam": { type: 1, shape: [1, 2], data: F345 } },
});

/** What a reader is tried with. Without `opened` the folder is opened; otherwise one file, with others beside it. */
export interface CheckpointSeeds {
  readonly opened?: string;
  readonly checkpoints: readonly Readonly<Record<string, Uint8Array | string>>[];
}

const files = (opened: string, ...contents: readonly Uint8Array[]): CheckpointSeeds => ({
  opened,
  checkpoints: contents.map((content) => ({ [opened]: content })),
});

/** For every reader what the writers of the tests make, small and in each form. */
export const CHECKPOINT_SEEDS: Readonly<Record<string, CheckpointSeeds>> = {
  safetensors: files(
    "m.safetensors",
    safetensorsFile({ a: { dtype: "F32", shape: [2], data: F345 }, b: { dtype: "BF16", shape: [4], data: F345 } }),
    safetensorsFile({ q: { dtype: "F8_E4M3", shape: [2, 4], data: F345 } }, { format: "pt" }),
  ),
  shardIndex: {
    opened: "m.bin.index.json",
    checkpoints: [
      {
        "m.bin.index.json": JSON.stringify({ weight_map: { w: "1.bin", v: "2.bin" } }),
        "1.bin": torchZip({ w: SQUARE }, [FLOATS]),
        "2.bin": torchLegacy({ v: SQUARE }, [FLOATS]),
      },
    ],
  },
  pytorchZip: files(
    "m.pt",
    torchZip(TRAINING, [FLOATS]),
    torchZip(TRAINING, [FLOATS], { isDeflated: true }),
    torchZip({ w: SQUARE }, [FLOATS]),
  ),
  pytorchLegacy: files("m.pt", torchLegacy(TRAINING, [FLOATS]), torchLegacy({ w: SQUARE }, [FLOATS])),
  pytorchTar: files("m.tar", tar()),
  plainPickle: files(
    "m.pkl",
    pickle({ w: array(), more: list([array()]) }),
    pickle({
      plain: array(),
      pair: call(name("builtins", "tuple"), [["linear_0.w_0", array()]]),
      lod: call(name("builtins", "eval"), ["data", { data: array() }]),
      "StructuredToParameterName@@": { plain: "linear_0.w_0" },
    }),
  ),
  npy: files("w.npy", NPY, npyFile({ descr: ">f8", shape: [1], data: F345 })),
  npz: files(
    "m.npz",
    zipFile([
      { name: "w.npy", data: NPY },
      { name: "v.npy", data: NPY, isDeflated: true },
    ]),
  ),
  hdf5: files("m.h5", hdf5File({ children: { a: ROW, group: { children: { table: TABLE } } } })),
  hdf5Latest: files("m.h5", ...smallLatestHdf5()),
  keras: files(
    "m.keras",
    zipFile([
      { name: "config.json", data: Buffer.from("{}") },
      { name: "model.weights.h5", data: hdf5File({ children: { a: ROW } }) },
    ]),
  ),
  gguf: files(
    "m.gguf",
    ggufFile({
      tensors: [
        { name: "w", type: 0, ne: [2, 1], data: F345 },
        { name: "q", type: 8, ne: [32], data: concat([Uint8Array.of(0, 0x3c, 3, 0xfc), new Uint8Array(30)]) },
      ],
    }),
  ),
  onnx: files("m.onnx", onnxModel(...ONNX_TENSORS)),
  onnxExternal: {
    opened: "m.onnx",
    checkpoints: [
      {
        "m.onnx": onnxModel(
          ...ONNX_TENSORS,
          ...initializers({
            name: "E",
            type: 1,
            dims: [2],
            more: externalData({ location: "w.bin", offset: "8", length: "8" }),
          }),
        ),
        "w.bin": concat([F345, F345]),
      },
    ],
  },
  tensorflow: {
    opened: "c.index",
    checkpoints: [{ "c.index": TENSORFLOW.index, "c.data-00000-of-00001": TENSORFLOW.data }],
  },
  flax: files("checkpoint_1", pack({ step: 1, params: { w: LEAF }, opt_state: { "0": { mu: { w: LEAF } } } })),
  orbax: { checkpoints: [ocdbt()] },
  zarr: {
    checkpoints: [
      {
        "w/.zarray": zarray({ compressor: { id: "zstd" } }),
        ...chunkFiles((row, column) => `${row}.${column}`, zstd),
      },
      { "w/.zarray": zarray({ compressor: { id: "gzip" } }), ...chunkFiles((row, column) => `${row}.${column}`, gzip) },
      {
        "zarr.json": '{"zarr_format":3,"node_type":"group"}',
        "w/zarr.json": zarrJson(SHARDS([BYTES]), ONE_SHARD),
        "w/c/0/0": shard([plain([0, 1, 2, 6, 7, 8]), plain([3, 4, 5, 9, 10, 11]), undefined, undefined]),
      },
    ],
  },
  dcp: { checkpoints: [DISTRIBUTED] },
  distcp: { opened: "__1_0.distcp", checkpoints: [DISTRIBUTED] },
  dcpShards: {
    checkpoints: [
      {
        "shard-00001-model-00001-of-00001.safetensors": shardOf(0),
        "shard-00002-model-00001-of-00001.safetensors": shardOf(2),
      },
    ],
  },
  deepspeed: {
    checkpoints: [
      { latest: "global_step10\n", ...zero2(SHARDED) },
      { latest: "global_step10\n", ...zero3(SHARDED) },
    ],
  },
  megatron: {
    checkpoints: [
      {
        "iter_0000040/mp_rank_00/model_optim_rng.pt": rankFile(1),
        "iter_0000040/mp_rank_01/model_optim_rng.pt": rankFile(2),
        "latest_checkpointed_iteration.txt": "40",
      },
    ],
  },
};
