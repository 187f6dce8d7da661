import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { measureValueClip } from "#analysis/clipping/byValue.ts";
import type { ElementStatistics } from "#analysis/clipping/elementStatistics.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";
import { createNoise } from "../../support/norms.ts";
import { EXAMPLE } from "../../support/build.ts";

/** As `gradlens norms --full` has them: the outermost bins also hold what lies beyond them. */
function statisticsOf(elements: readonly number[]): ElementStatistics {
  const sizes = elements.map(Math.abs);
  const exponents = sizes
    .filter((size) => size > 0)
    .map((size) => Math.min(Math.max(Math.floor(Math.log2(size)), -149), 128));
  const [first, last] = [Math.min(...exponents), Math.max(...exponents)];
  const counts =
    exponents.length === 0
      ? []
      : Array.from({ length: last - first + 1 }, (_, at) => exponents.filter((one) => one === first + at).length);
  return {
    elements: elements.length,
    l1: sizes.reduce((sum, size) => sum + size, 0),
    l2: lengthOf(elements),
    linf: Math.max(...sizes),
    histogram: { firstExponent: exponents.length === 0 ? 0 : first, counts },
  };
}

/** The L2 norm; squares neither over- nor underflow. */
function lengthOf(elements: readonly number[]): number {
  const unit = Math.max(...elements.map(Math.abs), Number.MIN_VALUE);
  return unit * Math.sqrt(elements.reduce((sum, element) => sum + (element / unit) ** 2, 0));
}

function truthOf(elements: readonly number[], limit: number): readonly [share: number, norm: number, cosine: number] {
  const after = elements.map((element) => Math.min(Math.max(element, -limit), limit));
  const [before, norm] = [lengthOf(elements), lengthOf(after)];
  const cosine = elements.reduce((sum, element, index) => sum + (element / before) * ((after[index] ?? 0) / norm), 0);
  return [elements.filter((element) => Math.abs(element) >= limit).length / elements.length, norm, cosine];
}

function outside(tensors: readonly (readonly number[])[], limit: number): unknown[] {
  return outsideOf(tensors.map(statisticsOf), tensors.flat(), limit);
}

function outsideOf(statistics: readonly ElementStatistics[], elements: readonly number[], limit: number): unknown[] {
  const effect = measureValueClip(statistics, limit);
  const intervals = [effect?.clippedShare, effect?.norm, effect?.cosine];
  const truth = truthOf(elements, limit);
  return intervals.flatMap(([low, high] = [Number.NaN, Number.NaN], index) => {
    const value = truth[index] ?? Number.NaN;
    const isInside = low <= high && value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
    return isInside ? [] : [{ limit, index, value, low, high }];
  });
}

const noise = createNoise(2);
const NORMAL = Array.from({ length: 4000 }, () => noise() * 1e-3);
const HEAVY = Array.from({ length: 4000 }, () => 1e-3 * noise() * Math.exp(2 * noise()));
const SPARSE = NORMAL.map((element, index) => (index % 10 === 0 ? element : 0));
const LIMITS = [1e-6, 1e-4, 2 ** -10, 7e-4, 1e-3, 1.5e-3, 2 ** -9, 3e-3, 0.01, 1];

test.each([
  { what: "normal elements", elements: NORMAL },
  { what: "a heavy tail", elements: HEAVY },
  { what: "mostly zeros", elements: SPARSE },
  { what: "powers of two", elements: [1, 2, 4, 8, -16, 0.5] },
  { what: "one element", elements: [-3] },
])("what clipping $what by value does lies in the intervals", ({ elements }) => {
  const scale = Math.max(...elements) > 0.5 ? 1000 : 1;
  expect(LIMITS.flatMap((limit) => outside([elements], limit * scale))).toEqual([]);
});

test("at a power of two the share is exact", () => {
  const [low, high] = measureValueClip([statisticsOf(NORMAL)], 2 ** -10)?.clippedShare ?? [0, 1];
  expect([low, high]).toEqual([truthOf(NORMAL, 2 ** -10)[0], truthOf(NORMAL, 2 ** -10)[0]]);
});

