import { expect, test } from "vitest";

import { readTorchZip } from "#readers/checkpoints/torch/pytorchZip.ts";
import { windowOf } from "#readers/checkpoints/shared/window.ts";

import { indexOf, normsOf } from "../../../support/checkpoint.ts";
import { built, call, float, list, name, persistent, pickle, type Pickled } from "../../../support/pickle.ts";
import { concat, sourceOf } from "../../../support/safetensors.ts";
import { storageId, tarFile, tensor, torchLegacy, torchZip } from "../../../support/torch.ts";
import { FLOATS, SQUARE, WHOLE } from "../../../support/torchTensors.ts";
import { u32, u64 } from "../../../support/zip.ts";

test("tensors that share a storage have equal parts, and a plain one has neither strides nor codings", async () => {
  const index = await indexOf(torchZip({ a: SQUARE, b: SQUARE }, [FLOATS]), "tied.pt");
  const tensors = index.kind === "ok" ? index.value.tensors : [];
  expect(tensors[0]?.parts).toEqual(tensors[1]?.parts);
  expect(tensors[0]?.parts).toEqual([{ file: "tied.pt", offset: expect.any(Number) as number, byteLength: 96 }]);
});

const ADAM: Pickled = {
  epoch: 3,
  model: call(name("torch.nn.parameter", "Parameter"), [SQUARE, true]),
  optimizer: {
    state: new Map<Pickled, Pickled>([
      [0, { step: 7, exp_avg: SQUARE, exp_avg_sq: SQUARE }],
      [1, { step: tensor({ ...WHOLE, offset: 7, size: [], stride: [] }), exp_avg: SQUARE }],
    ]),
    param_groups: list([{ lr: float(0.1), betas: [float(0.9), float(0.999)], amsgrad: false, params: list([0, 1]) }]),
  },
  args: built(call(name("argparse", "Namespace"), []), { lr: 1 }),
  best: tensor({ storage: FLOATS, size: [], stride: [] }),
  custom: built(call(name("mine", "Metrics"), []), { seen: 1 }),
  kept: built(call(name("argparse", "Namespace"), []), { classWeights: SQUARE }),
  when: call(name("datetime", "datetime"), [2024]),
};

test("a training's checkpoint gives kinds, the optimizer's numbers, and what was not read", async () => {
  const index = await indexOf(torchZip(ADAM, [FLOATS]), "last.ckpt");
  const value = index.kind === "ok" ? index.value : undefined;
  expect(value?.tensors.map((each) => [each.name, each.kind])).toEqual([
    ["model", "weight"],
    ["optimizer/state/0/exp_avg", "moment1"],
    ["optimizer/state/0/exp_avg_sq", "moment2"],
    ["optimizer/state/1/step", "other"],
    ["optimizer/state/1/exp_avg", "moment1"],
    ["best", "other"],
  ]);
  expect(value?.optimizer).toEqual({
    groups: [{ path: "optimizer", numbers: { lr: 0.1, "betas.0": 0.9, "betas.1": 0.999 }, parameters: ["0", "1"] }],
    steps: new Map([["0", 7]]),
  });
  // Settings without tensors are not worth a word.
  expect(value?.notRead).toEqual([
    { name: "custom", what: "mine.Metrics" },
    { name: "kept", what: "argparse.Namespace" },
  ]);
});

test("a whole module is read without its class, and a tensor in a parameter's or subclass's wrapping too", async () => {
  const linear = built(call(name("mine", "Linear"), []), {
    training: true,
    _parameters: { weight: SQUARE, bias: null },
    _buffers: {},
    _modules: {},
  });
  const root = built(call(name("mine", "Net"), []), {
    _modules: { fc: linear },
    _parameters: {
      state: call(name("torch._utils", "_rebuild_parameter_with_state"), [SQUARE, true, null, {}]),
      sub: call(name("torch._tensor", "_rebuild_from_type_v2"), [
        name("torch._utils", "_rebuild_tensor_v2"),
        name("mine", "Tensor"),
        [persistent(storageId(FLOATS)), 0, [24], [1], false, null],
        {},
      ]),
    },
  });
  const index = await indexOf(torchZip(root, [FLOATS]), "whole.pt");
  expect(index.kind === "ok" && index.value.tensors.map((each) => each.name)).toEqual([
    "_modules/fc/_parameters/weight",
    "_parameters/state",
    "_parameters/sub",
  ]);
});

test("TorchScript's attributes are listed, and that it is TorchScript is said", async () => {
  const root = built(call(name("__torch__", "Net"), []), {
    fc: built(call(name("__torch__.nn", "Linear"), []), { weight: SQUARE }),
    training: true,
  });
  const index = await indexOf(
    torchZip(root, [FLOATS], { extra: [{ name: "constants.pkl", data: pickle([]) }] }),
    "script.pt",
  );
  expect(index.kind === "ok" && [index.value.tensors.map((each) => each.name), index.value.notes]).toEqual([
    ["fc/weight"],
    ["This is a TorchScript archive: its code was not read, its tensors were."],
  ]);
});

const LAYOUT = (layout: string): Pickled => call(name("torch.serialization", "_get_layout"), [layout]);

