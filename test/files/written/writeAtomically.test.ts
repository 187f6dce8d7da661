import { mkdir, readdir, readFile } from "node:fs/promises";
import { devNull } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freshNamesIn, readTextIfThere, removeFolder, removeIfEmpty } from "#files/written/sharedFolder.ts";
import { createFolder, writeAtomically } from "#files/written/writeAtomically.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await createTestFolder();
});
afterEach(async () => folder.dispose());

test("whoever reads while a file is written again and again sees all of one text or of another", async () => {
  const path = join(folder.path, "part.json");
  const texts = ["a", "b"].map((letter) => letter.repeat(2_000_000));
  await writeAtomically(path, texts[0] ?? "");
  const seen = new Set<string>();
  const writing = async (): Promise<void> => {
    for (let round = 0; round < 10; round += 1) {
      await writeAtomically(path, texts[round % 2] ?? "");
    }
  };
  const reading = async (): Promise<void> => {
    for (let round = 0; round < 30; round += 1) {
      seen.add(await readFile(path, "utf8"));
    }
  };
  await Promise.all([writing(), reading()]);
  expect([Array.from(seen).filter((text) => !texts.includes(text)), await readdir(folder.path)]).toEqual([
    [],
    ["part.json"],
  ]);
});

test("what cannot take its place leaves nothing beside it", async () => {
  await mkdir(join(folder.path, "sub"));
  await expect(writeAtomically(join(folder.path, "missing/x.json"), "text")).rejects.toThrow(
    "missing/x.json: The folder",
  );
  await expect(writeAtomically(join(folder.path, "sub"), "text")).rejects.toThrow("EISDIR");
  expect(await readdir(folder.path, { recursive: true })).toEqual(["sub"]);
});

test("an error names the file that was asked for, not what is written beside it first", async () => {
  const path = join(folder.path, "sub");
  await mkdir(path);
  const error: unknown = await writeAtomically(path, "text").catch((each: unknown) => each);
  expect(error).toMatchObject({ path, code: "EISDIR" });
});

test("a device is written to and stays one", async () => {
  await writeAtomically(devNull, "text");
  expect(await readFile(devNull, "utf8")).toBe("");
});

test("a folder of a job goes with what is in it, and that of all jobs once it is empty", async () => {
  const base = join(folder.path, "shares");
  const jobs = [join(base, "one"), join(base, "two")];
  for (const job of jobs) {
    await createFolder(job);
    await writeAtomically(join(job, "share.json"), "text");
    expect([await freshNamesIn(job), await readTextIfThere(join(job, "share.json"))]).toEqual([["share.json"], "text"]);
  }
  for (const job of jobs) {
    await removeIfEmpty(base);
    expect(await readdir(base)).toContain(basename(job));
    await removeFolder(job);
  }
  await removeIfEmpty(base);
  await removeIfEmpty(base);
  expect([await readdir(folder.path), await readTextIfThere(join(base, "share.json"))]).toEqual([[], undefined]);
});
