import { readFile, rename, rm } from "node:fs/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import { openByteSource } from "#files/checkpoints/byteSource.ts";
import type { FileByteSource } from "#files/checkpoints/byteSource.ts";
import { createFilePool } from "#files/checkpoints/filePool.ts";
import type { FilePool } from "#files/checkpoints/filePool.ts";

import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
let pool: FilePool;
let open = 0;
let mostOpen = 0;

beforeEach(async () => {
  folder = await createTestFolder();
  open = 0;
  mostOpen = 0;
  pool = createFilePool(3, async (path): Promise<FileByteSource> => {
    const file = await openByteSource(path);
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    return {
      ...file,
      async close() {
        open -= 1;
        await file.close();
      },
    };
  });
});

afterEach(async () => {
  await pool.close();
  await folder.dispose();
});

async function openMany(count: number): Promise<FileByteSource[]> {
  const files: FileByteSource[] = [];
  for (let at = 0; at < count; at += 1) {
    files.push(await pool.open(await folder.write(`f${at}`, `file ${at}`)));
  }
  return files;
}

const text = async (file: FileByteSource): Promise<string> => new TextDecoder().decode(await file.read(0, file.size));

test("more files than may be open are all read, in any order", async () => {
  const files = await openMany(20);
  expect(open).toBe(3);
  const texts = await Promise.all(files.toReversed().map(text));
  expect(texts).toEqual(files.map((_, at) => `file ${at}`).toReversed());
  expect(open).toBeLessThanOrEqual(3);
  for (const [at, file] of files.entries()) {
    expect(await text(file)).toBe(`file ${at}`);
  }
  await pool.close();
  expect(open).toBe(0);
});

test("one after the other never has more open than one above the limit", async () => {
  for (const file of await openMany(20)) {
    await text(file);
  }
  expect(mostOpen).toBeLessThanOrEqual(4);
});

test("a file that another took the place of meanwhile is not read", async () => {
  const [first, ...others] = await openMany(5);
  const path = first?.path ?? "";
  await rename(await folder.write("new", "other"), path);
  await Promise.all(others.map(text));
  await expect(first?.read(0, 4)).rejects.toThrow("f0 was replaced by another file while it was read. Try again.");
  expect(await readFile(path, "utf8")).toBe("other");
});

test("a file that is gone rejects, and the others are still read and closed", async () => {
  const [first, ...others] = await openMany(5);
  await rm(first?.path ?? "");
  await expect(first?.read(0, 4)).rejects.toThrow("ENOENT");
  expect(await Promise.all(others.map(text))).toEqual(["file 1", "file 2", "file 3", "file 4"]);
  await pool.close();
  expect(open).toBe(0);
});

test("bytes outside a file are refused without being given memory", async () => {
  const [file] = await openMany(1);
  await expect(file?.read(0, 2 ** 40)).rejects.toThrow("f0: bytes 0 to 1099511627776 are outside the file (6 bytes).");
  await expect(file?.read(7, 1)).rejects.toThrow("outside the file");
});

test("nothing is read after the pool was closed", async () => {
  const [file] = await openMany(1);
  await pool.close();
  await expect(file?.read(0, 1)).rejects.toThrow("was closed");
});
