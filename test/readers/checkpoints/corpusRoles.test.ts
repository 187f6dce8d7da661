import { expect, test } from "vitest";

import type { TensorNorms } from "#core/tensor.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";
import { openCheckpoint } from "#worker/checkpoints/openCheckpoint.ts";

import { corpusPath, isCorpusAtHand } from "../../support/corpus.ts";

/** The tensors that are no weights, as `name: kind of parameter`. Without the corpus, what is expected. */
async function roles(path: string, expected: readonly string[]): Promise<readonly string[]> {
  if (!isCorpusAtHand) {
    return expected;
  }
  const { tensors } = await computeNorms(corpusPath(path), { engine: "simd", threads: 1 });
  return tensors.filter(({ kind }) => kind !== "weight").map(roleOf);
}

function roleOf({ name, kind, parameter }: TensorNorms): string {
  return `${name}: ${kind}${parameter === undefined ? "" : ` of ${parameter}`}`;
}

const PARAMETERS = ["emb.weight", "ln.weight", "ln.bias", "fc1.weight", "fc1.bias", "fc2.weight"];
const STEP = { step: "other" };
const MOMENTS = { exp_avg: "moment1", exp_avg_sq: "moment2" };

test.each([
  { optimizer: "sgd", slots: { momentum_buffer: "momentum" } },
  { optimizer: "adam_named", slots: { ...STEP, ...MOMENTS } },
  { optimizer: "adam_amsgrad", slots: { ...STEP, ...MOMENTS, max_exp_avg_sq: "other" } },
  { optimizer: "nadam", slots: { ...STEP, mu_product: "other", ...MOMENTS } },
  { optimizer: "adamax", slots: { ...STEP, exp_avg: "moment1", exp_inf: "other" } },
  { optimizer: "adagrad", slots: { ...STEP, sum: "moment2" } },
  { optimizer: "adadelta", slots: { ...STEP, square_avg: "moment2", acc_delta: "other" } },
  {
    optimizer: "rmsprop",
    slots: { ...STEP, square_avg: "moment2", momentum_buffer: "momentum", grad_avg: "moment1" },
  },
])("the states of torch's $optimizer have their kinds and parameters", async ({ optimizer, slots }) => {
  const expected = PARAMETERS.flatMap((parameter, id) =>
    Object.entries(slots).map(([slot, kind]) => `optimizer_state_dict/state/${id}/${slot}: ${kind} of ${parameter}`),
  );
  expect(await roles(`made/torch/ckpt_${optimizer}.pt`, expected)).toEqual(expected);
});

test("the numbers of an optimizer's groups are found, and its parameters' names where it says them", async () => {
  const path = corpusPath("made/torch/ckpt_adam_named.pt");
  const checkpoint = isCorpusAtHand ? await openCheckpoint(path) : undefined;
  await checkpoint?.close();
  const group = checkpoint?.optimizer?.groups[0];
  expect([group?.numbers["lr"], group?.numbers["betas.1"], group?.parameters[0]]).toEqual(
    isCorpusAtHand ? [0.001, 0.999, "emb.weight"] : [undefined, undefined, undefined],
  );
});

test.each(["flax/checkpoint_3", "orbax/ocdbt_zarr3", "orbax/noocdbt_zarr2"])(
  "optax's moments in %s know their parameters",
  async (name) => {
    const leaves = ["Dense_0/bias", "Dense_0/kernel", "Dense_1/bias", "Dense_1/kernel"];
    const moments = { mu: "moment1", nu: "moment2" };
    const expected = Object.entries(moments).flatMap(([slot, kind]) =>
      leaves.map((leaf) => `opt_state/1/0/${slot}/${leaf}: ${kind} of params/${leaf}`),
    );
    expect((await roles(`made/${name}`, expected)).filter((role) => !role.endsWith(": other"))).toEqual(expected);
  },
);

test("the slot of a graph's Adam is a first moment of its variable", async () => {
  const expected = ["d/kernel/Adam: moment1 of d/kernel"];
  expect(await roles("made/tf/tf1_part-100.index", expected)).toEqual(expected);
});

function ofParameter(name: string): string {
  return name === "" ? "" : ` of ${name}`;
}

test("the new form of Keras has the optimizer's moments in pairs, named where one weight alone has the shape", async () => {
  const names = ["layers/dense/vars/0", "", "", "", "layers/dense_1/vars/0", "layers/dense_1/vars/1"];
  const pairs = names.flatMap((name, row) => [
    `optimizer/vars/${2 * row + 2}: moment1${ofParameter(name)}`,
    `optimizer/vars/${2 * row + 3}: moment2${ofParameter(name)}`,
  ]);
  const expected = ["optimizer/vars/0: other", "optimizer/vars/1: other", ...pairs];
  expect(await roles("made/keras/model.keras", expected)).toEqual(expected);
});

test("the name of a file of arrays makes them gradients", async () => {
  const expected = ["layer.0/weight: gradient", "b: gradient"];
  expect(await roles("made/npy/grads_deflate.npz", expected)).toEqual(expected);
});

test("what could not be read is a note, and so is what was read in another way", async () => {
  const path = corpusPath("made/torch/special.pt");
  const notes = isCorpusAtHand ? (await computeNorms(path, { engine: "simd", threads: 1 })).notes : [];
  const expected = [
    "Sparse tensors are listed by their stored values: coo, csr.",
    "Not read: q (a quantised tensor (torch.per_tensor_affine)), qc (a quantised tensor (torch.per_channel_affine)).",
  ];
  expect(notes).toEqual(isCorpusAtHand ? expected : []);
});

test("a folder whose newest checkpoint is of TensorFlow's first format is refused by name", async () => {
  const says = "TensorFlow's first checkpoint format";
  const outcome = isCorpusAtHand ? openCheckpoint(corpusPath("made/tf")) : Promise.reject(new Error(says));
  await expect(outcome).rejects.toThrow(says);
});
