import { rename, truncate } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBlockingSource } from "#files/checkpoints/blockingSource.ts";
import { openByteSource } from "#files/checkpoints/byteSource.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

async function idOf(path: string): Promise<string> {
  const source = await openByteSource(path);
  await source.close();
  return source.id;
}

const BYTES = Uint8Array.from({ length: 100 }, (_, at) => at);

test("a file is opened again and read exactly", async () => {
  const path = await folder.write("a.bin", BYTES);
  const source = openBlockingSource(path, await idOf(path));
  const memory = new Uint8Array(5);
  source.readInto(memory.subarray(1, 4), 97);
  source.close();
  expect(memory).toEqual(Uint8Array.of(0, 97, 98, 99, 0));
});

test("a file that shrank throws instead of giving zeros", async () => {
  const path = await folder.write("b.bin", BYTES);
  const source = openBlockingSource(path, await idOf(path));
  await truncate(path, 60);
  expect(() => source.readInto(new Uint8Array(20), 50)).toThrow("b.bin: the file ended at byte 60, bytes up to 70");
  source.close();
});

test("a file that took the place of the first is refused", async () => {
  const path = await folder.write("c.bin", BYTES);
  const id = await idOf(path);
  await rename(await folder.write("new.bin", BYTES), path);
  expect(() => openBlockingSource(path, id)).toThrow("c.bin was replaced by another file while it was read.");
});
