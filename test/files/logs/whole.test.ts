import { afterAll, beforeAll, expect, test } from "vitest";
import { readWhole } from "#files/logs/whole.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

test("a whole file is read again only when it changed", async () => {
  const path = await folder.write("trainer_state.json", "\uFEFF{\n}\n");
  const first = await readWhole(path, null);
  if (first.kind !== "ok") {
    throw new Error(first.kind);
  }
  const again = await readWhole(path, first.value);
  await folder.write("trainer_state.json", "{\n\n}");
  const changed = await readWhole(path, first.value);
  const told = [first, again, changed].map((outcome) =>
    outcome.kind === "ok" ? [outcome.value.text, outcome.value.line, outcome.value.restarted] : outcome,
  );
  expect(told).toEqual([
    ["{\n}\n", 2, false],
    ["", 2, false],
    ["{\n\n}", 2, true],
  ]);
});

test("an empty file is incomplete: its writer has just opened it", async () => {
  const path = await folder.write("empty.json", "");
  expect(await readWhole(path, null)).toEqual({ kind: "incomplete", have: 0, need: 1 });
});
