import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { openCheckpoint } from "#worker/checkpoints/openCheckpoint.ts";

import { externalData, initializers, onnxModel } from "../../support/onnx.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlens-shared-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ELEMENTS = 100_000;
writeFileSync(join(folder, "weights.bin"), new Uint8Array(4 * ELEMENTS));

/** A model whose tensors are all the same bytes of the file beside it. */
function writeModel(tensors: number): string {
  const more = externalData({ location: "weights.bin" });
  const all = Array.from({ length: tensors }, (_, at) => ({ name: `w${at}`, type: 1, dims: [ELEMENTS], more }));
  const path = join(folder, `tied${tensors}.onnx`);
  writeFileSync(path, onnxModel(...initializers(...all)));
  return path;
}

test("fifty tied tensors are read; five hundred that are the same bytes are refused before any of it is computed", async () => {
  const { tensors, close } = await openCheckpoint(writeModel(50));
  await close();
  expect(tensors).toHaveLength(50);
  await expect(openCheckpoint(writeModel(500))).rejects.toThrow(/the same bytes again and again\. Nothing was read/);
});
