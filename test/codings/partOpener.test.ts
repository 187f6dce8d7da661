import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync, constants } from "node:zlib";

import { expect, test } from "vitest";

import { isDamage } from "#codings/damage.ts";
import { createPartOpener } from "#codings/partOpener.ts";
import { openPart } from "../support/openPart.ts";
import type { Coding } from "#core/coding.ts";
import type { TensorPart } from "#core/tensorPart.ts";

import { concat } from "../support/safetensors.ts";

/** Bytes that compress, and not to nothing. */
function someBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * index) % 251);
}

const SMALL = someBytes(6000);
/** Too large to be decoded at once. */
const LARGE = someBytes(3_000_000);

const COMPRESS = { deflate: deflateRawSync, zlib: deflateSync, gzip: gzipSync, zstd: zstdCompressSync };
const KINDS = ["deflate", "zlib", "gzip", "zstd"] as const;
const SIZES = [
  { size: "small", data: SMALL },
  { size: "large", data: LARGE },
];
const CASES = KINDS.flatMap((kind) => SIZES.map(({ size, data }) => ({ kind, size, data })));

interface Stored {
  readonly part: TensorPart;
  readonly file: Uint8Array;
}

/** Coded bytes as a part of a file that has other bytes around them. */
function store(bytes: Uint8Array, ...codings: readonly Coding[]): Stored {
  const part = { file: "weights", offset: 7, byteLength: bytes.length, codings };
  return { part, file: concat([new Uint8Array(7).fill(255), bytes, new Uint8Array(9).fill(255)]) };
}

async function decode({ part, file }: Stored, length: number, offset = 0): Promise<Uint8Array> {
  const target = new Uint8Array(length);
  await openPart(part, readerOf(file))(target, offset);
  return target;
}

function readerOf(file: Uint8Array): (target: Uint8Array, offset: number) => Promise<void> {
  return async (target, offset) => target.set(file.subarray(offset, offset + target.length));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

test.each(CASES)("$size $kind data come back whole, in any pieces and from any offset", async ({ kind, data }) => {
  const stored = store(COMPRESS[kind](data), { kind, decodedBytes: data.length });
  expect(sameBytes(await decode(stored, data.length), data)).toBe(true);
  const read = openPart(stored.part, readerOf(stored.file));
  const back = new Uint8Array(data.length);
  for (let at = 0, step = 1; at < data.length; at += step, step = Math.min(step * 3 + 1, 400_001)) {
    await read(back.subarray(at, at + step), at);
  }
  expect(sameBytes(back, data)).toBe(true);
  const middle = data.length >> 1;
  const pieces = new Uint8Array(20);
  await read(pieces.subarray(0, 10), 3);
  await read(pieces.subarray(10), middle);
  expect(sameBytes(pieces, concat([data.subarray(3, 13), data.subarray(middle, middle + 10)]))).toBe(true);
});

test.each(CASES)("$size $kind data that end early are named, with file and place", async ({ kind, data }) => {
  const whole = COMPRESS[kind](data);
  for (const cut of [1, 2, 5, 40, whole.length >> 1, whole.length - 3, whole.length]) {
    const stored = store(whole.subarray(0, whole.length - cut), { kind, decodedBytes: data.length });
    const failure: unknown = await decode(stored, data.length).catch((error: unknown) => error);
    expect(isDamage(failure)).toBe(true);
    expect(String(failure)).toMatch(/weights: the data at 7 are damaged: these \w+ data cannot be decompressed: .+\.$/);
  }
});

test.each(CASES)("$size $kind data that hold more than declared are told as such", async ({ kind, data }) => {
  const stored = store(COMPRESS[kind](data), { kind, decodedBytes: data.length - 1 });
  await expect(decode(stored, data.length - 1)).rejects.toThrow(
    `weights: the data at 7 are damaged: these ${kind} data cannot be decompressed: ` +
      `they hold more than the ${data.length - 1} bytes they should.`,
  );
});

test.each(CASES)("$size $kind data that hold less than declared are told as such", async ({ kind, data }) => {
  const stored = store(COMPRESS[kind](data), { kind, decodedBytes: data.length + 4 });
  await expect(decode(stored, data.length + 4)).rejects.toThrow(
    `they hold ${data.length} of the ${data.length + 4} bytes they should.`,
  );
});

test.each(CASES)("$size $kind data with wrong bytes never reject with anything but damage", async ({ kind, data }) => {
  const whole = COMPRESS[kind](data);
  for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 12)) {
    const bytes = Uint8Array.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    const outcome = await decode(store(bytes, { kind, decodedBytes: data.length }), data.length).catch(isDamage);
    expect(outcome === true || outcome instanceof Uint8Array).toBe(true);
  }
});

