import { expect, test } from "vitest";

import { indexOfFolder, normsOfFolder } from "../../../support/checkpoint.ts";
import { dcpFiles } from "../../../support/dcp.ts";
import { built, call, list, name, type Pickled } from "../../../support/pickle.ts";
import { toBytes } from "../../../support/folderSource.ts";
import { torchFile } from "../../../support/torchFile.ts";
import { CHUNKS, NORM, plain, zarray } from "../../../support/zarr.ts";

/** What one rank saves: a norm that all ranks have, and a weight that is cut among them. */
function rankFile(own: number, norm: readonly number[] = [3, 4]): Uint8Array {
  return torchFile((add) => ({
    settings: built(call(name("megatron.core", "Settings"), []), { lr: 1 }),
    checkpoint_version: 3,
    iteration: 40,
    model: { "decoder.norm.weight": add(norm), "decoder.fc.weight": add([own, own], [2, 1]) },
    optimizer: {
      optimizer: {
        state: new Map<Pickled, Pickled>([
          [0, { step: 40, exp_avg: add([own, own, own], [3, 1]) }],
          [1, { step: 40, exp_avg: add([6, 8]) }],
        ]),
        param_groups: list([
          { lr: 1, params: list([0]) },
          { lr: 2, params: list([1]) },
        ]),
      },
      fp32_from_fp16_params: list([list([add([own])])]),
    },
  }));
}

const TRACKER = { "latest_checkpointed_iteration.txt": toBytes("40") };

test("ranks that cut the model are listed by rank, and what they hold alike once", async () => {
  const files = {
    "iter_0000040/mp_rank_00/model_optim_rng.pt": rankFile(1),
    "iter_0000040/mp_rank_01/model_optim_rng.pt": rankFile(2),
    ...TRACKER,
  };
  const norms = await normsOfFolder(files);
  expect(norms.kind === "ok" && Object.keys(norms.value)).toEqual([
    "model/decoder.norm.weight",
    "mp_rank_00/model/decoder.fc.weight",
    "mp_rank_00/optimizer/optimizer/state/0/exp_avg",
    "optimizer/optimizer/state/1/exp_avg",
    "mp_rank_00/optimizer/fp32_from_fp16_params/0/0",
    "mp_rank_01/model/decoder.fc.weight",
    "mp_rank_01/optimizer/optimizer/state/0/exp_avg",
    "mp_rank_01/optimizer/fp32_from_fp16_params/0/0",
  ]);
});

test("an index says kinds, the iteration, groups, and what was not read", async () => {
  const index = await indexOfFolder({ "mp_rank_00/model_optim_rng.pt": rankFile(1) });
  const { tensors, format, metadata, optimizer, notRead } =
    index.kind === "ok" ? index.value : { tensors: [], format: "", metadata: {}, optimizer: undefined, notRead: [] };
  expect(tensors.map((tensor) => `${tensor.name} ${tensor.kind} ${tensor.parameter ?? ""}`)).toEqual([
    "model/decoder.norm.weight weight ",
    "model/decoder.fc.weight weight ",
    "optimizer/optimizer/state/0/exp_avg moment1 ",
    "optimizer/optimizer/state/1/exp_avg moment1 decoder.norm.weight",
    "optimizer/fp32_from_fp16_params/0/0 other ",
  ]);
  expect([format, metadata, optimizer?.groups.map(({ path, numbers }) => [path, numbers]), notRead]).toEqual([
    "megatron",
    { checkpoint_version: "3", iteration: "40" },
    [
      ["optimizer/optimizer", { lr: 1 }],
      ["optimizer/optimizer", { lr: 2 }],
    ],
    [{ name: "settings", what: "megatron.core.Settings" }],
  ]);
});

test("stages of a pipeline hold other layers under the same names, also where these have the same values", async () => {
  const files = {
    "mp_rank_00_000/model_optim_rng.pt": torchFile((add) => ({ model: { "norm.weight": add([1]) } })),
    "mp_rank_00_001/model_optim_rng.pt": torchFile((add) => ({ model: { "norm.weight": add([1]) } })),
  };
  expect(await normsOfFolder(files)).toEqual({
    kind: "ok",
    value: { "mp_rank_00_000/model/norm.weight": 1, "mp_rank_00_001/model/norm.weight": 1 },
  });
});

