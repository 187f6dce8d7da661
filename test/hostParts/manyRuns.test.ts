import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { followManyRuns } from "../support/load/manyRuns.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

test("of many runs with many tensors, read by a process of its own, each sample is there once", async () => {
  const { rows } = await followManyRuns(folder.path, [
    { runs: 30, tensors: 50 },
    { runs: 2, tensors: 2000 },
  ]);
  expect(rows.map(([runs, tensors, step]) => [runs, tensors, step])).toContainEqual([2, 2000, "step 20"]);
}, 120_000);
