import { expect, test } from "vitest";

import { openPart } from "../support/openPart.ts";
import type { TensorPart } from "#core/tensorPart.ts";

import { bytesOf, concat } from "../support/safetensors.ts";

const TABLE = Float32Array.from({ length: 256 }, (_, at) => at - 128);
const SCALES = Float32Array.of(1, 0.5, Number.NaN, -2);
/** The last block is not full. */
const CODES = Uint8Array.from({ length: 14 }, (_, at) => 120 + at);
const TABLE_BYTES = 1024;
const FILE = concat([bytesOf(TABLE), bytesOf(SCALES), CODES]);
const PART: TensorPart = {
  file: "weights",
  offset: TABLE_BYTES + 16,
  byteLength: CODES.length,
  codings: [
    {
      kind: "codebook",
      table: { offset: 0, byteLength: TABLE_BYTES },
      scales: { offset: TABLE_BYTES, byteLength: 16 },
      blockElements: 4,
    },
  ],
};
const VALUES = Array.from(CODES, (code, at) => (code - 128) * (SCALES[Math.floor(at / 4)] ?? 0));

async function read(start: number, end: number): Promise<number[]> {
  const target = new Uint8Array((end - start) * 4);
  await openPart(PART, async (to, offset) => to.set(FILE.subarray(offset, offset + to.length)))(target, start * 4);
  return Array.from(new Float32Array(target.buffer));
}

test("codes give their numbers times their block's scale, wherever the reading starts and ends", async () => {
  for (let start = 0; start < CODES.length; start += 1) {
    for (let end = start + 1; end <= CODES.length; end += 1) {
      expect([start, end, await read(start, end)]).toEqual([start, end, VALUES.slice(start, end)]);
    }
  }
});

test("a read past the last code is refused", async () => {
  await expect(read(10, 15)).rejects.toThrow("weights: byte 60 of 56 was asked for in the data at 1040.");
});
