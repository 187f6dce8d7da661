import { expect, test } from "vitest";

import type { Outcome } from "#core/outcome.ts";
import { fragmentsOfGroup, fragmentsOfStage3 } from "#readers/checkpoints/deepspeed/fragments.ts";

import { indexOfFolder, normsOfFolder } from "../../../support/checkpoint.ts";
import { normOf, stateNorms, type TestParameter, type TestZero, zero2, zero3 } from "../../../support/deepspeed.ts";
import { list, type Pickled } from "../../../support/pickle.ts";
import { torchFile } from "../../../support/torchFile.ts";

const A: TestParameter = { name: "a.weight", shape: [7, 5], first: 1 };
const B: TestParameter = { name: "b.bias", shape: [3], first: -4 };
const C: TestParameter = { name: "c.weight", shape: [1, 2, 4], first: 100 };
const D: TestParameter = { name: "d.scale", shape: [], first: 9 };
const FROZEN: TestParameter = { name: "frozen.weight", shape: [2, 5], first: 3 };
const SAVE: TestZero = {
  ranks: 3,
  groups: [
    [A, B],
    [C, D],
  ],
  frozen: [FROZEN],
  shared: { "head.weight": "a.weight" },
};
const ALL = [A, B, C, D];
const BUFFER = { buffer: 13 };

function normsIn(norms: Outcome<Record<string, number>>): Readonly<Record<string, number>> {
  return norms.kind === "ok" ? norms.value : {};
}

function latest(tag: string): Record<string, Uint8Array> {
  return { latest: new TextEncoder().encode(`${tag}\n`) };
}

test.each([
  { files: "param_slice_mappings", hasMapping: true, ranks: 3 },
  { files: "only paddings, as in old versions,", hasMapping: false, ranks: 3 },
  { files: "only paddings", hasMapping: false, ranks: 16 },
  { files: "param_slice_mappings", hasMapping: true, ranks: 1 },
])("stage 2 of $ranks ranks with $files gives every state of every parameter once", async ({ hasMapping, ranks }) => {
  const weights = Object.fromEntries([...ALL, FROZEN].map((parameter) => [parameter.name, normOf(parameter)]));
  const norms = await normsOfFolder({ ...zero2({ ...SAVE, hasMapping, ranks }), ...latest("global_step10") });
  expect(norms.kind === "ok" && norms.value).toEqual(near({ ...weights, ...BUFFER, ...stateNorms(ALL) }));
});

test.each([
  { cuts: [], ranks: 3 },
  { cuts: [5], ranks: 3 },
  { cuts: [2, 3, 14], ranks: 3 },
  { cuts: [], ranks: 1 },
  { cuts: [], ranks: 8 },
])("stage 3 of $ranks ranks cut at $cuts gives every state of every parameter once", async ({ cuts, ranks }) => {
  const norms = await normsOfFolder({ ...zero3({ ...SAVE, cuts, ranks }), ...latest("global_step10") });
  const frozen = { [FROZEN.name]: normOf(FROZEN) };
  expect(norms.kind === "ok" && norms.value).toEqual(near({ ...BUFFER, ...frozen, ...stateNorms(ALL) }));
});

test("an index of stage 2 says kinds, parameters, groups, steps, clipping and what was done", async () => {
  const index = await indexOfFolder(zero2({ ...SAVE, groups: [[B]] }, ""));
  const { tensors, ...others } = index.kind === "ok" ? index.value : { tensors: [] };
  expect(tensors.map(({ name, kind, parameter = "–" }) => `${name} ${kind} ${parameter}`)).toEqual([
    "b.bias weight –",
    "frozen.weight weight –",
    "buffer weight –",
    "fp32/b.bias other b.bias",
    "exp_avg/b.bias moment1 b.bias",
    "exp_avg_sq/b.bias moment2 b.bias",
  ]);
  expect(others).toEqual({
    format: "deepspeed",
    metadata: { global_steps: "10", ds_version: "0.18.0", clip_grad: "0.5", zero_stage: "2", loss_scale: "128" },
    optimizer: { groups: [{ numbers: { lr: 1 }, parameters: ["b.bias"] }], steps: new Map([["b.bias", 10]]) },
    notRead: [],
    notes: [
      "ZeRO stage 2 of 3 ranks: their partitions were put together. The copies of the weights in float32 are listed as fp32/…, of kind other, so that weights count once.",
      "Shared weights are listed once: head.weight is a.weight.",
    ],
  });
});