test("a limit above every element changes nothing", () => {
  const statistics = statisticsOf([3, 0, -4]);
  expect(measureValueClip([statistics], 4.5)).toEqual({ clippedShare: [0, 0], norm: [5, 5], cosine: [1, 1] });
  expect(measureValueClip([statistics], 1e300)).toEqual({ clippedShare: [0, 0], norm: [5, 5], cosine: [1, 1] });
});

test("the largest element is cut wherever the limit is below it", () => {
  expect(measureValueClip([statisticsOf([1.1, 1.2, 1.9])], 1.8)?.clippedShare).toEqual([1 / 3, 1]);
});

test("where few elements are cut the intervals are narrow", () => {
  const { norm, cosine } = measureValueClip([statisticsOf(NORMAL)], 2 ** -8) ?? {};
  expect((norm?.[1] ?? 2) / (norm?.[0] ?? 1)).toBeLessThan(1.001);
  expect(cosine?.[0]).toBeGreaterThan(0.999);
});

test("of tensors taken together the intervals hold what clipping all their elements does", () => {
  const tensors = [NORMAL, HEAVY, SPARSE, [0, 0, 0.5], [0]];
  expect([...LIMITS, 0.25].flatMap((limit) => outside(tensors, limit))).toEqual([]);
});

test("what is known of each tensor narrows what is told of all", () => {
  const [small, large] = [NORMAL, NORMAL.map((element) => 16 * element)];
  expect(cosineWidth([small, large], 3e-3) / cosineWidth([[...small, ...large]], 3e-3)).toBeLessThan(0.7);
});

function cosineWidth(tensors: readonly (readonly number[])[], limit: number): number {
  const [low, high] = measureValueClip(tensors.map(statisticsOf), limit)?.cosine ?? [0, Infinity];
  return high - low;
}

test.each([
  { what: "one large element beside tiny ones", elements: [1, ...Array.from({ length: 200 }, () => 1e-12)] },
  { what: "signs", elements: Array.from({ length: 60 }, (_, index) => 2 ** (60 - index)) },
  { what: "float64 whose squares overflow", elements: [1e200, -3e199, 5e180] },
  { what: "float64 whose squares underflow", elements: [1e-200, -3e-201, 5e-220] },
  { what: "float64 beyond any ratio", elements: [1e200, -1e-100] },
])("limits far from the elements are no harm: $what", ({ elements }) => {
  const scale = Math.max(...elements);
  const limits = [1e-150, 1e-20, 1e-14, 1e-6, 0.3, 1, 1e10].map((ratio) => ratio * scale).filter((limit) => limit > 0);
  expect(limits.flatMap((limit) => outside([elements], limit))).toEqual([]);
});

test.each([
  { what: "NaN", change: { l2: Number.NaN, linf: Number.NaN } },
  { what: "an infinity", change: { l2: Infinity, linf: Infinity } },
])("with $what there is nothing to tell", ({ change }) => {
  expect(measureValueClip([statisticsOf(HEAVY), { ...statisticsOf(NORMAL), ...change }], 1e-3)).toBe(undefined);
});

test("with nothing but zeros there is nothing to tell", () => {
  expect(measureValueClip([[0, 0], [0]].map(statisticsOf), 1e-3)).toBe(undefined);
});

test("the histogram of a real gradient holds what clipping its elements does", async () => {
  const file = join(EXAMPLE, "checkpoint-241/grads.safetensors");
  const { tensors } = await computeNorms(file, { engine: "simd", threads: 1, isFull: true });
  const parts = tensors.flatMap(({ histogram, l1, ...rest }) =>
    histogram === null || l1 === null ? [] : [{ ...rest, l1, histogram }],
  );
  const elements = float32Elements(readFileSync(file));
  expect(parts.reduce((sum, part) => sum + part.elements, 0)).toBe(elements.length);
  expect([1e-4, 1e-3, 0.01, 0.03, 0.1, 1].flatMap((limit) => outsideOf(parts, elements, limit))).toEqual([]);
});

/** All elements of a safetensors file of float32 tensors. */
function float32Elements(bytes: Buffer): number[] {
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  return Array.from({ length: (bytes.length - start) / 4 }, (_, index) => bytes.readFloatLE(start + 4 * index));
}