test.each([
  {
    what: "a coalesced sparse tensor",
    made: call(name("torch._utils", "_rebuild_sparse_tensor"), [
      LAYOUT("torch.sparse_coo"),
      [SQUARE, SQUARE, [9, 9], true],
    ]),
    read: ["t"],
    notRead: [],
  },
  {
    what: "an uncoalesced one",
    made: call(name("torch._utils", "_rebuild_sparse_tensor"), [
      LAYOUT("torch.sparse_coo"),
      [SQUARE, SQUARE, [9, 9], false],
    ]),
    read: [],
    notRead: ["a sparse tensor that may hold an element twice; call coalesce() before it is saved"],
  },
  {
    what: "a compressed sparse tensor",
    made: call(name("torch._utils", "_rebuild_sparse_tensor"), [
      LAYOUT("torch.sparse_csr"),
      [SQUARE, SQUARE, SQUARE, [9, 9]],
    ]),
    read: ["t"],
    notRead: [],
  },
  {
    what: "a quantised tensor",
    made: call(name("torch._utils", "_rebuild_qtensor"), [
      persistent(["storage", name("torch", "QInt8Storage"), "0", "cpu", 24]),
      0,
      [24],
      [1],
      [name("torch", "per_tensor_affine"), 1, 0],
    ]),
    read: [],
    notRead: ["a quantised tensor (torch.per_tensor_affine)"],
  },
  {
    what: "a nested tensor",
    made: call(name("torch._utils", "_rebuild_nested_tensor"), []),
    read: [],
    notRead: ["torch._utils._rebuild_nested_tensor"],
  },
  {
    what: "a tensor of bits",
    made: tensor({ ...WHOLE, dtype: "bits8" }),
    read: [],
    notRead: ["a tensor of torch.bits8"],
  },
])("$what is read as its values, or named", async ({ made, read, notRead }) => {
  const index = await indexOf(torchZip({ t: made, plain: SQUARE }, [FLOATS]), "special.pt");
  expect(
    index.kind === "ok" && [
      index.value.tensors.map((each) => each.name),
      index.value.notRead?.map((each) => each.what),
    ],
  ).toEqual([[...read, "plain"], notRead]);
});

test("in an old file a tensor may lie in a view of a storage", async () => {
  const view = tensor({ ...WHOLE, size: [2], stride: [1], id: [...storageId(FLOATS), ["view", 3, 2]] });
  const norms = await normsOf(torchLegacy({ view }, [FLOATS]), "view.pt");
  expect(norms).toEqual({ kind: "ok", value: { view: 5 } });
});

const TAR_STORAGES = concat([
  pickle(1),
  pickle(["5", "cpu", name("torch", "FloatStorage")]),
  u64(24),
  FLOATS.data,
  pickle(list([[6, 5, 3, 2]])),
]);
const TAR_TENSORS = concat([
  pickle(1),
  pickle([9, 6, name("torch", "FloatTensor")]),
  u32(1),
  u32(0),
  u64(2),
  u64(1),
  u64(0),
]);

test("the oldest form, a tar archive, keeps tensors and views apart from the pickle", async () => {
  const parameter = call(name("torch.nn.parameter", "Parameter"), [persistent("9"), true]);
  const files = [
    { name: "sys_info", data: pickle({}) },
    { name: "pickle", data: pickle({ w: persistent("9"), p: parameter }) },
    { name: "storages", data: TAR_STORAGES },
    { name: "tensors", data: TAR_TENSORS },
  ];
  expect(await normsOf(tarFile(files), "old.pt")).toEqual({ kind: "ok", value: { w: 5, p: 5 } });
  const cut = tarFile(
    files.map((file) => (file.name === "storages" ? { ...file, data: file.data.slice(0, -30) } : file)),
  );
  expect((await indexOf(cut, "old.pt")).kind).toBe("malformed");
});

test("an index of shards reads each by its own form", async () => {
  const shards = { "1.bin": torchZip({ a: SQUARE }, [FLOATS]), "2.bin": torchLegacy({ b: SQUARE }, [FLOATS]) };
  const map = { weight_map: { a: "1.bin", b: "2.bin", c: "pytorch_model.bin.index.json" } };
  const text = new TextEncoder().encode(JSON.stringify(map));
  const index = await indexOf(text, "pytorch_model.bin.index.json", {
    ...shards,
    "pytorch_model.bin.index.json": text,
  });
  const value = index.kind === "ok" ? index.value : undefined;
  expect([value?.format, value?.tensors.map((each) => [each.name, each.file, each.parts[0]?.file])]).toEqual([
    "pytorch",
    [
      ["a", "1.bin", "1.bin"],
      ["b", "2.bin", "2.bin"],
    ],
  ]);
  expect(value?.notes).toHaveLength(1); // An index names no other index.
});

test("an archive inside a larger file is read through a window, and its parts count from there", async () => {
  const archive = torchZip({ a: SQUARE }, [FLOATS]);
  const whole = sourceOf(concat([new Uint8Array(100), archive, new Uint8Array(100)]), "__0_0.distcp");
  const inside = await readTorchZip(windowOf(whole, 100, archive.length));
  expect(inside).toEqual(await readTorchZip(sourceOf(archive, "__0_0.distcp")));
  expect(inside.kind).toBe("ok");
});

test("a tensor that is the whole file is called as the file", async () => {
  const index = await indexOf(torchZip(SQUARE, [FLOATS]), "grad_step3.pt");
  expect(index.kind === "ok" && index.value.tensors.map(({ name: own, kind }) => [own, kind])).toEqual([
    ["grad_step3", "gradient"],
  ]);
});

test("an optimizer that keeps no tensors is called so", async () => {
  const index = await indexOf(torchZip({ state: {}, param_groups: list([{ params: list([0]) }]) }, []), "optimizer.pt");
  expect(index).toEqual({
    kind: "unsupported",
    what: "The file holds an optimizer that keeps no tensors, as SGD without momentum does.",
  });
});