test.each(KINDS)("a %s bomb is cut off at the declared size", async (kind) => {
  const bomb = COMPRESS[kind](new Uint8Array(64 * 1024 * 1024));
  for (const decodedBytes of [100, 2_000_000]) {
    await expect(decode(store(bomb, { kind, decodedBytes }), decodedBytes)).rejects.toThrow(
      `they hold more than the ${decodedBytes} bytes they should.`,
    );
  }
});

test.each(SIZES)("the checksum of a $size gzip stream is looked at once all elements are given", async ({ data }) => {
  const bytes = Uint8Array.from(gzipSync(data));
  const at = bytes.length - 8;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await expect(decode(store(bytes, { kind: "gzip", decodedBytes: data.length }), data.length)).rejects.toThrow(
    "incorrect data check",
  );
});

const checksum = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
const unsized = { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } };
const SKIPPABLE = Uint8Array.of(0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);

test.each(
  SIZES.flatMap(({ size, data }) => {
    const half = data.length >> 1;
    const halves = [data.subarray(0, half), data.subarray(half)];
    return [
      { what: `${size}, with a checksum`, bytes: zstdCompressSync(data, checksum), data },
      { what: `${size}, of unknown size`, bytes: zstdCompressSync(data, unsized), data },
      { what: `${size}, in two frames`, bytes: concat(halves.map((each) => zstdCompressSync(each, checksum))), data },
      { what: `${size}, after a frame to skip`, bytes: concat([SKIPPABLE, zstdCompressSync(data)]), data },
      { what: `${size}, before a frame to skip`, bytes: concat([zstdCompressSync(data), SKIPPABLE]), data },
      { what: `${size}, all zeros`, bytes: zstdCompressSync(new Uint8Array(data.length)), data: data.map(() => 0) },
      {
        what: `${size}, with an empty frame`,
        bytes: concat([zstdCompressSync(new Uint8Array()), zstdCompressSync(data)]),
        data,
      },
    ];
  }),
)("zstd frames are read: $what", async ({ bytes, data }) => {
  expect(sameBytes(await decode(store(bytes, { kind: "zstd", decodedBytes: data.length }), data.length), data)).toBe(
    true,
  );
});

test.each([
  { what: "a wrong checksum", spoil: (bytes: Uint8Array) => bytes.with(bytes.length - 1, bytes.at(-1) === 0 ? 1 : 0) },
  { what: "other bytes after the frame", spoil: (bytes: Uint8Array) => concat([bytes, SMALL]) },
  { what: "half a frame to skip after it", spoil: (bytes: Uint8Array) => concat([bytes, SKIPPABLE.subarray(0, 9)]) },
])("zstd frames with $what are damaged", async ({ spoil }) => {
  for (const { data } of SIZES) {
    const bytes = spoil(zstdCompressSync(data, checksum));
    await expect(decode(store(bytes, { kind: "zstd", decodedBytes: data.length }), data.length)).rejects.toThrow(
      "weights: the data at 7 are damaged: these zstd data cannot be decompressed: ",
    );
  }
});

test("a zstd frame that wants a window of gigabytes is refused", async () => {
  const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0);
  for (const decodedBytes of [100, 2_000_000]) {
    await expect(decode(store(frame, { kind: "zstd", decodedBytes }), decodedBytes)).rejects.toThrow(
      "Frame requires too much memory for decoding",
    );
  }
});

