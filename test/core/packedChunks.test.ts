import { expect, test } from "vitest";
import { isWhole, packed, unpacked } from "#core/packedChunks.ts";
import type { SeriesChunk } from "#core/series.ts";
import { GLOBAL, RATE, batch, chunk, tensorKey } from "../support/logs.ts";

const CHUNKS: readonly SeriesChunk[] = [
  chunk(GLOBAL, [1, 2], [Number.NaN, -Infinity]),
  { ...chunk(tensorKey("w"), [], []), resolution: 0.5 },
  { ...chunk(tensorKey("v"), [7], [-0]), wallTimes: Float64Array.of(1.7e9), axis: "tokens", isEstimate: true },
  { ...chunk(RATE, [3, 4, 5], [1, 2, 3]), wallTimes: Float64Array.of(Number.NaN, 2, 3), file: "rate.txt" },
];

test("a batch that was packed is the same batch again", () => {
  const sent = batch(CHUNKS, { more: true });
  expect(unpacked(structuredClone(packed(sent)))).toEqual(sent);
});

test("a batch without chunks is one", () => {
  expect(unpacked(packed({ chunks: [] }))).toEqual({ chunks: [] });
});

const { chunks: WHOLE } = packed({ chunks: CHUNKS });

test.each([
  { what: "all columns", change: {}, isRight: true },
  { what: "a name too few", change: { names: WHOLE.names.slice(1) }, isRight: false },
  { what: "a sample too few", change: { values: WHOLE.values.subarray(1) }, isRight: false },
  { what: "a wall time too many", change: { wallTimes: new Float64Array(5) }, isRight: false },
  { what: "other lengths", change: { lengths: Uint32Array.of(1, 1, 1, 1) }, isRight: false },
  { what: "more of a chunk that is not there", change: { extras: [{ chunk: 4 }] }, isRight: false },
])("chunks with $what are whole: $isRight", ({ change, isRight }) => {
  expect(isWhole({ ...WHOLE, ...change })).toBe(isRight);
});
