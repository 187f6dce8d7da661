import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { watchFolder } from "#files/watchFolder.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";

let folder: TestFolder;
let heard: Set<string>;
beforeEach(async () => {
  folder = await createTestFolder();
  heard = new Set();
});
afterEach(async () => folder.dispose());

test("what is written in a folder is content, what comes into it entries, and of what is below it nothing is told", async () => {
  await mkdir(join(folder.path, "below"));
  await writeFile(join(folder.path, "log"), "");
  const watcher = watchFolder(folder.path, (what) => heard.add(what));
  await writeFile(join(folder.path, "below", "log"), "a line");
  await writeFile(join(folder.path, "log"), "a line");
  await expect.poll(() => [...heard]).toEqual(["content"]);
  await writeFile(join(folder.path, "other"), "");
  await expect.poll(() => heard.has("entries")).toBe(true);
  watcher.dispose();
});

test.each(["is not there", "is a file", "leaves"])("a folder that %s is watched without an error", async (how) => {
  const path = join(folder.path, "one");
  await (how === "is a file" ? writeFile(path, "") : mkdir(path));
  await (how === "is not there" ? rm(path, { recursive: true }) : undefined);
  const watcher = watchFolder(path, (what) => heard.add(what));
  await (how === "leaves" ? rm(path, { recursive: true }) : undefined);
  await (how === "leaves" ? expect.poll(() => heard.size).toBeGreaterThan(0) : undefined);
  watcher.dispose();
  watcher.dispose();
});
