import { afterAll, beforeAll, expect, test } from "vitest";
import type { TensorKind } from "#core/tensor.ts";
import type { GlobalsByKind } from "#protocol/workerAnswers.ts";
import { answer } from "#worker/answer.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { pickle } from "../../support/pickle.ts";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";
import { tensor, torchZip } from "../../support/torch.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

const storage = { key: "0", type: "Float", elements: 2, data: bytesOf(Float32Array.of(3, 4)) };
const pair = tensor({ storage, size: [2], stride: [1] });
const other = { ...storage, key: "1", data: bytesOf(Float32Array.of(0, 12)) };

/** `a` and `b` are one tensor under two names; `grads/c` says what it is. */
async function writeDump(): Promise<string> {
  const root = { a: pair, b: pair, grads: { c: tensor({ storage: other, size: [2], stride: [1] }) } };
  return folder.write("dump.pt", torchZip(pickle(root), [storage, other]));
}

function lengths(globals: GlobalsByKind): unknown {
  return Object.fromEntries(Object.entries(globals).map(([kind, { l2, tensors }]) => [kind, [l2, tensors]]));
}

test("tensors that nothing tells join the gradients that are named so, tied ones once, and a note says it", async () => {
  const { tensors, globals, notes } = await computeNorms(await writeDump(), { threads: 1, takenAs: "gradient" });
  expect([tensors.map(({ name, kind }) => [name, kind]), lengths(globals), notes]).toEqual([
    [
      ["a", "gradient"],
      ["b", "gradient"],
      ["grads/c", "gradient"],
    ],
    { gradient: [13, 2] },
    ["Tensors that nothing names (2) are taken as gradient, beside those that are named so (1)."],
  ]);
});

test("alternatives are what the norms would be under each other kind", async () => {
  const path = await writeDump();
  const { globals, alternatives } = await computeNorms(path, { threads: 1, hasAlternatives: true });
  const kinds: readonly TensorKind[] = ["gradient", "moment1", "moment2", "momentum", "other"];
  const alone = kinds.map(async (takenAs) => [takenAs, (await computeNorms(path, { threads: 1, takenAs })).globals]);
  expect([lengths(globals), alternatives.map((one) => [one.takenAs, one.globals])]).toEqual([
    { gradient: [12, 1], weight: [5, 1] },
    await Promise.all(alone),
  ]);
});

test("an index lists the kinds that were said, and a file's own word is stronger", async () => {
  const own = safetensorsFile({ w: { dtype: "F32", shape: [2], data: storage.data } }, { kind: "weight" });
  const paths = [await writeDump(), await folder.write("own.safetensors", own)];
  const options = { signal: new AbortController().signal, onProgress: () => undefined };
  const listings = paths.map((path) => answer({ kind: "indexCheckpoint", path, takenAs: "momentum" }, options));
  expect(await Promise.all(listings)).toMatchObject([
    { tensors: [{ kind: "momentum" }, { kind: "momentum" }, { kind: "gradient" }] },
    { tensors: [{ kind: "weight", isDeclared: true }] },
  ]);
});

test("where all is told there are no alternatives, and a kind that people give changes nothing", async () => {
  const own = safetensorsFile({ w: { dtype: "F32", shape: [2], data: storage.data } }, { kind: "weight" });
  const path = await folder.write("told.safetensors", own);
  const { alternatives } = await computeNorms(path, { threads: 1, hasAlternatives: true });
  const { globals, notes } = await computeNorms(path, { threads: 1, takenAs: "gradient" });
  expect([alternatives, lengths(globals), notes]).toEqual([
    [],
    { weight: [5, 1] },
    ["No tensor is taken as gradient: names or the files themselves say of each what it is."],
  ]);
});