test("the only weights of stage 3 are those in float32", async () => {
  const index = await indexOfFolder(zero3({ ...SAVE, groups: [[B]], frozen: [], shared: {} }, ""));
  const kinds = index.kind === "ok" ? index.value.tensors.map(({ name, kind }) => `${name} ${kind}`) : [];
  expect(kinds).toEqual(["buffer weight", "fp32/b.bias weight", "exp_avg/b.bias moment1", "exp_avg_sq/b.bias moment2"]);
});

test("a parameter's parts follow each other over the ranks, without the padding", async () => {
  const index = await indexOfFolder(zero2({ ranks: 2, groups: [[B]], hasMapping: false }, ""));
  const entry = index.kind === "ok" ? index.value.tensors.find(({ name }) => name === "exp_avg/b.bias") : undefined;
  expect(entry?.parts.map(({ file, byteLength }) => [file, byteLength])).toEqual([
    ["bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt", 8],
    ["bf16_zero_pp_rank_1_mp_rank_00_optim_states.pt", 4],
  ]);
});

test("experts' partitions, which fewer ranks share, are listed rank by rank", async () => {
  const index = await indexOfFolder(zero2({ ranks: 2, groups: [[A], [B]], partitionCount: list([2, 1]) }, ""));
  const names = index.kind === "ok" ? index.value.tensors.map(({ name }) => name) : [];
  expect(names.filter((name) => name.includes("/"))).toEqual([
    "fp32/a.weight",
    "exp_avg/a.weight",
    "exp_avg_sq/a.weight",
    ...["rank_0", "rank_1"].flatMap((rank) =>
      ["fp32", "exp_avg", "exp_avg_sq"].map((slot) => `${rank}/group_1/${slot}`),
    ),
  ]);
});

test("files of experts and of a pipeline's layers are listed beside the model", async () => {
  const files = {
    "mp_rank_00_model_states.pt": torchFile((add) => ({ module: { w: add([1]) }, optimizer: null })),
    "layer_2_expert_7_mp_rank_00_model_states.pt": weightsFile(["moe.deepspeed_experts.7.w"]),
    "layer_05-model_00-model_states.pt": weightsFile(["attention.w"]),
  };
  expect(await normsOfFolder(files)).toEqual({
    kind: "ok",
    value: { w: 1, "moe.deepspeed_experts.7.w": 5, "layer_05/attention.w": 5 },
  });
});

test("without ZeRO the optimizer in the model's file is listed", async () => {
  const file = torchFile((add) => ({
    module: { w: add([1]) },
    optimizer: {
      state: new Map<Pickled, Pickled>([[0, { step: 3, exp_avg: add([3, 4]) }]]),
      param_groups: list([{ lr: 2, params: list([0]) }]),
    },
  }));
  const index = await indexOfFolder({ "mp_rank_00_model_states.pt": file });
  const { tensors, optimizer } = index.kind === "ok" ? index.value : { tensors: [], optimizer: undefined };
  expect([tensors.map(({ name, kind }) => `${name} ${kind}`), optimizer]).toEqual([
    ["w weight", "optimizer/state/0/exp_avg moment1"],
    { groups: [{ path: "optimizer", numbers: { lr: 2 }, parameters: ["0"] }], steps: new Map([["0", 3]]) },
  ]);
});

test("a universal checkpoint has each state in a file of its own", async () => {
  const index = await indexOfFolder({
    "zero/a.weight/fp32.pt": stateFile([3, 4]),
    "zero/a.weight/exp_avg.pt": stateFile([6, 8]),
    "zero/a.weight/exp_avg_sq.pt": stateFile([1]),
    "zero/a.weight/step.pt": torchFile(() => 12),
    "zero/optimizer_state.pt": torchFile(() => ({})),
  });
  const { tensors, optimizer } = index.kind === "ok" ? index.value : { tensors: [], optimizer: undefined };
  expect([tensors.map(({ name, kind, parameter }) => `${name} ${kind} ${parameter ?? ""}`), optimizer?.steps]).toEqual([
    ["exp_avg/a.weight moment1 a.weight", "exp_avg_sq/a.weight moment2 a.weight", "fp32/a.weight weight a.weight"],
    new Map([["a.weight", 12]]),
  ]);
});

