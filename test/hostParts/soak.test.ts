import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { soak } from "../support/soak.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

test("of thousands of appends with rotation, truncation and resumes nothing is lost and nothing read twice", async () => {
  const samples = await soak({ folder: folder.path, appends: 20_000, compareEvery: 5000 });
  expect(samples.map(({ appends }) => appends)).toEqual([5000, 10_000, 15_000, 20_000]);
}, 60_000);
