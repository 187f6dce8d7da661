import { expect, test } from "vitest";

import { indexOf, normsOf } from "../../../support/checkpoint.ts";
import { call, list, name, type Pickled, type Written } from "../../../support/pickle.ts";
import { bytesOf } from "../../../support/safetensors.ts";
import { tensor, type TestStorage, torchZip } from "../../../support/torch.ts";

const ELEMENTS = 4096 + 100;
const TABLE = Array.from({ length: 256 }, (_, at) => (at - 128) / 128);
const CODES = Array.from({ length: ELEMENTS }, (_, at) => (at * 7) % 256);
const SCALES = Array.from({ length: 17 }, (_, at) => 1 + at);
const NORM = Math.sqrt(
  CODES.reduce((sum, code, at) => sum + ((TABLE[code] ?? 0) * (SCALES[Math.floor(at / 256)] ?? 0)) ** 2, 0),
);

function createFile(): {
  add: (type: string, values: readonly number[]) => Written;
  bytes: (root: Pickled) => Uint8Array;
} {
  const storages: TestStorage[] = [];
  return {
    add(type, values) {
      const data = type === "Byte" ? Uint8Array.from(values) : bytesOf(Float32Array.from(values));
      const storage = { key: String(storages.length), type, elements: values.length, data };
      storages.push(storage);
      return tensor({ storage, size: [values.length], stride: [1] });
    },
    bytes: (root) => torchZip(root, storages),
  };
}

function stateOf(values: Readonly<Record<string, Pickled>>): Pickled {
  return { state: new Map<Pickled, Pickled>([[0, values]]), param_groups: list([{ lr: 1, params: list([0]) }]) };
}

test("bitsandbytes' states in 8 bits are the float32 they stand for", async () => {
  const { add, bytes } = createFile();
  const file = bytes(
    stateOf({
      state1: add("Byte", CODES),
      qmap1: add("Float", TABLE),
      absmax1: add("Float", SCALES),
      state2: add("Float", [3, 4]),
    }),
  );
  const index = await indexOf(file, "optimizer.pt");
  const norms = await normsOf(file, "optimizer.pt");
  const tensors = index.kind === "ok" ? index.value.tensors : [];
  expect([
    tensors.map(({ name: own, kind, dtype }) => `${own} ${kind} ${dtype}`),
    norms.kind === "ok" && norms.value,
  ]).toEqual([
    [
      "state/0/state1 moment1 F32",
      "state/0/qmap1 other F32",
      "state/0/absmax1 other F32",
      "state/0/state2 moment2 F32",
    ],
    expect.objectContaining({ "state/0/state1": expect.closeTo(NORM, 4) as number, "state/0/state2": 5 }),
  ]);
});

test.each([
  { fault: "scales that fit no block size", scales: SCALES.slice(1), table: TABLE },
  { fault: "a table of 255", scales: SCALES, table: TABLE.slice(1) },
])("codes with $fault stay codes", async ({ scales, table }) => {
  const { add, bytes } = createFile();
  const values = { state1: add("Byte", CODES), qmap1: add("Float", table), absmax1: add("Float", scales) };
  const index = await indexOf(bytes(stateOf(values)), "optimizer.pt");
  const state = index.kind === "ok" ? index.value.tensors[0] : undefined;
  expect([state?.kind, state?.dtype]).toEqual(["other", "U8"]);
});

function torchao(className: string, state: Readonly<Record<string, Pickled>>): Written {
  return call(name("torch._tensor", "_rebuild_from_type_v2"), [
    name("torch._utils", "_rebuild_wrapper_subclass"),
    name("torchao.optim.subclass_8bit", className),
    [],
    state,
  ]);
}

test("torchao's states in 8 bits are the float32 they stand for", async () => {
  const { add, bytes } = createFile();
  const codes = CODES.slice(0, 4096);
  const scales = SCALES.slice(0, 16);
  const state = { codes: add("Byte", codes), scale: add("Float", scales), qmap: add("Float", TABLE), signed: true };
  const file = bytes(stateOf({ exp_avg: torchao("OptimState8bit", state) }));
  const norm = Math.sqrt(
    codes.reduce((sum, code, at) => sum + ((TABLE[code] ?? 0) * (scales[Math.floor(at / 256)] ?? 0)) ** 2, 0),
  );
  expect(await normsOf(file, "optimizer.pt")).toEqual({
    kind: "ok",
    value: { "state/0/exp_avg": expect.closeTo(norm, 4) as number },
  });
});

test.each([
  {
    state: "in 4 bits",
    className: "OptimState4bit",
    scales: SCALES.slice(0, 16),
    what: "torchao.optim.subclass_8bit.OptimState4bit",
  },
  {
    state: "whose scales do not fit",
    className: "OptimState8bit",
    scales: [1, 2, 3],
    what: "a state in 8 bits whose table and scales are not as torchao writes them",
  },
])("a state of torchao $state is not read, and the others are", async ({ className, scales, what }) => {
  const { add, bytes } = createFile();
  const state = { codes: add("Byte", CODES.slice(0, 4096)), scale: add("Float", scales), qmap: add("Float", TABLE) };
  const file = bytes(stateOf({ exp_avg: torchao(className, state), exp_avg_sq: add("Float", [1]) }));
  const index = await indexOf(file, "optimizer.pt");
  const { tensors, notRead } = index.kind === "ok" ? index.value : { tensors: [], notRead: [] };
  expect([tensors.map((each) => each.name), notRead]).toEqual([
    ["state/0/exp_avg_sq"],
    [{ name: "state/0/exp_avg", what }],
  ]);
});
