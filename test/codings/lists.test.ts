import { expect, test } from "vitest";

import { openPart } from "../support/openPart.ts";
import type { Coding } from "#core/coding.ts";
import { decodedBytes } from "#core/tensorPart.ts";

import { varint } from "../support/protobuf.ts";
import { bytesOf, concat, sourceOf } from "../support/safetensors.ts";

const NUMBERS = [0, 1, 127, 128, 300, 2 ** 28 - 1, 2 ** 28, 2 ** 31, -1, -2, -129, -(2 ** 31)];

test.each([
  { bytes: 1, values: Int8Array.from(NUMBERS) },
  { bytes: 2, values: Int16Array.from(NUMBERS) },
  { bytes: 4, values: Int32Array.from(NUMBERS) },
  { bytes: 8, values: BigInt64Array.from(NUMBERS, BigInt) },
] as const)("numbers of base 128 become their lower $bytes bytes, tagged or not", async ({ bytes, values }) => {
  const decoded = bytesOf(values);
  const coding = { kind: "varints", bytes, decodedBytes: decoded.length } as const;
  expect(await decode(concat(NUMBERS.map(varint)), { ...coding, isTagged: false })).toEqual(decoded);
  const tagged = concat(NUMBERS.flatMap((number) => [Uint8Array.of(0x38), varint(number)]));
  expect(await decode(tagged, { ...coding, isTagged: true })).toEqual(decoded);
});

test("a number may lie across two pieces of the file, and reading may start anywhere", async () => {
  const count = 300_000;
  const numbers = Uint16Array.from({ length: count }, (_, index) => (index * 7919) % 65_536);
  const coded = concat(Array.from(numbers, varint));
  const coding = { kind: "varints", bytes: 2, isTagged: false, decodedBytes: 2 * count } as const;
  const decoded = await decode(coded, coding);
  expect(Buffer.compare(decoded, bytesOf(numbers))).toBe(0);
  const read = openPart({ file: "f", offset: 0, byteLength: coded.length, codings: [coding] }, reader(coded));
  const target = new Uint8Array(4);
  await read(target, 2 * (count - 2));
  await read(target, 2 * 1000);
  expect([...new Uint16Array(target.buffer)]).toEqual([...numbers.subarray(1000, 1002)]);
});

test.each([
  { fault: "more numbers than the 1 it should", coded: [1, 2] },
  { fault: "more than ten digits", coded: [128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 1] },
  { fault: "end after 0 bytes; 2 were expected", coded: [128] },
])("a list is refused that says of itself: $fault", async ({ fault, coded }) => {
  const coding = { kind: "varints", bytes: 2, isTagged: false, decodedBytes: 2 } as const;
  await expect(decode(Uint8Array.from(coded), coding)).rejects.toThrow(fault);
});

test("records give what stands after each tag, also across two pieces of the file", async () => {
  const values = Float32Array.from({ length: 100_000 }, (_, index) => index);
  const bytes = bytesOf(values);
  const coded = new Uint8Array(5 * values.length);
  for (let index = 0; index < values.length; index += 1) {
    coded[5 * index] = 0x25;
    coded.set(bytes.subarray(4 * index, 4 * index + 4), 5 * index + 1);
  }
  expect(Buffer.compare(await decode(coded, { kind: "records", skip: 1, take: 4 }), bytes)).toBe(0);
});

function reader(file: Uint8Array): (target: Uint8Array, offset: number) => Promise<void> {
  return async (target, offset) => {
    target.set(await sourceOf(file).read(offset, target.length));
  };
}

async function decode(file: Uint8Array, coding: Coding): Promise<Uint8Array> {
  const part = { file: "f", offset: 0, byteLength: file.length, codings: [coding] };
  const target = new Uint8Array(decodedBytes(part));
  await openPart(part, reader(file))(target, 0);
  return target;
}
