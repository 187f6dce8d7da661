import { existsSync, readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import type { DType } from "#core/dtype.ts";

import { indexOf, normsOf } from "../../support/checkpoint.ts";

/** Public files with their norms, kept beside the project because they are not ours to publish. */
const CORPUS = new URL("../../../../shared/corpus/checkpoints/", import.meta.url);
const atHand = existsSync(CORPUS);

interface KnownTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly l2: number;
  readonly nan?: number;
  readonly inf?: number;
}

interface TrueTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly l2: number;
}

test("the corpus is beside the project, or the other tests here know that it is not", () => {
  if (!atHand) {
    process.stderr.write("corpus not at hand\n");
  }
  expect(existsSync(new URL("known.json", CORPUS))).toBe(atHand);
});

test.each(["pytorch-zip", "pytorch-legacy", "pytorch-tar"])(
  "every file in %s has its known tensors and norms",
  async (folder) => {
    for (const file of filesIn(folder)) {
      const known = knownTensors(`${folder}/${file}`);
      const found = await tensorsOf(`${folder}/${file}`);
      expect(found.map(({ name, dtype, shape }) => [file, name, dtype, shape])).toEqual(
        known.map(({ name, dtype, shape }) => [file, name, dtype, shape]),
      );
      expect(known.filter((tensor, at) => !isNear(tensor, found[at]))).toEqual([]);
    }
  },
);

test.each([
  { file: "dtypes.pt", truth: "dtypes.pt", missing: [] },
  { file: "dtypes_proto4.pt", truth: "dtypes.pt", missing: [] },
  { file: "grads_last_step.pt", truth: "grads_last_step.pt", missing: [] },
  { file: "param_with_state.pt", truth: "param_with_state.pt", missing: [] },
  { file: "special.pt", truth: "special.pt", missing: ["q", "qc"] },
])("torch's own norms of $file are found, but of $missing", async ({ file, truth, missing }) => {
  const known = trueTensors(truth).filter(({ name }) => !missing.some((own) => own === name));
  const found = atHand ? await tensorsOf(`made/torch/${file}`) : [];
  expect(found.map(({ name }) => name)).toEqual(known.map(({ name }) => name));
  expect(known.filter((tensor, at) => !isNear(tensor, found[at]))).toEqual([]);
});

test.each(["adadelta", "adagrad", "adam_amsgrad", "adam_named", "adamax", "nadam", "rmsprop", "sgd"])(
  "the state of torch's optimizer %s has its known norms",
  async (optimizer) => {
    const file = `ckpt_${optimizer}.pt`;
    const known = trueTensors(file);
    const found = atHand ? await tensorsOf(`made/torch/${file}`) : [];
    const states = new Map(found.map((tensor) => [tensor.name.replace(/^.*?(?=state\/)/, ""), tensor]));
    expect(known.filter((tensor) => !isNear(tensor, states.get(tensor.name)))).toEqual([]);
  },
);

test("the numbers of an optimizer's groups are found, and its parameters' names where it says them", async () => {
  const index = atHand ? await indexOf(bytesOf("made/torch/ckpt_adam_named.pt"), "ckpt_adam_named.pt") : undefined;
  const group = index?.kind === "ok" ? index.value.optimizer?.groups[0] : undefined;
  expect([group?.numbers["lr"], group?.numbers["betas.1"], group?.parameters[0]]).toEqual(
    atHand ? [0.001, 0.999, "emb.weight"] : [undefined, undefined, undefined],
  );
});

const NO_TENSORS = { kind: "unsupported", what: expect.stringContaining("which was not made") as string };
const NO_FORMAT = { kind: "unsupported", what: expect.any(String) as string };

test.each([
  { file: "bad_pytorch.pt", outcome: NO_FORMAT },
  {
    file: "benign_password_protected.zip",
    outcome: { kind: "unsupported", what: expect.stringContaining("encrypted") as string },
  },
  { file: "broken_model.pkl", outcome: { kind: "incomplete", have: 84, need: expect.any(Number) as number } },
  { file: "burn_broken.pt", outcome: NO_FORMAT },
  { file: "malicious1.7z", outcome: { kind: "unsupported", what: "This is a 7z archive. Unpack it first." } },
  { file: "malicious1.zip", outcome: NO_TENSORS },
  {
    file: "malicious1_0x1.zip",
    outcome: { kind: "unsupported", what: expect.stringContaining("encrypted") as string },
  },
  { file: "malicious1_0x20.zip", outcome: NO_FORMAT },
  {
    file: "malicious1_0x40.zip",
    outcome: { kind: "unsupported", what: expect.stringContaining("encrypted") as string },
  },
  { file: "malicious1_crc.zip", outcome: NO_TENSORS },
  { file: "malicious1_v4.pkl", outcome: NO_TENSORS },
  { file: "malicious2_v0.pkl", outcome: NO_TENSORS },
  { file: "not_a_pickle.bin", outcome: { kind: "incomplete", have: 7, need: 8 } },
])("the attack $file ends as it should", async ({ file, outcome }) => {
  expect(atHand ? await indexOf(bytesOf(`attacks/${file}`), file) : outcome).toEqual(outcome);
});

function filesIn(folder: string): string[] {
  return atHand ? readdirSync(new URL(folder, CORPUS)) : [];
}

function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, CORPUS)));
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, CORPUS), "utf8").replaceAll(/\b(NaN|-?Infinity)\b/g, '"$1"'));
}

function knownTensors(path: string): readonly KnownTensor[] {
  const known = json("known.json") as Readonly<Record<string, { readonly tensors: readonly KnownTensor[] }>>;
  return known[path]?.tensors ?? [{ name: "this file has no truth", dtype: "", shape: [], l2: 0 }];
}

function trueTensors(file: string): readonly KnownTensor[] {
  const truth = (atHand ? json("made/torch/truth.json") : {}) as Readonly<
    Record<string, Readonly<Record<string, TrueTensor>>>
  >;
  const tensors = Object.entries(truth[`torch/${file}`] ?? {}).filter(([name]) => !name.startsWith("__"));
  return tensors.map(([name, tensor]) => ({ name, ...tensor }));
}

interface FoundTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly l2: number;
}

async function tensorsOf(path: string): Promise<readonly FoundTensor[]> {
  const bytes = bytesOf(path);
  const index = await indexOf(bytes, path);
  const norms = await normsOf(bytes, path);
  const tensors = index.kind === "ok" ? index.value.tensors : [];
  return tensors.map(({ name, dtype, shape }) => ({
    name,
    dtype,
    shape,
    l2: (norms.kind === "ok" ? norms.value[name] : undefined) ?? -1,
  }));
}

/** Truth leaves NaN and Inf out of a norm and counts them. Of half types and complex64 it has fewer digits. */
function isNear({ l2, nan = 0, inf = 0, dtype }: KnownTensor, found: FoundTensor | undefined): boolean {
  const norm = found?.l2 ?? -1;
  if (nan > 0 || inf > 0) {
    return nan > 0 ? Number.isNaN(norm) : norm === Infinity;
  }
  return Math.abs(norm - l2) <= (/^(F32|F64|torch\.float(32|64)|torch\.complex128)$/.test(dtype) ? 1e-9 : 1e-6) * l2;
}
