import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import type { TensorNorms } from "#core/tensor.ts";
import { computeNorms } from "#worker/computeNorms.ts";

/** Public files with their norms, kept beside the project because they are not ours to publish. */
const CORPUS = new URL("../../../../shared/corpus/checkpoints/", import.meta.url);

const atHand = existsSync(CORPUS);

test("the corpus is beside the project, or the other tests here know that it is not", () => {
  if (!atHand) {
    process.stderr.write("corpus not at hand\n");
  }
  expect(existsSync(new URL("known.json", CORPUS))).toBe(atHand);
});

interface Known {
  readonly shape: readonly number[];
  readonly l2: number;
}

test.each([
  "onnx/fastml_bnn_model_fc_1layer.onnx",
  "onnx/fastml_dense_big_keras.onnx",
  "onnx/fastml_three_layer_bn_keras.onnx",
  "onnx/fastml_three_layer_pytorch.onnx",
  "onnx/fastml_two_layer_keras.onnx",
])("%s has its known tensors, shapes and norms", async (path) => {
  const tensors = (json("known.json") as Record<string, { readonly tensors: readonly (Known & { name: string })[] }>)[
    path
  ];
  const known = Object.fromEntries((tensors?.tensors ?? []).map(({ name, shape, l2 }) => [name, { shape, l2 }]));
  expect(await differences(path, known)).toEqual([]);
});

test("the typed lists of made/onnx/inline.onnx have the norms of the same values outside", async () => {
  const norms = (json("made/misc_truth.json") as Record<string, Record<string, number>>)["onnx/external.onnx"] ?? {};
  const shapes: Record<string, number[]> = { W: [64, 32], B: [32], fdata: [3], h: [2], bf: [2], i64: [2] };
  const known = Object.entries(norms).map(([name, l2]) => [name, { shape: shapes[name] ?? [], l2 }] as const);
  expect(await differences("made/onnx/inline.onnx", Object.fromEntries(known))).toEqual([]);
});

test("every type of made/gguf/mixed.gguf has the norm that gguf's own package gives", async () => {
  const norms = (json("made/misc_truth.json") as Record<string, Record<string, number>>)["gguf/mixed.gguf"] ?? {};
  const known = Object.entries(norms).map(([name, l2]) => [name, { shape: [4, 256], l2 }] as const);
  const path = "made/gguf/mixed.gguf";
  expect(await differences(path, Object.fromEntries(known))).toEqual([]);
  const dtypes = (await measure(path)).map(({ name, dtype }) => [name, `blk.0.${dtype.toLowerCase()}`]);
  expect(dtypes.filter(([name, dtype]) => name !== dtype)).toEqual([]);
});

test.each(["ckpt-1", "tf1_part-100"])("made/tf/%s has TensorFlow's variables, shapes and norms", async (prefix) => {
  const truth = (json("made/tf/truth.json") as Record<string, Record<string, Known & { readonly string?: boolean }>>)[
    prefix
  ];
  const known = Object.entries(truth ?? {}).filter(([, { string }]) => string !== true);
  expect(await differences(`made/tf/${prefix}.index`, Object.fromEntries(known))).toEqual([]);
});

test("the slot of a graph's Adam is a first moment of its variable", async () => {
  const measured = await measure("made/tf/tf1_part-100.index");
  const roles = measured.map(({ name, kind, parameter }) => `${name}: ${kind} of ${parameter}`);
  expect(roles).toEqual(
    atHand ? ["d/kernel: weight of undefined", "d/kernel/Adam: moment1 of d/kernel", "emb: weight of undefined"] : [],
  );
});

test("TensorFlow's first format, and a folder whose latest it is, are named", async () => {
  for (const path of atHand ? ["made/tf/tf1_v1fmt.ckpt", "made/tf"] : []) {
    await expect(measure(path)).rejects.toThrow("TensorFlow's first checkpoint format");
  }
});

function json(path: string): unknown {
  return atHand ? JSON.parse(readFileSync(new URL(path, CORPUS), "utf8")) : {};
}

async function measure(path: string): Promise<readonly TensorNorms[]> {
  const file = fileURLToPath(new URL(path, CORPUS));
  return atHand ? (await computeNorms(file, { engine: "simd", device: "cpu", threads: 1 })).tensors : [];
}

/** Names that are missing, too many, of another shape, or off by more than rounding. */
async function differences(path: string, known: Readonly<Record<string, Known>>): Promise<string[]> {
  const measured = new Map((await measure(path)).map((tensor) => [tensor.name, tensor]));
  const extra = [...measured.keys()].filter((name) => known[name] === undefined);
  const wrong = Object.entries(known).filter(([name, { shape, l2 }]) => {
    const found = measured.get(name);
    return found?.shape.join() !== shape.join() || !(Math.abs(found.l2 - l2) <= 1e-9 * l2);
  });
  return [...extra, ...wrong.map(([name]) => name)];
}
