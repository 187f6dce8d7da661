import { expect, test } from "vitest";

import type { MomentSettings } from "#core/comparison.ts";
import { elementsOf } from "#core/tensorPart.ts";
import type { Chunk } from "#reduction/engine.ts";
import { toChange } from "#reduction/pairs/change.ts";
import { cutShape } from "#reduction/pairs/cutShape.ts";
import { NO_SCALES } from "#reduction/pairs/measure.ts";
import { momentScales, toMoments } from "#reduction/pairs/moments.ts";
import { createPairReducer } from "#reduction/pairs/pairReducer.ts";
import { reducePair } from "#reduction/pairs/reducePair.ts";
import { checkReducible, type Reducible } from "#reduction/reduce.ts";

import { createRandom } from "../../support/random.ts";
import { openIn } from "../engines.ts";
import { elementsIn, randomShape, randomView, VIEWED, type View, viewOf } from "../views.ts";

const REAL = VIEWED.filter((dtype) => dtype !== "C64");

function reducibleOf({ entry }: View): Reducible {
  const outcome = checkReducible(entry);
  if (outcome.kind !== "ok") {
    throw new Error(JSON.stringify(outcome));
  }
  return outcome.value;
}

/** A view's elements in row-major order. */
function valuesOf(view: View): Float64Array {
  const values = new Float64Array(view.entry.elements);
  for (const { index, value } of elementsIn(view)) {
    values[index] = value;
  }
  return values;
}

test.each(REAL)(
  "two views of %s in any parts, strides, boxes and codings are paired element by element",
  async (dtype) => {
    const random = createRandom(3);
    const reducer = { ...(await createPairReducer()), pieceElements: 7 };
    for (let round = 0; round < 150; round += 1) {
      const shape = randomShape(random);
      const views = [randomView(random, dtype, shape), randomView(random, random.pick(REAL), shape)] as const;
      const outcome = await reducePair(
        reducer,
        {
          tensors: [reducibleOf(views[0]), reducibleOf(views[1])],
          open: [openIn(views[0].file), openIn(views[1].file)],
        },
        { measure: "change", scales: NO_SCALES },
      );
      const [before, after] = [valuesOf(views[0]), valuesOf(views[1])];
      const dot = before.reduce((sum, value, at) => sum + value * (after[at] ?? 0), 0);
      const changed = before.filter((value, at) => !Object.is(value + 0, (after[at] ?? 0) + 0)).length;
      const found = outcome.kind === "ok" ? toChange(outcome.value) : undefined;
      expect([found?.changed, Number(found?.dot.toPrecision(10))]).toEqual([changed, Number(dot.toPrecision(10))]);
    }
  },
);

test.each([
  { shape: [], most: 7, pieces: 1 },
  { shape: [20], most: 7, pieces: 3 },
  { shape: [3, 5], most: 7, pieces: 3 },
  { shape: [3, 5], most: 10, pieces: 2 },
  { shape: [2, 3, 20], most: 7, pieces: 18 },
  { shape: [4, 0], most: 7, pieces: 1 },
])("a tensor of shape $shape is cut into $pieces pieces of at most $most, which follow each other", (row) => {
  const slabs = [...cutShape(row.shape, row.most)];
  let next = 0;
  for (const { first, elements, shape, start } of slabs) {
    const place = start.reduce((sum, at, axis) => sum * (row.shape[axis] ?? 1) + at, 0);
    expect([first, elements, place]).toEqual([next, elementsOf(shape), next]);
    expect(elements).toBeLessThanOrEqual(row.most);
    next += elements;
  }
  expect([slabs.length, next]).toEqual([row.pieces, elementsOf(row.shape)]);
});

test.each(["plain", "none"] as const)(
  "Adam's moments give what its formulas say, element by element (%s)",
  async (variant) => {
    const random = createRandom(5);
    const settings: MomentSettings = { step: 7, beta1: 0.9, beta2: 0.99, epsilon: 1e-3 };
    const means = Float32Array.from({ length: 1000 }, () => (random.below(2001) - 1000) / 1e4);
    const squares = Float32Array.from({ length: 1000 }, (_, at) => (at % 10 === 0 ? 0 : random.below(1000) / 1e7));
    means.forEach((_, at) => (means[at] = squares[at] === 0 ? 0 : (means[at] ?? 0)));
    const views = [means, squares].map((values) =>
      viewOf(
        { dtype: "F32", shape: [10, 100], parts: [{ file: "t", offset: 0, byteLength: 4000 }] },
        new Uint8Array(values.buffer),
        [],
      ),
    );
    const [first, second] = views as [View, View];
    const reducer = { ...(await createPairReducer(variant)), pieceElements: 301 };
    const outcome = await reducePair(
      reducer,
      { tensors: [reducibleOf(first), reducibleOf(second)], open: [openIn(first.file), openIn(second.file)] },
      { measure: "moments", scales: momentScales(settings) },
    );
    const corrected = Array.from(means, (mean, at) => {
      return { mean: mean / (1 - 0.9 ** 7), square: (squares[at] ?? 0) / (1 - 0.99 ** 7) };
    });
    const total = (of: (moment: { mean: number; square: number }) => number): number =>
      corrected.reduce((sum, moment) => sum + of(moment), 0);
    const found = outcome.kind === "ok" ? toMoments(outcome.value, settings) : undefined;
    const ratios = Array.from({ length: 21 }, () => 0);
    for (const { mean, square } of corrected.filter((moment) => moment.square > 0)) {
      const bin = Math.min(20, Math.floor((10 * Math.abs(mean)) / Math.sqrt(square)));
      ratios[bin] = (ratios[bin] ?? 0) + 1;
    }
    const { squaredMean = 0, squaredGradient = 0, update = 0 } = found ?? {};
    expect(squaredMean).toBeCloseTo(
      total(({ mean }) => mean ** 2),
      12,
    );
    expect(squaredGradient).toBeCloseTo(
      total(({ square }) => square),
      12,
    );
    expect(update).toBeCloseTo(Math.sqrt(total(({ mean, square }) => (mean / (Math.sqrt(square) + 1e-3)) ** 2)), 9);
    expect(found).toEqual({
      squaredMean,
      squaredGradient,
      update,
      belowEpsilon: corrected.filter(({ square }) => Math.sqrt(square) < 1e-3).length,
      zeros: corrected.filter(({ square }) => square === 0).length,
      nonFinite: 0,
      ratios,
    });
  },
);

test("moments that are NaN, infinite or negative are counted, and make the sums NaN or Infinity", async () => {
  const reducer = await createPairReducer();
  const placed = (values: readonly number[], side: 0 | 1): Chunk => {
    const bytes = reducer.place(side, 0, { offset: 0, length: 4 * values.length, alignment: 4 });
    bytes.set(new Uint8Array(Float32Array.from(values).buffer));
    return { dtype: "F32", bytes };
  };
  const measured = (means: readonly number[], squares: readonly number[]): readonly number[] => {
    const sums = reducer.reduce([placed(means, 0), placed(squares, 1)], "moments", NO_SCALES);
    const settings = { step: Infinity, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    const { squaredMean, squaredGradient, nonFinite } = toMoments(sums, settings);
    return [squaredMean, squaredGradient, nonFinite];
  };
  expect(measured([1, 2], [3, 4])).toEqual([5, 7, 0]);
  expect(measured([1, Number.NaN], [3, 4])).toEqual([Number.NaN, 7, 1]);
  expect(measured([1, 2], [3, Infinity])).toEqual([5, Infinity, 1]);
  expect(measured([1, 2], [3, -4])).toEqual([5, -1, 1]);
});
