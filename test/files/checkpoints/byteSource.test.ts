import { truncate } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openByteSource } from "#files/checkpoints/byteSource.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

const BYTES = Uint8Array.from({ length: 100 }, (_, at) => at);

test("a source knows its name and size and reads exact ranges, also empty ones", async () => {
  const source = await openByteSource(await folder.write("a.safetensors", BYTES));
  expect({
    name: source.name,
    size: source.size,
    middle: await source.read(10, 3),
    end: await source.read(98, 2),
    empty: await source.read(100, 0),
  }).toEqual({
    name: "a.safetensors",
    size: 100,
    middle: Uint8Array.of(10, 11, 12),
    end: Uint8Array.of(98, 99),
    empty: new Uint8Array(),
  });
  await source.close();
});

test("a source reads into the middle of a buffer", async () => {
  const source = await openByteSource(await folder.write("b.bin", BYTES));
  const memory = new Uint8Array(100);
  await source.readInto(memory.subarray(5, 8), 50);
  expect(memory.slice(4, 9)).toEqual(Uint8Array.of(0, 50, 51, 52, 0));
  await source.close();
});

test.each([
  { range: "past the end", offset: 99, length: 2 },
  { range: "beyond the end", offset: 101, length: 0 },
  { range: "at a negative offset", offset: -1, length: 1 },
  { range: "at half a byte", offset: 0.5, length: 1 },
])("a range $range is refused", async ({ offset, length }) => {
  const source = await openByteSource(await folder.write("c.bin", BYTES));
  await expect(source.read(offset, length)).rejects.toThrow(/c\.bin: bytes .* outside the file \(100 bytes\)/);
  await source.close();
});

test("a file that shrank after it was opened rejects instead of giving zeros", async () => {
  const path = await folder.write("d.bin", BYTES);
  const source = await openByteSource(path);
  await truncate(path, 60);
  await expect(source.read(50, 20)).rejects.toThrow("d.bin: the file ended at byte 60");
  await source.close();
});

test("a folder is not a source", async () => {
  await expect(openByteSource(folder.path)).rejects.toThrow("is not a file");
});
