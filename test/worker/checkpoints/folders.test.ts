import { afterEach, beforeEach, expect, test } from "vitest";

import { computeNorms } from "#worker/norms/computeNorms.ts";
import { openCheckpoint } from "#worker/checkpoints/openCheckpoint.ts";

import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { call, Written } from "../../support/pickle.ts";
import { safetensorsFile } from "../../support/safetensors.ts";
import { tensor, torchZip } from "../../support/torch.ts";
import { chunkFiles, NORM, plain, zarray, zstd } from "../../support/zarr.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await createTestFolder();
});
afterEach(async () => folder.dispose());

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    await folder.write(name, content);
  }
  return folder.path;
}

const STORAGE = { key: "0", type: "Float", elements: 2, data: new Uint8Array(new Float32Array([3, 4]).buffer) };

const byDots = (row: string, column: string): string => `${row}.${column}`;
const compressed = { "w/.zarray": zarray({ compressor: { id: "zstd" } }), ...chunkFiles(byDots, zstd) };

test.each(["simd", "onnxruntime"] as const)(
  "%s gives the same norms for plain and for compressed chunks",
  async (engine) => {
    const path = await write({ "p/.zarray": zarray(), "p/0.1": plain([4, 5, 9, 9, 10, 9]), ...compressed });
    const { tensors, notes } = await computeNorms(path, { threads: 2, engine, isFull: true });
    expect(notes).toEqual([]);
    expect(tensors.map(({ name, l2, l1, zeros }) => [name, l2, l1, zeros])).toEqual([
      ["p", Math.sqrt(16 + 25 + 81 + 100), 28, 11],
      ["w", NORM, 120, 0],
    ]);
  },
);

test("a checkpoint of more files than may be open is read by threads", async () => {
  const rows = 400;
  const chunks = Array.from({ length: rows }, (_, at): [string, Uint8Array] => [`w/${at}`, plain([at])]);
  const path = await write({ "w/.zarray": zarray({ shape: [rows], chunks: [1] }), ...Object.fromEntries(chunks) });
  const { tensors } = await computeNorms(path, { threads: 2, engine: "simd" });
  const squares = ((rows - 1) * rows * (2 * rows - 1)) / 6;
  expect(tensors.map(({ l2 }) => l2)).toEqual([Math.sqrt(squares)]);
});

test("a damaged chunk is a note on its tensor, and the others have norms", async () => {
  const path = await write({ "ok/.zarray": zarray({ shape: [2], chunks: [2] }), "ok/0": plain([3, 4]), ...compressed });
  await folder.write("w/1.0", zstd([11, 12, 13, 99, 99, 99]).slice(0, -4));
  const { tensors, unmeasured, notes } = await computeNorms(path, { threads: 1, engine: "simd" });
  expect(tensors.map(({ name, l2 }) => [name, l2])).toEqual([["ok", 5]]);
  expect(unmeasured.map(({ name, shape, why }) => [name, shape, `${name}: ${why}`])).toEqual([["w", [3, 5], notes[0]]]);
  expect(notes).toEqual([
    "w: w/1.0: the data at 0 are damaged: these zstd data cannot be decompressed: unexpected end of file.",
  ]);
});

test("a folder of steps names one of them", async () => {
  const path = await write({ "10/_METADATA": "{}", "20/_METADATA": "{}" });
  await expect(openCheckpoint(path)).rejects.toThrow(/There are 2 in its folders, such as .+10; name one\./);
});

/** A file of one vector with the norm 5. */
function vector(own: string): Uint8Array {
  return safetensorsFile({ [own]: { dtype: "F32", shape: [2], data: STORAGE.data } });
}

test("two forms of one model count once, and the gradients beside them all the same", async () => {
  const path = await write({
    "a_step1.pth": torchZip({ w: tensor({ storage: STORAGE, size: [2], stride: [1] }) }, [STORAGE]),
    "grads.safetensors": vector("w"),
    "model.safetensors": vector("w"),
    "other_model.safetensors": vector("other"),
  });
  const { globals, notes } = await computeNorms(path, { threads: 1, engine: "simd" });
  expect([globals.gradient?.tensors, globals.weight?.tensors, notes]).toEqual([
    1,
    2,
    ["Left out, because model.safetensors has tensors of the same names: a_step1.pth. Open it by its own name."],
  ]);
});

test("a file of a folder that cannot be read is named once, without the folder", async () => {
  const path = await write({ "model.safetensors": vector("w"), "extra.pt": new Uint8Array(20).fill(7) });
  const { notes } = await computeNorms(path, { threads: 1, engine: "simd" });
  expect(notes).toEqual(["extra.pt: This is not a checkpoint of a format that Gradlens reads."]);
});

test("a name in a note keeps to one line, whatever a file calls its tensors", async () => {
  const odd = call(new Written("cmine\nOdd\n"), []);
  const root = { w: tensor({ storage: STORAGE, size: [2], stride: [1] }), "a\u001b[2J\n": odd };
  const path = await write({ "model.pt": torchZip(root, [STORAGE]) });
  const { notes } = await computeNorms(path, { threads: 1, engine: "simd" });
  expect(notes).toEqual(["Not read: a\uFFFD[2J\uFFFD (mine.Odd)."]);
});