test("the distributed optimizer's buffers are listed whole, and never as weights", async () => {
  const buffers = torchFile((add) => ({
    buckets_coalesced: true,
    "0": { f32: { param: add([1, 2]), exp_avg: add([3, 4]), exp_avg_sq: add([5]), numel_unpadded: 2 } },
  }));
  const files = {
    "mp_rank_00/distrib_optim.pt": buffers,
    "mp_rank_00/model_optim_rng.pt": rankFile(1),
    "mp_rank_00/layer_wise_optimizer_3.pt": buffers,
  };
  const index = await indexOfFolder(files);
  const { tensors, notes, notRead = [] } = index.kind === "ok" ? index.value : { tensors: [], notes: [] };
  const what = "a rank's part of a layer-wise optimizer";
  expect(notRead.at(-1)).toEqual({ name: "mp_rank_00/layer_wise_optimizer_3.pt", what });
  expect(tensors.slice(0, 3).map(({ name: own, kind }) => `${own} ${kind}`)).toEqual([
    "distrib_optim/0/f32/param other",
    "distrib_optim/0/f32/exp_avg moment1",
    "distrib_optim/0/f32/exp_avg_sq moment2",
  ]);
  expect(notes.at(-1)).toMatch(/^The distributed optimizer's buffers are listed whole/);
});

const COMMON = torchFile(() => ({ iteration: 7, checkpoint_version: 3 }));

test("tensors that all ranks share are read as torch.distributed.checkpoint wrote them", async () => {
  const chunk = { start: [0], shape: [2], values: [3, 4] };
  const files = dcpFiles({
    tensors: {
      "decoder.fc.weight": { shape: [2], chunks: [chunk] },
      "optimizer.state.exp_avg.decoder.fc.weight": { shape: [2], chunks: [chunk] },
      "optimizer.state.fp32_param.decoder.fc.weight": { shape: [2], chunks: [chunk] },
    },
  });
  const description = toBytes('{"sharded_backend": "torch_dist", "sharded_backend_version": 1}');
  const whole = { ...files, "common.pt": COMMON, "metadata.json": description };
  const below = Object.entries(whole).map(([own, bytes]): [string, Uint8Array] => [`iter_0000040/${own}`, bytes]);
  for (const layout of [whole, { ...Object.fromEntries(below), ...TRACKER }]) {
    const index = await indexOfFolder(layout);
    const { tensors, format, metadata } = index.kind === "ok" ? index.value : { tensors: [], format: "", metadata: {} };
    expect([tensors.map(({ name: own, kind, parameter }) => [own, kind, parameter]), format, metadata]).toEqual([
      [
        ["decoder.fc.weight", "weight", undefined],
        ["optimizer.state.exp_avg.decoder.fc.weight", "moment1", "decoder.fc.weight"],
        ["optimizer.state.fp32_param.decoder.fc.weight", "other", "decoder.fc.weight"],
      ],
      "megatron",
      { iteration: "7", checkpoint_version: "3" },
    ]);
  }
});

test("tensors in folders of Zarr are read, with their kinds", async () => {
  const chunks = Object.entries(CHUNKS).map(([index, values]): [string, Uint8Array] => [
    `optimizer.state.exp_avg.w/${index.replace(",", ".")}`,
    plain(values),
  ]);
  const files = {
    "metadata.json": toBytes('{"sharded_backend": "zarr"}'),
    "common.pt": COMMON,
    "optimizer.state.exp_avg.w/.zarray": toBytes(zarray()),
    ...Object.fromEntries(chunks),
  };
  const index = await indexOfFolder(files);
  const kinds = index.kind === "ok" ? index.value.tensors.map(({ kind, parameter }) => [kind, parameter]) : [];
  expect([await normsOfFolder(files), kinds]).toEqual([
    { kind: "ok", value: { "optimizer.state.exp_avg.w": NORM } },
    [["moment1", "w"]],
  ]);
});

test.each([
  {
    fault: "a tracker that names a folder that is not there",
    files: { "iter_0000020/mp_rank_00/model_optim_rng.pt": rankFile(1), ...TRACKER },
    outcome: {
      kind: "incomplete",
      have: 0,
      need: 1,
      what: 'latest_checkpointed_iteration.txt names "iter_0000040/", where no save is. Wait until the save is complete, or name the folder of one.',
    },
  },
  {
    fault: "an unknown backend",
    files: { "metadata.json": toBytes('{"sharded_backend": "new"}'), "common.pt": COMMON },
    outcome: { kind: "unsupported", what: 'metadata.json names the backend "new", which Gradlens does not read.' },
  },
  {
    fault: "a description that is no JSON",
    files: { "metadata.json": toBytes("{"), "common.pt": COMMON },
    outcome: { kind: "unsupported", what: 'metadata.json names the backend "", which Gradlens does not read.' },
  },
  {
    fault: "a rank's file that is cut off",
    files: { "mp_rank_00/model_optim_rng.pt": rankFile(1).slice(0, 500) },
    outcome: {
      kind: "incomplete",
      have: 500,
      need: expect.any(Number) as number,
      what: expect.stringMatching(/^mp_rank_00\/model_optim_rng\.pt: The file has 500 of/) as string,
    },
  },
])("a save with $fault is refused", async ({ files, outcome }) => {
  expect(await indexOfFolder(files)).toEqual(outcome);
});
