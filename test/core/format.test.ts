import { expect, test } from "vitest";
import { formatBytes, formatNorm, formatNumber, formatProgress } from "#core/format.ts";

test.each([
  [0, "0"],
  [-0, "0"],
  [1e-12, "1.000e-12"],
  [5e-324, "4.941e-324"],
  [0.000_999_9, "9.999e-4"],
  [0.001, "0.001"],
  [0.001_23, "0.00123"],
  [0.5, "0.5"],
  [10.576_895, "10.58"],
  [12_345.6, "12350"],
  [99_999, "99999"],
  [99_999.6, "100000"],
  [65_536, "65536"],
  [100_000, "1.000e+5"],
  [-2.5, "-2.5"],
  [Number.NaN, "NaN"],
  [Infinity, "Infinity"],
  [-Infinity, "-Infinity"],
])("%d is written %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  { norm: 0, text: "0 (no gradient)" },
  { norm: Number.NaN, text: "NaN" },
  { norm: undefined, text: "not measured" },
  { norm: null, text: "not measured" },
  { norm: 1e-12, text: "1.000e-12" },
])("zero, NaN and missing read differently: $norm is $text", ({ norm, text }) => {
  expect(formatNorm(norm)).toBe(text);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [384_608, "385 kB"],
  [999_999, "1000 kB"],
  [70e9, "70 GB"],
  [5e15, "5000 TB"],
])("%d bytes are written %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  { done: 0, total: 0, left: null, text: "0 of 0 B" },
  { done: 12, total: 999, left: null, text: "12 of 999 B" },
  { done: 1.234e9, total: 4e9, left: 2.1, text: "1.2 of 4.0 GB, 3 s left" },
  { done: 999, total: 4e9, left: null, text: "0.0 of 4.0 GB" },
  { done: 70e9, total: 141e9, left: 0, text: "70 of 141 GB, 0 s left" },
  { done: 1e9, total: 10e12, left: 120, text: "0.0 of 10.0 TB, 120 s left" },
  { done: 1e9, total: 10e12, left: 120.5, text: "0.0 of 10.0 TB, 3 min left" },
  { done: 1e9, total: 10e12, left: 7201, text: "0.0 of 10.0 TB, 3 h left" },
])("$done of $total bytes with $left seconds left are written $text", ({ done, total, left, text }) => {
  expect(formatProgress({ doneBytes: done, totalBytes: total, secondsLeft: left })).toBe(text);
});