test("tensors that two model-parallel ranks hold alike are listed once, the others by rank", async () => {
  const files = { "mp_rank_00_model_states.pt": rankFile(1), "mp_rank_01_model_states.pt": rankFile(2) };
  const index = await indexOfFolder(files);
  expect(await normsOfFolder(files)).toEqual({
    kind: "ok",
    value: { "norm.weight": 5, "mp_rank_00/fc.weight": 1, "mp_rank_01/fc.weight": 2 },
  });
  expect(index.kind === "ok" && index.value.notes).toEqual([
    "The model is cut among 2 ranks. 1 tensors that ranks hold alike are listed once; the others are the ranks' parts, named by their rank.",
  ]);
});

test.each([
  {
    fault: "a rank's file that is missing",
    files: without(zero2(SAVE, ""), "rank_1_"),
    outcome: {
      kind: "incomplete",
      have: 2,
      need: 3,
      what: "The optimizer's state was cut for 3 ranks, and files of 2 are there. Wait until the save is complete, or copy the others.",
    },
  },
  {
    fault: "a latest that names another folder",
    files: { ...zero2(SAVE), ...latest("global_step20") },
    outcome: {
      kind: "incomplete",
      have: 0,
      need: 1,
      what: 'latest names "global_step20", which is not in the folder. Wait until the save is complete, or name the folder of one.',
    },
  },
  {
    fault: "a latest that leads out",
    files: { ...zero2(SAVE), ...latest("../global_step10") },
    outcome: { kind: "incomplete", have: 0, need: 1, what: expect.stringContaining('"../global_step10"') as string },
  },
  {
    fault: "an optimizer's file of something else",
    files: { "zero_pp_rank_0_mp_rank_00_optim_states.pt": torchFile((add) => ({ w: add([1]) })) },
    outcome: {
      kind: "malformed",
      offset: 0,
      what: "zero_pp_rank_0_mp_rank_00_optim_states.pt: this is not the state of ZeRO: it lacks fp32_flat_groups and single_partition_of_fp32_groups.",
    },
  },
  {
    fault: "a model's file of no tensors",
    files: { "mp_rank_00_model_states.pt": torchFile(() => ({ module: {} })) },
    outcome: { kind: "malformed", offset: 0, what: "checkpoint: the files of this save hold no tensors." },
  },
])("a save with $fault is refused", async ({ files, outcome }) => {
  expect(await indexOfFolder(files)).toEqual(outcome);
});

function modelOf(shapes: Pickled): Uint8Array {
  return torchFile(() => ({ module: {}, param_shapes: shapes }));
}

test("before 0.6 parameters were in one list, which tells of stage 3 alone where they are", async () => {
  const oneList = Object.fromEntries(SAVE.groups.flat().map(({ name, shape }) => [name, list(shape)]));
  const third = Object.fromEntries(
    Object.entries(zero3(SAVE, "")).map(([path, bytes]) => [
      path,
      path.includes("model_states") ? modelOf(oneList) : bytes,
    ]),
  );
  const all = Object.entries(normsIn(await normsOfFolder(zero3(SAVE, ""))));
  const states = Object.fromEntries(all.filter(([name]) => name.includes("/")));
  expect(normsIn(await normsOfFolder(third))).toEqual(states);
  const second = await indexOfFolder({ ...zero2(SAVE, ""), "mp_rank_00_model_states.pt": modelOf(oneList) });
  const names = second.kind === "ok" ? second.value.tensors.map(({ name }) => name) : [];
  expect(names.filter((name) => name.startsWith("rank_1/"))).toEqual(
    SAVE.groups.flatMap((_, group) => ["fp32", "exp_avg", "exp_avg_sq"].map((slot) => `rank_1/group_${group}/${slot}`)),
  );
  expect(second.kind === "ok" && second.value.notes.at(-1)).toContain("did not say which parameters they hold");
});

