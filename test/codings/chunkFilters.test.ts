import { expect, test } from "vitest";

import { openPart } from "../support/openPart.ts";
import type { Coding } from "#core/coding.ts";
import { decodedBytes } from "#core/tensorPart.ts";

import { shuffled } from "../support/hdf5.ts";
import { concat } from "../support/safetensors.ts";

async function decode(bytes: Uint8Array, ...codings: readonly Coding[]): Promise<readonly number[]> {
  const part = { file: "weights", offset: 0, byteLength: bytes.length, codings };
  const target = new Uint8Array(decodedBytes(part));
  await openPart(part, async (into, offset) => into.set(bytes.subarray(offset, offset + into.length)))(target, 0);
  return Array.from(target);
}

/** More than is decoded at once. */
const LARGE = Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) % 251);

test.each([{ bytes: LARGE.subarray(0, 24) }, { bytes: LARGE }])(
  "$bytes.length shuffled bytes come back",
  async ({ bytes }) => {
    expect(await decode(shuffled(bytes, 4), { kind: "shuffle", bytes: 4 })).toEqual(Array.from(bytes));
  },
);

test.each([{ bytes: 15 }, { bytes: LARGE.length - (LARGE.length % 5) }])(
  "pairs of bytes are swapped at their places in each block of $bytes bytes, however they are cut",
  async ({ bytes: count }) => {
    const bytes = LARGE.subarray(0, count);
    const wanted = Array.from(bytes, (_, at) => bytes[at - (at % 5) + ([0, 2, 1, 4, 3][at % 5] ?? 0)]);
    expect(await decode(bytes, { kind: "swapPairs", blockBytes: 5, pairs: [1, 3] })).toEqual(wanted);
  },
);

test("elements larger than all bytes are not shuffled, and take no time", async () => {
  expect(await decode(Uint8Array.of(1, 2, 3), { kind: "shuffle", bytes: 2 ** 50 })).toEqual([1, 2, 3]);
});

test("bytes after the last whole element are not shuffled", async () => {
  const bytes = concat([shuffled(Uint8Array.of(1, 2, 3, 4), 2), Uint8Array.of(9)]);
  expect(await decode(bytes, { kind: "shuffle", bytes: 2 })).toEqual([1, 2, 3, 4, 9]);
});

// Checksums that HDF5 2.0 gave.
test.each([
  { data: [0, 1, 2, 3, 4, 5, 6, 7], sum: [0x10, 0x0c, 0x1e, 0x14] },
  { data: [0, 1, 2, 3, 4], sum: [0x04, 0x06, 0x09, 0x08] },
])("$data with their checksum come back without it", async ({ data, sum }) => {
  expect(await decode(Uint8Array.of(...data, ...sum), { kind: "fletcher32" })).toEqual(data);
});

test("the checksum of many bytes stays in 32 bits, as HDF5 computes it", async () => {
  const data = Uint8Array.from({ length: 200_000 }, (_, index) => ((index % 251) * 7) % 256);
  const bytes = concat([data, Uint8Array.of(0xc0, 0xf6, 0x6e, 0xcf)]);
  expect(await decode(bytes, { kind: "fletcher32" })).toEqual(Array.from(data));
});

test("the checksum that HDF5 once wrote the other way round is accepted", async () => {
  const bytes = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 0x0c, 0x10, 0x14, 0x1e);
  expect(await decode(bytes, { kind: "fletcher32" })).toHaveLength(8);
});

test.each([
  { damage: "a wrong bit", bytes: [0, 1, 2, 3, 4, 5, 6, 6, 0x10, 0x0c, 0x1e, 0x14] },
  { damage: "no room for a checksum", bytes: [1, 2, 3] },
])("data with $damage are rejected", async ({ bytes }) => {
  await expect(decode(Uint8Array.from(bytes), { kind: "fletcher32" })).rejects.toThrow(/weights|checksum|invalid/i);
});

// What h5py 3.16 wrote.
const REPEATED = { bytes: "0361626361e035020578797a78797a", text: `${"abc".repeat(22)}xyzxyz` };
const ZEROS = { bytes: "010000e0ff00e07b00010000", text: "\0".repeat(400) };

test.each([REPEATED, ZEROS])("LZF data of h5py come back: $bytes", async ({ bytes, text }) => {
  const decoded = await decode(Buffer.from(bytes, "hex"), { kind: "lzf", decodedBytes: text.length });
  expect(String.fromCodePoint(...decoded)).toBe(text);
});

test.each([
  { fault: "end inside a run", bytes: "0361", what: "end inside a run" },
  { fault: "copy from before their start", bytes: "2005", what: "before their start" },
  { fault: "hold too much", bytes: "0361626361e0ff02", what: "more than the 20 bytes" },
  { fault: "hold too little", bytes: "0061", what: "hold 1 of the 20 bytes" },
  { fault: "end inside a copy", bytes: "0061e0", what: "20 bytes|before" },
])("LZF data that $fault are rejected", async ({ bytes, what }) => {
  const decoded = decode(Buffer.from(bytes, "hex"), { kind: "lzf", decodedBytes: 20 });
  await expect(decoded).rejects.toThrow(new RegExp(what));
});
