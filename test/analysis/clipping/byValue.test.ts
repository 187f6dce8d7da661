import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { measureValueClip } from "#analysis/clipping/byValue.ts";
import { joinStatistics } from "#analysis/clipping/elementStatistics.ts";
import type { ElementStatistics } from "#analysis/clipping/elementStatistics.ts";
import { computeNorms } from "#worker/computeNorms.ts";
import { createNoise } from "../../support/norms.ts";
import { EXAMPLE } from "../../support/build.ts";

function statisticsOf(elements: readonly number[]): ElementStatistics {
  const sizes = elements.map(Math.abs);
  const exponents = sizes.filter((size) => size > 0).map((size) => Math.floor(Math.log2(size)));
  const [first, last] = [Math.min(...exponents), Math.max(...exponents)];
  const counts = Array.from(
    { length: last - first + 1 },
    (_, at) => exponents.filter((one) => one === first + at).length,
  );
  return {
    elements: elements.length,
    l1: sizes.reduce((sum, size) => sum + size, 0),
    l2: Math.sqrt(sizes.reduce((sum, size) => sum + size * size, 0)),
    linf: Math.max(...sizes),
    histogram: { firstExponent: first, counts },
  };
}

function truthOf(elements: readonly number[], limit: number): readonly [share: number, norm: number, cosine: number] {
  const after = elements.map((element) => Math.min(Math.max(element, -limit), limit));
  const inner = elements.reduce((sum, element, index) => sum + element * (after[index] ?? 0), 0);
  const [before, norm] = [elements, after].map((values) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0)));
  const share = elements.filter((element) => Math.abs(element) >= limit).length / elements.length;
  return [share, norm ?? 0, inner / ((before ?? 0) * (norm ?? 0))];
}

function outside(statistics: ElementStatistics, elements: readonly number[], limit: number): unknown[] {
  const effect = measureValueClip(statistics, limit);
  const intervals = [effect?.clippedShare, effect?.norm, effect?.cosine];
  const truth = truthOf(elements, limit);
  return intervals.flatMap((interval = [Number.NaN, Number.NaN], index) => {
    const value = truth[index] ?? Number.NaN;
    const isInside = value >= interval[0] * (1 - 1e-9) && value <= interval[1] * (1 + 1e-9);
    return isInside ? [] : [{ limit, index, value, interval }];
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
  const statistics = statisticsOf(elements);
  const scale = statistics.linf > 0.5 ? 1000 : 1;
  expect(LIMITS.flatMap((limit) => outside(statistics, elements, limit * scale))).toEqual([]);
});

test("at a power of two the share is exact", () => {
  const [low, high] = measureValueClip(statisticsOf(NORMAL), 2 ** -10)?.clippedShare ?? [0, 1];
  expect([low, high]).toEqual([truthOf(NORMAL, 2 ** -10)[0], truthOf(NORMAL, 2 ** -10)[0]]);
});

test("a limit above every element changes nothing", () => {
  const statistics = statisticsOf(HEAVY);
  const { clippedShare, norm, cosine } = measureValueClip(statistics, statistics.linf * 2) ?? {};
  expect(clippedShare).toEqual([0, 0]);
  [...(norm ?? [0, 0])].forEach((bound) => expect(bound / statistics.l2).toBeCloseTo(1, 12));
  [...(cosine ?? [0, 0])].forEach((bound) => expect(bound).toBeCloseTo(1, 12));
});

test("where few elements are cut the intervals are narrow", () => {
  const { norm, cosine } = measureValueClip(statisticsOf(NORMAL), 2 ** -8) ?? {};
  expect((norm?.[1] ?? 2) / (norm?.[0] ?? 1)).toBeLessThan(1.001);
  expect(cosine?.[0]).toBeGreaterThan(0.999);
});

test("tensors taken together are all their elements", () => {
  const parts = [NORMAL, HEAVY, [0, 0, 8]].map(statisticsOf);
  const whole = statisticsOf([...NORMAL, ...HEAVY, 0, 0, 8]);
  const { l1, l2, ...joined } = joinStatistics(parts);
  expect(joined).toEqual({ elements: whole.elements, linf: whole.linf, histogram: whole.histogram });
  expect([l1 / whole.l1, l2 / whole.l2].map((ratio) => Math.abs(ratio - 1) < 1e-12)).toEqual([true, true]);
});

test.each([
  { what: "NaN", change: { l2: Number.NaN, linf: Number.NaN } },
  { what: "an infinity", change: { l2: Infinity, linf: Infinity } },
  { what: "no gradient", change: { l2: 0, linf: 0 } },
])("with $what there is nothing to tell", ({ change }) => {
  expect(measureValueClip({ ...statisticsOf(NORMAL), ...change }, 1e-3)).toBe(undefined);
});

test("the histogram of a real gradient holds what clipping its elements does", async () => {
  const file = join(EXAMPLE, "checkpoint-241/grads.safetensors");
  const { tensors } = await computeNorms(file, { engine: "simd", threads: 1, isFull: true });
  const parts = tensors.flatMap(({ histogram, l1, ...rest }) =>
    histogram === null || l1 === null ? [] : [{ ...rest, l1, histogram }],
  );
  const elements = float32Elements(readFileSync(file));
  const statistics = joinStatistics(parts);
  expect(statistics.elements).toBe(elements.length);
  expect([1e-4, 1e-3, 0.01, 0.03, 0.1, 1].flatMap((limit) => outside(statistics, elements, limit))).toEqual([]);
});

/** All elements of a safetensors file of float32 tensors. */
function float32Elements(bytes: Buffer): number[] {
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  return Array.from({ length: (bytes.length - start) / 4 }, (_, index) => bytes.readFloatLE(start + 4 * index));
}