test("stage 3 that was cut for other ranks than there are gives no parameters", () => {
  expect(fragmentsOfStage3([{ name: "w", shape: [7] }], [4], 2).get("w")).toHaveLength(2);
  expect(fragmentsOfStage3([{ name: "w", shape: [7] }], [5], 2).get("w")).toBeUndefined();
});

test("the first versions' names of files, and their stage 1, are known", async () => {
  const named = Object.entries(zero2(SAVE, "")).map(
    ([path, bytes]) => [path.replace("_optim", "optim"), bytes] as const,
  );
  expect(await normsOfFolder(Object.fromEntries(named))).toEqual(await normsOfFolder(zero2(SAVE, "")));
  const old = torchFile((add) => ({ optimizer_state_dict: { local_sub_partitions_of_fp32_groups: list([add([1])]) } }));
  expect(await indexOfFolder({ "zero_pp_rank_0_mp_rank_00_optim_states.pt": old })).toMatchObject({
    kind: "unsupported",
    what: expect.stringContaining("ZeRO stage 1 as DeepSpeed wrote it before 0.6") as string,
  });
});

test("parameters that the partitions do not hold in full are not read", async () => {
  const model = torchFile(() => ({
    module: {},
    param_shapes: list([{ "b.bias": [300], "a.weight": [2 ** 30, 2 ** 30] }]),
  }));
  const files = { ...zero2({ ...SAVE, hasMapping: false, groups: [[B]] }, ""), "mp_rank_00_model_states.pt": model };
  const index = await indexOfFolder(files);
  const what = "that the ranks' partitions do not hold in full";
  expect(index).toEqual({
    kind: "malformed",
    offset: 0,
    what: `checkpoint: the files of this save hold no tensors that can be read. The first, b.bias, is a parameter of shape [300] ${what}.`,
  });
  const beside = await indexOfFolder({ ...files, "layer_1_expert_0_mp_rank_00_model_states.pt": weightsFile(["w"]) });
  expect(beside.kind === "ok" && beside.value.notRead).toEqual([
    { name: "b.bias", what: `a parameter of shape [300] ${what}` },
    { name: "a.weight", what: `a parameter of shape [1073741824, 1073741824] ${what}` },
  ]);
});

test("slices that are together more than their partition are not believed", () => {
  const shapes = Array.from({ length: 3 }, (_, at) => ({ name: `w${at}`, shape: [4] }));
  const mapping = new Map(shapes.map(({ name }) => [name, { start: 0, elements: 4 }]));
  expect(fragmentsOfGroup(shapes, 0, [{ elements: 8, mapping }])).toEqual(
    new Map([
      ["w0", [{ rank: 0, group: 0, start: 0, elements: 4 }]],
      ["w1", [{ rank: 0, group: 0, start: 4, elements: 4 }]],
      ["w2", undefined],
    ]),
  );
});

test("files cut at any place are incomplete, malformed or unsupported", async () => {
  const files = zero2({ ...SAVE, ranks: 1 }, "");
  for (const [own, whole] of Object.entries(files)) {
    for (let end = 0; end < whole.length; end += 61) {
      const outcome = await indexOfFolder({ ...files, [own]: whole.slice(0, end) });
      expect([own, end, outcome.kind]).toEqual([
        own,
        end,
        expect.stringMatching(/^(incomplete|malformed|unsupported)$/),
      ]);
    }
  }
});

function near(norms: Readonly<Record<string, number>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(norms).map(([own, norm]) => [own, expect.closeTo(norm, 9) as unknown]));
}

function without(files: Readonly<Record<string, Uint8Array>>, word: string): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(files).filter(([own]) => !own.includes(word)));
}

function weightsFile(names: readonly string[]): Uint8Array {
  return torchFile((add) => Object.fromEntries(names.map((own) => [own, add([3, 4])])));
}

function stateFile(values: readonly number[]): Uint8Array {
  return torchFile((add) => ({ param: add(values), cat_dim: 0 }));
}

function rankFile(own: number): Uint8Array {
  return torchFile((add) => ({ module: { "norm.weight": add([3, 4]), "fc.weight": add([own]) } }));
}
