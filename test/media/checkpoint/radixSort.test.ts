import { expect, test } from "vitest";
import { sortedPlaces } from "#media/checkpoint/tensors/radixSort.ts";
import { createRandom } from "../../support/random.ts";

const EDGES = [
  0,
  -0,
  Number.NaN,
  Infinity,
  -Infinity,
  5e-324,
  -5e-324,
  1.7e308,
  -1.7e308,
  1,
  -1,
  1 + 2 ** -52,
  2 ** 32,
];

const rank = (value: number): number => (Number.isNaN(value) ? 1 : 0);

const compare = (a: number, b: number): number =>
  rank(a) === rank(b) ? Number(a > b) - Number(a < b) : rank(a) - rank(b);

/** By definition: NaN above all, equal ones in the order they came. */
function byComparison(values: Float64Array, descending: boolean): readonly number[] {
  return Array.from(values.keys()).toSorted((a, b) => {
    const order = compare(values[a] ?? 0, values[b] ?? 0);
    return order === 0 ? a - b : descending ? -order : order;
  });
}

test.each([true, false])("numbers stand as a comparison would put them, descending %s", (descending) => {
  const random = createRandom(7);
  for (let turn = 0; turn < 200; turn += 1) {
    const values = Float64Array.from({ length: random.below(60) }, () =>
      random.below(3) === 0 ? random.pick(EDGES) : (random.below(2000) - 1000) / 7 ** random.below(40),
    );
    expect(Array.from(sortedPlaces(values, descending))).toEqual(byComparison(values, descending));
  }
});
