import { appendFile, mkdir, opendir, rename, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stampOf } from "#files/stamp.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";

const OLD = 1_700_000_000;

let folder: TestFolder;
let deep: string;
let index: string;
beforeEach(async () => {
  folder = await createTestFolder();
  deep = await folder.write("step/state/a/data", "0123456789");
  await utimes(deep, OLD, OLD);
  index = await folder.write("shards/model.safetensors.index.json", "{}");
  await folder.write("shards/model-1.safetensors", "one");
});
afterEach(async () => folder.dispose());

test.for<{ what: string; change: () => Promise<unknown> }>([
  { what: "grows", change: async () => appendFile(deep, "x") },
  { what: "is cut", change: async () => truncate(deep, 3) },
  { what: "gets other bytes", change: async () => writeFile(deep, "9876543210") },
  { what: "gets other bytes and its old time", change: async () => rewrite(deep) },
  { what: "is replaced", change: async () => replace(deep) },
  { what: "is renamed", change: async () => rename(deep, `${deep}2`) },
  { what: "is deleted", change: async () => rm(deep) },
  { what: "gets a neighbour", change: async () => writeFile(join(dirname(deep), "new"), "") },
])(
  "a folder has another stamp when a file deep in it $what, and the same while nothing changes",
  async ({ change }) => {
    const path = join(folder.path, "step");
    const before = await stampOf(path);
    expect(await stampOf(path)).toBe(before);
    await change();
    expect(await stampOf(path)).not.toBe(before);
  },
);

async function rewrite(path: string): Promise<void> {
  await writeFile(path, "9876543210");
  await utimes(path, OLD, OLD);
}

async function replace(path: string): Promise<void> {
  await writeFile(`${path}.new`, "0123456789");
  await rename(`${path}.new`, path);
}

test("an index of shards has another stamp when a shard beside it changes, and a file only when it does itself", async () => {
  const shard = join(folder.path, "shards/model-1.safetensors");
  const before = [await stampOf(index), await stampOf(deep)];
  await appendFile(shard, "x");
  await writeFile(`${deep}.other`, "");
  const after = [await stampOf(index), await stampOf(deep)];
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
});

test("what is not there has a stamp, which changes when it comes", async () => {
  const path = join(folder.path, "later");
  const before = await stampOf(path);
  await mkdir(path);
  expect(await stampOf(path)).not.toBe(before);
});

test("of a folder of many files the first thousands count", async () => {
  const path = join(folder.path, "many");
  await mkdir(path);
  for (let at = 0; at < 3000; at += 1) {
    await writeFile(join(path, String(at)), "");
  }
  const inOrder: string[] = [];
  for await (const { name } of await opendir(path)) {
    inOrder.push(name);
  }
  const before = await stampOf(path);
  await appendFile(join(path, inOrder[2500] ?? ""), "x");
  expect(await stampOf(path)).toBe(before);
  await appendFile(join(path, inOrder[1500] ?? ""), "x");
  expect(await stampOf(path)).not.toBe(before);
});
