import { expect, test } from "vitest";

import type { Box } from "#core/tensorPart.ts";
import { folderReaderFor } from "#readers/checkpoints/readers.ts";

import { normsIn } from "../../../support/elements.ts";
import { folderOf, type TestFiles } from "../../../support/folderSource.ts";
import { createRandom } from "../../../support/random.ts";
import { plain, zarray } from "../../../support/zarr.ts";

const SHAPE = [6, 4, 5];
const CHUNKS = [2, 1, 2];

async function boxesOf(files: TestFiles): Promise<readonly (Box | undefined)[]> {
  const index = await folderReaderFor(Object.keys(files))?.readIndex(folderOf(files));
  return index?.kind === "ok" ? index.value.tensors.flatMap(({ parts }) => parts.map(({ box }) => box)) : [];
}

test.each([
  { shape: [600_000, 3], chunks: [3, 3], boxes: 1 },
  { shape: [3, 600_000], chunks: [3, 3], boxes: 1 },
  { shape: [50, 60, 70], chunks: [1, 1, 1], boxes: 1 },
  { shape: [7, 5], chunks: [2, 3], boxes: 1 },
])("an array of shape $shape of which no chunk is stored is one part", async ({ shape, chunks }) => {
  const start = shape.map(() => 0);
  expect(await boxesOf({ "w/.zarray": zarray({ shape, chunks, fill_value: 2 }) })).toEqual([{ start, shape }]);
});

/** Some of the 3 × 4 × 3 chunks by their keys, each of ones. */
function stored(isStored: () => boolean): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const at of Array(3 * 4 * 3).keys()) {
    if (isStored()) {
      files[`w/${[Math.floor(at / 12), Math.floor(at / 3) % 4, at % 3].join(".")}`] = plain([1, 1, 1, 1]);
    }
  }
  return files;
}

test("whichever chunks are stored, every other element is the fill value", async () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const random = createRandom(seed);
    const chunks = stored(() => random.below(4) < seed % 5);
    const files = { "w/.zarray": zarray({ shape: SHAPE, chunks: CHUNKS, fill_value: 3 }), ...chunks };
    const index = await folderReaderFor(Object.keys(files))?.readIndex(folderOf(files));
    const tensors = index?.kind === "ok" ? index.value.tensors : [];
    // The last chunk along the last axis is cut in half.
    const ones = Object.keys(chunks).reduce((sum, key) => sum + (key.endsWith("2") ? 2 : 4), 0);
    expect([seed, await normsIn(files, tensors)]).toEqual([seed, { w: Math.sqrt(ones + 9 * (6 * 4 * 5 - ones)) }]);
  }
});
