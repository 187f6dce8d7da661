import { expect, test } from "vitest";

import { normsOf } from "../../../support/checkpoint.ts";
import { type Pickled } from "../../../support/pickle.ts";
import { bytesOf } from "../../../support/safetensors.ts";
import { tensor, type TestStorage, torchLegacy, torchZip } from "../../../support/torch.ts";
import { VALUES } from "../../../support/torchTensors.ts";

const DTYPES = [
  { type: "Double", data: bytesOf(Float64Array.from(VALUES)) },
  { type: "Float", data: bytesOf(Float32Array.from(VALUES)) },
  { type: "Long", data: bytesOf(BigInt64Array.from(VALUES, BigInt)) },
  { type: "Int", data: bytesOf(Int32Array.from(VALUES)) },
  { type: "Short", data: bytesOf(Int16Array.from(VALUES)) },
  { type: "Char", data: bytesOf(Int8Array.from(VALUES)) },
  { type: "Byte", data: Uint8Array.from(VALUES) },
  { type: "Half", data: bytesOf(Uint16Array.from(VALUES, half)) },
  {
    type: "BFloat16",
    data: bytesOf(Uint16Array.from(new Uint32Array(Float32Array.from(VALUES).buffer), (bits) => bits >>> 16)),
  },
  { type: "ComplexFloat", data: bytesOf(Float32Array.from(VALUES.flatMap((value) => [0, value]))) },
  { type: "ComplexDouble", data: bytesOf(Float64Array.from(VALUES.flatMap((value) => [value, 0]))) },
  { type: "Untyped", dtype: "uint16", data: bytesOf(Uint16Array.from(VALUES)) },
  { type: "Untyped", dtype: "complex32", data: bytesOf(Uint16Array.from(VALUES.flatMap((value) => [half(value), 0]))) },
] as const;

/** Whole numbers up to 2¹¹ as float16. */
function half(value: number): number {
  const exponent = value === 0 ? 0 : Math.floor(Math.log2(value));
  return value === 0 ? 0 : ((exponent + 15) << 10) | ((value / 2 ** exponent - 1) * 2 ** 10);
}

const VIEWS = {
  contiguous: { size: [4, 6], stride: [6, 1] },
  transposed: { size: [6, 4], stride: [1, 6] },
  sliced: { offset: 7, size: [2, 3], stride: [6, 2] },
  expanded: { offset: 5, size: [3, 2], stride: [0, 1] },
  scalar: { offset: 23, size: [], stride: [] },
  empty: { size: [0, 6], stride: [6, 1] },
  tied: { size: [4, 6], stride: [6, 1] },
} as const;

/** Norms of the views, from the values alone. */
const NORMS = Object.fromEntries(
  Object.entries(VIEWS).map(([view, { size, stride, ...rest }]) => [
    view,
    normOf({ offset: 0, ...rest, size, stride }),
  ]),
);

function normOf({
  offset,
  size,
  stride,
}: {
  offset: number;
  size: readonly number[];
  stride: readonly number[];
}): number {
  const indices = size.reduce<number[]>(
    (all, length, axis) => all.flatMap((at) => Array.from({ length }, (_, index) => at + index * (stride[axis] ?? 0))),
    [offset],
  );
  return Math.sqrt(indices.reduce((sum, index) => sum + (VALUES[index] ?? 0) ** 2, 0));
}

function storageOf({ type, data }: (typeof DTYPES)[number]): TestStorage {
  return { key: "0", type, data, elements: type === "Untyped" ? data.length : 24 };
}

function viewsOf(row: (typeof DTYPES)[number]): Record<string, Pickled> {
  const dtype = "dtype" in row ? { dtype: row.dtype } : {};
  return Object.fromEntries(
    Object.entries(VIEWS).map(([view, places]) => [view, tensor({ storage: storageOf(row), ...places, ...dtype })]),
  );
}

function rounded(norms: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(norms).map(([own, norm]) => [own, norm.toPrecision(12)]));
}

test.each(DTYPES)(
  "every view of a storage of $type has the norm of its elements, in each form of file",
  async (row) => {
    const storage = storageOf(row);
    const files = {
      "zip.pt": torchZip(viewsOf(row), [storage]),
      "deflated.pt": torchZip(viewsOf(row), [storage], { isDeflated: true }),
      ...(row.type === "Untyped" ? {} : { "legacy.pt": torchLegacy(viewsOf(row), [storage]) }),
    };
    for (const [file, bytes] of Object.entries(files)) {
      const norms = await normsOf(bytes, file);
      expect(norms.kind === "ok" ? rounded(norms.value) : norms).toEqual(rounded(NORMS));
    }
  },
);

test.each(DTYPES)("numbers of $type written big-endian have the same norms", async (row) => {
  const width =
    row.data.length / 24 / (row.type.startsWith("Complex") || ("dtype" in row && row.dtype === "complex32") ? 2 : 1);
  const data = row.data.slice();
  for (let at = 0; at < data.length; at += width) {
    data.subarray(at, at + width).reverse();
  }
  const norms = await normsOf(torchZip(viewsOf(row), [{ ...storageOf(row), data }], { byteorder: "big" }), "big.pt");
  expect(norms.kind === "ok" ? rounded(norms.value) : norms).toEqual(rounded(NORMS));
});
