import { existsSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { bitsOf } from "#core/dtype.ts";
import { describeFailure } from "#core/outcome.ts";

import { indexOf, measure } from "../../support/measure.ts";

/** Public files with their norms, kept beside the project because they are not ours to publish. */
const CORPUS = new URL("../../../../shared/corpus/checkpoints/", import.meta.url);

interface KnownTensor {
  readonly name: string;
  readonly dtype?: string;
  readonly shape: readonly number[];
  readonly l2: number;
}

const atHand = existsSync(CORPUS);

test("the corpus is beside the project, or the other tests here know that it is not", () => {
  if (!atHand) {
    process.stderr.write("corpus not at hand\n");
  }
  expect(existsSync(new URL("known.json", CORPUS))).toBe(atHand);
});

const KNOWN_FILES = [
  "keras-h5/fastml_KERAS_3layer_batch_norm_weights.h5",
  "keras-h5/fastml_KERAS_3layer_weights.h5",
  "keras-h5/fastml_KERAS_conv1d_weights.h5",
  "keras-h5/fastml_hgq_jet_classifier.h5",
  "keras-h5/fastml_qkeras_mnist_cnn_weights.h5",
  "numpy/candle_test.npy",
  "numpy/picklescan_int_array.npy",
  "numpy/picklescan_int_arrays.npz",
  "numpy/picklescan_int_arrays_compressed.npz",
];

test.each(KNOWN_FILES)("every tensor of %s is found with its shape, type and norm", async (path) => {
  const known = atHand ? knownTensors(path) : [];
  const found = atHand ? await measureFile(path) : [];
  // A single array has no name in the list; here it is called as its file.
  const names = known.map(({ name }) => (name === "" ? stemOf(path) : name));
  expect(found.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  expect(
    known.filter(
      (tensor, at) =>
        !isSame(
          tensor,
          found.find(({ name }) => name === names[at]),
        ),
    ),
  ).toEqual([]);
});

const ARRAYS = ["fortran_f8", "be_f4", "f2", "zero_d", "empty", "bool", "u8be", "bf16", "c16"];

test.each(ARRAYS)("NumPy's %s.npy has its shape, type and norm", async (stem) => {
  const truth = atHand ? madeTruth()[`npy/${stem}.npy`] : undefined;
  const [found] = atHand ? await measureFile(`made/npy/${stem}.npy`) : [];
  expect(isSame(truth as KnownTensor | undefined, found)).toBe(true);
});

test.each(["v2.npy", "v3.npy"])(
  "NumPy's %s, in a later version of the format, has the norm of the same array",
  async (file) => {
    const [found] = atHand ? await measureFile(`made/npy/${file}`) : [];
    expect(
      isSame(atHand ? (madeTruth()["npy/fortran_f8.npy"] as unknown as KnownTensor) : undefined, found, "F64"),
    ).toBe(true);
  },
);

test.each(["grads_stored.npz", "grads_deflate.npz"])("NumPy's %s holds two gradients", async (file) => {
  const found = atHand ? await measureFile(`made/npy/${file}`) : [];
  const expected = [
    ["layer.0/weight", "gradient", [3, 4], 12],
    ["b", "gradient", [4], 4],
  ];
  expect(found.map(({ name, kind, shape, elements }) => [name, kind, shape, elements])).toEqual(atHand ? expected : []);
});

test.each([
  { path: "made/npy/struct.npy", what: "records of several fields" },
  { path: "attacks/object_array.npy", what: "pickled Python objects" },
])("$path is refused by name", async ({ path, what }) => {
  const outcome = atHand ? await indexOf(readFileSync(new URL(path, CORPUS)), path) : undefined;
  expect(outcome === undefined || outcome.kind === "ok" ? what : describeFailure(outcome)).toContain(what);
});

test("Keras's model.h5 has the weights and the optimizer's state under the names Keras gives them", async () => {
  const truth = atHand ? kerasTruth() : [];
  const found = atHand ? await measureFile("made/keras/model.h5") : [];
  expect(found).toHaveLength(truth.length);
  // Keras's names stand behind the groups that the file puts them in.
  expect(
    truth.filter(
      (tensor) =>
        !isSame(
          tensor,
          found.find(({ name }) => name.endsWith(`/${tensor.name}`)),
        ),
    ),
  ).toEqual([]);
});

test("Keras's model.keras has the same tensors under numbers, with the optimizer's in pairs", async () => {
  const truth = atHand ? kerasTruth() : [];
  const found = atHand ? await measureFile("made/keras/model.keras") : [];
  expect(normsOf(found).map((l2, at) => Math.abs(l2 - (normsOf(truth)[at] ?? Number.NaN)) <= 1e-9 * l2)).toEqual(
    truth.map(() => true),
  );
  const state = found.filter(({ name }) => name.startsWith("optimizer/"));
  const pairs = Array.from({ length: 6 }, () => ["moment1", "moment2"]).flat();
  expect(state.map(({ kind }) => kind)).toEqual(atHand ? ["other", "other", ...pairs] : []);
});

function knownTensors(path: string): readonly KnownTensor[] {
  const files = JSON.parse(readFileSync(new URL("known.json", CORPUS), "utf8")) as Record<
    string,
    { tensors: KnownTensor[] }
  >;
  return files[path]?.tensors ?? [];
}

function madeTruth(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return JSON.parse(readFileSync(new URL("made/misc_truth.json", CORPUS), "utf8")) as ReturnType<typeof madeTruth>;
}

function kerasTruth(): readonly KnownTensor[] {
  const tensors = (madeTruth()["keras"] ?? {}) as Readonly<Record<string, Omit<KnownTensor, "name">>>;
  return Object.entries(tensors).map(([name, tensor]) => ({ name, ...tensor }));
}

async function measureFile(path: string): ReturnType<typeof measure> {
  return measure(readFileSync(new URL(path, CORPUS)), path.slice(path.lastIndexOf("/") + 1));
}

function normsOf(tensors: readonly { readonly l2: number }[]): readonly number[] {
  return tensors.map(({ l2 }) => l2).toSorted((a, b) => a - b);
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/, "");
}

const KINDS: Readonly<Record<string, string>> = { f: "F", i: "I", u: "U", c: "C" };

/** NumPy's word for a type in ours. */
function dtypeOf(word: string): string {
  const [, kind = "", bytes = ""] = /^[<>|]?(\w)(\d+)$/.exec(word) ?? [];
  return word.endsWith("V2") ? "BF16" : kind === "b" ? "BOOL" : `${KINDS[kind]}${8 * Number(bytes)}`;
}

type Found = Awaited<ReturnType<typeof measure>>[number];

/** Whether shape, type and norm are those known; nothing is known and nothing found without the corpus. */
function isSame(
  known: KnownTensor | undefined,
  found: Found | undefined,
  dtype = known?.dtype === undefined ? undefined : dtypeOf(known.dtype),
): boolean {
  if (known === undefined || found === undefined) {
    return known === undefined && found === undefined;
  }
  const tolerance = bitsOf(found.dtype) === 16 ? 1e-6 : 1e-9;
  return (
    String(found.shape) === String(known.shape) &&
    (dtype === undefined || found.dtype === dtype) &&
    Math.abs(found.l2 - known.l2) <= tolerance * known.l2
  );
}
