import { expect, test } from "vitest";

import { inOnePiece } from "#core/tensorPart.ts";
import { globalNorms, type MeasuredTensor } from "#reduction/globals.ts";

import { entryOf } from "./engines.ts";

const AT_START = inOnePiece("t", 0, 8);

let nextOffset = 0;

function tensor(l2: number, more: Partial<MeasuredTensor> = {}): MeasuredTensor {
  nextOffset += 8;
  const finite = { nan: 0, posInf: 0, negInf: 0, firstNonFinite: null };
  return { ...entryOf("F32", 8, nextOffset), l2, linf: Math.abs(l2), ...finite, ...more };
}

test("squares are added within a kind, and kinds are kept apart", () => {
  const globals = globalNorms([tensor(3), tensor(4), tensor(7, { kind: "weight" })]);
  const counts = { nan: 0, posInf: 0, negInf: 0 };
  expect(globals).toEqual({
    gradient: { l2: 5, linf: 4, rms: 2.5, elements: 4, tensors: 2, ...counts },
    weight: { l2: 7, linf: 7, rms: 7 / Math.SQRT2, elements: 2, tensors: 1, ...counts },
  });
});

test("a tensor is tied to any one before it, also to one that only begins where another does", () => {
  const [long, short] = [{ parts: AT_START }, { parts: inOnePiece("t", 0, 4), elements: 1 }];
  const globals = globalNorms([tensor(3, long), tensor(4, short), tensor(4, short), tensor(3, long)]);
  expect(globals.gradient).toMatchObject({ l2: 5, tensors: 2, elements: 3 });
});

test.each([
  { what: "tied tensors", second: { parts: AT_START }, l2: 5, tensors: 1 },
  {
    what: "the same bytes as another element type",
    second: { parts: AT_START, dtype: "I32" },
    l2: 5 * Math.SQRT2,
    tensors: 2,
  },
  { what: "the same place in another shard", second: { parts: inOnePiece("b", 0, 8) }, l2: 5 * Math.SQRT2, tensors: 2 },
] as const)("$what count $tensors times", ({ second, l2, tensors }) => {
  const globals = globalNorms([tensor(5, { parts: AT_START }), tensor(5, { name: "again", ...second })]);
  expect(globals.gradient).toMatchObject({ l2, tensors, elements: 2 * tensors });
});

test("empty tensors at one offset are not tied", () => {
  const empty = { parts: inOnePiece("t", 0, 0), elements: 0 };
  expect(globalNorms([tensor(0, empty), tensor(0, empty)]).gradient).toMatchObject({ tensors: 2, rms: 0, l2: 0 });
});

test.each([
  { what: "NaN", bad: { l2: Number.NaN, linf: Number.NaN, nan: 2 }, l2: Number.NaN },
  { what: "Infinity", bad: { l2: Infinity, linf: Infinity, posInf: 2 }, l2: Infinity },
])("one $what tensor makes the global norm $l2", ({ bad, l2 }) => {
  expect(globalNorms([tensor(1), tensor(0, bad), tensor(2)]).gradient).toMatchObject({
    ...bad,
    l2,
    linf: l2,
    tensors: 3,
  });
});

test.each([1e200, 1e-200])("norms of %d do not overflow or vanish together", (size) => {
  expect((globalNorms([tensor(3 * size), tensor(4 * size)]).gradient?.l2 ?? 0) / size).toBeCloseTo(5, 13);
});
