import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findUpward } from "#files/search/upward.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await createTestFolder();
  await folder.write("wanted.json", "");
  await folder.write("a/b/c/log.jsonl", "");
});
afterEach(async () => folder.dispose());

test.each(["a/b/c", "a/b/c/log.jsonl", "a", "."])("from %s the nearest file above is found", async (start) => {
  expect(await findUpward(join(folder.path, start), "wanted.json")).toBe(join(folder.path, "wanted.json"));
});

test.each([
  { top: "a/b", isFound: false },
  { top: "a/b/c", isFound: false },
  { top: "", isFound: true },
])("above '$top' nothing is looked for: it is found is $isFound", async ({ top, isFound }) => {
  const found = await findUpward(join(folder.path, "a/b/c"), "wanted.json", join(folder.path, top));
  expect(found !== undefined).toBe(isFound);
});
