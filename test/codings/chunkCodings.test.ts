import { expect, test } from "vitest";

import { decompressBlosc } from "#codings/blosc.ts";
import { openPart } from "../support/openPart.ts";
import { decompressLz4, decompressLz4Blocks } from "#codings/lz4.ts";
import type { Coding } from "#core/coding.ts";

import { CHUNK_VALUES, COMPRESSED_CHUNKS } from "../support/compressedChunks.ts";
import { createRandom } from "../support/random.ts";
import { bytesOf, concat } from "../support/safetensors.ts";

const VALUES = bytesOf(CHUNK_VALUES);

async function decode(bytes: Uint8Array, coding: Coding): Promise<Uint8Array> {
  const part = { file: "weights", offset: 0, byteLength: bytes.length, codings: [coding] };
  const target = new Uint8Array(VALUES.length);
  await openPart(part, async (into, offset) => into.set(bytes.subarray(offset, offset + into.length)))(target, 0);
  return target;
}

test.each(COMPRESSED_CHUNKS)("a chunk of $kind ($what) gives its numbers", async ({ kind, base64 }) => {
  const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
  expect(await decode(bytes, { kind, decodedBytes: VALUES.length })).toEqual(VALUES);
});

test.each(COMPRESSED_CHUNKS)(
  "a chunk of $kind ($what) that is cut, damaged or of another size is damage, and takes no more memory",
  async ({ kind, base64 }) => {
    const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
    for (let end = 0; end < bytes.length; end += 1) {
      await expect(decode(bytes.slice(0, end), { kind, decodedBytes: VALUES.length })).rejects.toThrow(/^weights: /);
    }
    await expect(decode(bytes, { kind, decodedBytes: VALUES.length + 1 })).rejects.toThrow(/^weights: .*expected/);
    const random = createRandom(7);
    for (let round = 0; round < 300; round += 1) {
      const damaged = bytes.slice();
      damaged[random.below(damaged.length)] = random.below(256);
      const decoded = await decode(damaged, { kind, decodedBytes: VALUES.length }).catch((error: unknown) => error);
      expect(decoded instanceof Uint8Array || (decoded instanceof Error && decoded.name === "DamagedData")).toBe(true);
    }
  },
);

test("a copy of LZ4 may reach into itself, and into nothing before the start", () => {
  expect(Array.from(decompressLz4(Uint8Array.of(0x14, 7, 1, 0, 0), 9))).toEqual(Array.from({ length: 9 }, () => 7));
  expect(() => decompressLz4(Uint8Array.of(0x14, 7, 2, 0, 0), 9)).toThrow(/before their start/);
  expect(() => decompressLz4(Uint8Array.of(0x14, 7, 0, 0, 0), 9)).toThrow(/before their start/);
  expect(() => decompressLz4(Uint8Array.of(0x1f, 7, 1, 0, 255, 255, 255, 9), 9)).toThrow(/more than the 9 bytes/);
});

test("HDF5's LZ4 takes blocks that are compressed and blocks that are not", () => {
  const header = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, 9);
  const blocks = concat([Uint8Array.of(0, 0, 0, 5, 0x14, 7, 1, 0, 0), Uint8Array.of(0, 0, 0, 3, 1, 2, 3)]);
  const bytes = concat([header, blocks]);
  expect(Array.from(decompressLz4Blocks(bytes, 12))).toEqual([7, 7, 7, 7, 7, 7, 7, 7, 7, 1, 2, 3]);
  expect(() => decompressLz4Blocks(bytes, 13)).toThrow(/13 bytes that were expected/);
  expect(() => decompressLz4Blocks(bytes.subarray(0, -1), 12)).toThrow(/inside a block/);
});

function bloscChunk(version: number, flags: number): Uint8Array {
  return Uint8Array.of(version, 1, flags, 4, 4, 0, 0, 0, 4, 0, 0, 0, 24, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0);
}

test("what is Blosc 2, or compressed by Snappy, says so", () => {
  expect(() => decompressBlosc(bloscChunk(5, 0), 4)).toThrow(/header of Blosc 1/);
  expect(() => decompressBlosc(bloscChunk(2, 0x40), 4)).toThrow(/method 2 of Blosc, which is not read/);
});
