import { appendFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFolder } from "#files/logs/folderTexts.ts";
import type { FolderRule, FolderTexts } from "#files/logs/folderTexts.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await createTestFolder();
});
afterEach(async () => folder.dispose());

const RULE: FolderRule = {
  folders: ["metrics", "params"],
  growthOf(path) {
    if (path.startsWith("metrics/")) {
      return "byLines";
    }
    return path.endsWith("clip") ? "byReplacement" : "unread";
  },
};

async function read(marks: string | null, maxBytes = 1000): Promise<FolderTexts> {
  return readFolder(folder.path, marks, RULE, maxBytes);
}

function texts({ files }: FolderTexts): unknown[] {
  return files.map(({ path, text, firstLine }) => [path, text, firstLine]);
}

test("a folder gives the whole lines of its files, and later only what was appended", async () => {
  await folder.write("metrics/a", "1\n2\n3");
  await folder.write("metrics/deep/er/b", "4\n");
  await folder.write("params/clip", "1.0");
  await folder.write("params/other", "2.0");
  await folder.write("artifacts/c", "5\n");
  const first = await read(null);
  await appendFile(join(folder.path, "metrics/a"), "3\n");
  await folder.write("metrics/new", "6\n");
  const second = await read(first.marks);
  const third = await read(second.marks);
  expect([first, second, third].map((one) => [texts(one), one.restarted, one.more])).toEqual([
    [
      [
        ["metrics/a", "1\n2\n", 0],
        ["params/clip", "1.0", 0],
        ["metrics/deep/er/b", "4\n", 0],
      ],
      false,
      false,
    ],
    [
      [
        ["metrics/a", "33\n", 2],
        ["metrics/new", "6\n", 0],
      ],
      false,
      false,
    ],
    [[], false, false],
  ]);
});

test("a file of the folder that was written anew makes all of it start again", async () => {
  await folder.write("metrics/a", "1\n2\n");
  await folder.write("metrics/b", "3\n");
  const first = await read(null);
  await writeFile(join(folder.path, "metrics/b"), "4\n5\n");
  const second = await read(first.marks);
  expect([texts(second), second.restarted]).toEqual([
    [
      ["metrics/a", "1\n2\n", 0],
      ["metrics/b", "4\n5\n", 0],
    ],
    true,
  ]);
});

test("a value that is replaced starts nothing again", async () => {
  const path = await folder.write("params/clip", "1.0");
  const first = await read(null);
  await writeFile(path, "2.0");
  await utimes(path, 2000, 2000);
  const second = await read(first.marks);
  expect([texts(second), second.restarted]).toEqual([[["params/clip", "2.0", 0]], false]);
});

test("a folder of many series is given in pieces", async () => {
  for (const name of ["a", "b", "c"]) {
    await folder.write(`metrics/${name}`, `${name.repeat(8)}\n`);
  }
  const given: unknown[] = [];
  let marks: string | null = null;
  let more = true;
  while (more) {
    const piece: FolderTexts = await read(marks, 10);
    given.push(texts(piece).map((text) => (text as unknown[])[0]));
    ({ marks, more } = piece);
  }
  expect(given).toEqual([["metrics/a", "metrics/b"], ["metrics/c"]]);
});

test("folders and files that are not there are nothing yet; marks that are not ours are a fresh start", async () => {
  expect(texts(await read(null))).toEqual([]);
  const path = await folder.write("metrics/a", "1\n");
  const first = await read('[["metrics/a", "nonsense"], 3]');
  await rm(path);
  expect([texts(first), texts(await read(first.marks)), texts(await read("{"))]).toEqual([
    [["metrics/a", "1\n", 0]],
    [],
    [],
  ]);
});
