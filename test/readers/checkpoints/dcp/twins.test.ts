import { expect, test } from "vitest";
import type { ByteSource } from "#core/byteSource.ts";
import { createTwin } from "#readers/checkpoints/dcp/twins.ts";
import type { ZipEntry } from "#readers/checkpoints/zip/payloads.ts";

const BYTES = 64;
const archive: ByteSource = {
  name: "one.pt",
  size: BYTES,
  read: async (_offset, length) => new Uint8Array(length),
};
const tensor = {
  dtype: "F32",
  shape: [4],
  elements: 4,
  bytes: 16,
  parts: [{ file: "one.pt", offset: 40, byteLength: 16 }],
} as const;
const payload = (size: number): ZipEntry => ({
  name: "archive/data/0",
  offset: 40,
  compressedSize: size,
  size,
  method: "stored",
  crc32: 0,
});

test.each([
  { size: 16, start: 40, end: 56 },
  { size: BYTES - 40, start: 40, end: BYTES },
])("others are known by the bytes around elements of $size bytes", async ({ size, start, end }) => {
  expect(await createTwin(archive, [payload(size)], tensor)).toMatchObject({ length: BYTES, start, end });
});

test("nothing is known by an archive whose directory says more bytes than it has", async () => {
  expect(await createTwin(archive, [payload(BYTES)], tensor)).toBeUndefined();
});