test.each(
  [2, 3, 4, 8, 16].flatMap((width) =>
    SIZES.map(({ size, data }) => ({ width, size, data: data.subarray(0, 48 * 5000) })),
  ),
)("big-endian numbers of $width bytes are turned around, $size", async ({ width, data }) => {
  const turned = Uint8Array.from(data, (_, at) => data[at - (at % width) + width - 1 - (at % width)] ?? 0);
  const coding = { kind: "bigEndian", bytes: width } as const;
  const whole = data.length - (data.length % width);
  expect(sameBytes(await decode(store(data.subarray(0, whole), coding), whole), turned.subarray(0, whole))).toBe(true);
  const after = Buffer.concat([Buffer.alloc(5), data.subarray(0, whole)]);
  const codings = [{ kind: "zstd", decodedBytes: whole + 5 }, { kind: "skip", bytes: 5 }, coding] as const;
  const stored = store(zstdCompressSync(after), ...codings);
  expect(sameBytes(await decode(stored, whole), turned.subarray(0, whole))).toBe(true);
});

test("big-endian numbers that lie across two pieces are turned around", async () => {
  // A read of the file gives 256 KiB, which three does not divide.
  const data = LARGE.subarray(0, 3 * 300_000);
  const turned = Uint8Array.from(data, (_, at) => data[at - (at % 3) + 2 - (at % 3)] ?? 0);
  const stored = store(data, { kind: "bigEndian", bytes: 3 });
  expect(sameBytes(await decode(stored, data.length), turned)).toBe(true);
});

test.each(SIZES)("half a $size number at the end is damage, not a number", async ({ data }) => {
  const odd = data.subarray(0, data.length - (data.length % 4) - 1);
  await expect(decode(store(odd, { kind: "bigEndian", bytes: 4 }), odd.length)).rejects.toThrow(
    /^weights: the data at 7 are damaged: /,
  );
});

test.each(SIZES)("$size data compressed twice are decompressed twice", async ({ data }) => {
  const inner = gzipSync(data);
  const stored = store(
    zstdCompressSync(inner),
    { kind: "zstd", decodedBytes: inner.length },
    { kind: "gzip", decodedBytes: data.length },
  );
  expect(sameBytes(await decode(stored, data.length), data)).toBe(true);
});

test("inline bytes take none of the file, and may be compressed themselves", async () => {
  const base64 = zstdCompressSync(SMALL).toString("base64");
  const part = {
    file: "weights",
    offset: 0,
    byteLength: 0,
    codings: [
      { kind: "inline", base64 },
      { kind: "zstd", decodedBytes: SMALL.length },
    ],
  } as const;
  const target = new Uint8Array(SMALL.length);
  await openPart(part, () => Promise.reject(new Error("the file was read")))(target, 0);
  expect(sameBytes(target, SMALL)).toBe(true);
});

test("bytes past the end of a part are refused, coded or not", async () => {
  const zstd = store(zstdCompressSync(SMALL), { kind: "zstd", decodedBytes: SMALL.length });
  await expect(decode(zstd, 1, SMALL.length)).rejects.toThrow("weights: byte 6001 of 6000 was asked for");
  await expect(decode(store(SMALL), 1, SMALL.length)).rejects.toThrow("weights: byte 6001 of 6000 was asked for");
});

test.each(CASES)("a file that cannot be read is not damage: $size $kind", async ({ kind, data }) => {
  const { part } = store(COMPRESS[kind](data), { kind, decodedBytes: data.length });
  const lost = new Error("EIO: the disk is gone");
  const failure: unknown = await openPart(part, () => Promise.reject(lost))(new Uint8Array(9), 0).catch(
    (error: unknown) => error,
  );
  expect(failure).toBe(lost);
});

test.each(KINDS)("a %s stream that is closed early reads no more of the file", async (kind) => {
  const { part, file } = store(COMPRESS[kind](randomBytes(4_000_000)), { kind, decodedBytes: 4_000_000 });
  const reads: number[] = [];
  const read = async (target: Uint8Array, offset: number): Promise<void> => {
    reads.push(offset);
    target.set(file.subarray(offset, offset + target.length));
  };
  const opener = createPartOpener();
  await opener.open(part, read)(new Uint8Array(100), 0);
  await opener.close();
  const readsBefore = reads.length;
  expect(readsBefore).toBeLessThan(8);
  await opener.open(part, read)(new Uint8Array(100), 50);
  await opener.open(part, read)(new Uint8Array(100), 0);
  await opener.close();
  expect(reads.length).toBeLessThan(3 * 8);
});

/** Bytes that do not compress: a linear congruential generator (Numerical Recipes). */
function randomBytes(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}
