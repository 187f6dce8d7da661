import { expect, test } from "vitest";
import { ALL_STEPS } from "#store/columns/bucket.ts";
import type { Bucket, Sample } from "#store/columns/bucket.ts";
import { createSeries } from "#store/columns/logSeries.ts";
import type { GrowingSeries } from "#store/series.ts";
import { GLOBAL } from "../../support/logs.ts";
import { createRandom } from "../../support/random.ts";
import { chunkOf, currentIndexes, randomSamples, randomSplit } from "../../support/samples.ts";
import type { Samples } from "../../support/samples.ts";

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed);

function seriesOf(samples: Samples): GrowingSeries {
  const series = createSeries(GLOBAL);
  series.append(chunkOf(samples));
  return series;
}

/** The bucket of samples that lie next to each other, by looking at each of them. */
function bruteForce(samples: readonly Sample[]): Bucket | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  const finite = samples.filter(({ value }) => Number.isFinite(value));
  const count = (isCounted: (value: number) => boolean): number =>
    samples.filter(({ value }) => isCounted(value)).length;
  return first === undefined || last === undefined
    ? undefined
    : {
        first,
        last,
        low: best(finite, (a, b) => a < b),
        high: best(finite, (a, b) => a > b),
        lowPositive: best(
          finite.filter(({ value }) => value > 0),
          (a, b) => a < b,
        ),
        counts: {
          positive: count((value) => value > 0 && value < Infinity),
          zero: count((value) => value === 0),
          negative: count((value) => value < 0 && value > -Infinity),
          nan: count(Number.isNaN),
          posInf: count((value) => value === Infinity),
          negInf: count((value) => value === -Infinity),
        },
      };
}

function best(samples: readonly Sample[], isBetter: (a: number, b: number) => boolean): Sample | undefined {
  return samples.reduce<Sample | undefined>(
    (found, sample) => (found === undefined || isBetter(sample.value, found.value) ? sample : found),
    undefined,
  );
}

function total({ counts }: Bucket): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

test.each(SEEDS)("buckets are what looking at every sample gives, seed %i", (seed) => {
  const random = createRandom(seed);
  const samples = randomSamples(random, 1 + random.below(5000));
  const series = seriesOf(samples);
  const last = Math.max(...samples.steps);
  for (let turn = 0; turn < 10; turn += 1) {
    const from = random.below(last + 2);
    const window = turn === 0 ? ALL_STEPS : { from, until: from + random.below(last + 2) };
    const most = 1 + random.below(random.pick([5, 100, 6000]));
    const inside = currentIndexes(samples)
      .map((index): Sample => ({ step: samples.steps[index] ?? 0, value: samples.values[index] ?? 0 }))
      .filter(({ step }) => step >= window.from && step < window.until);
    const buckets = series.buckets(window, most);
    let at = 0;
    const expected = buckets.map((bucket) => bruteForce(inside.slice(at, (at += total(bucket)))));
    expect([buckets.length <= most, at, buckets]).toEqual([true, inside.length, expected]);
  }
});

test("a large series is cut into more than half as many buckets as asked for", () => {
  const steps = Array.from({ length: 100_000 }, (_, index) => index);
  const series = seriesOf({ steps, values: steps });
  const counts = [1, 2, 3, 10, 999, 1000].map((most) => series.buckets(ALL_STEPS, most).length);
  expect(counts).toEqual([1, 2, 2, 7, 782, 782]);
});

test.each(SEEDS)("any split into appends gives the same series, seed %i", (seed) => {
  const random = createRandom(seed);
  const samples = randomSamples(random, random.below(3000));
  const [whole, split] = [seriesOf(samples), createSeries(GLOBAL)];
  randomSplit(random, samples).forEach((chunk) => split.append(chunk));
  expect(describe(split)).toEqual(describe(whole));
});

function describe(series: GrowingSeries): unknown {
  const columns = [series.steps(), series.values(), series.lines(), series.wallTimes() ?? []];
  const { steps, values } = series.thinned(50);
  return [
    ...columns.map((column) => Array.from(column)),
    [series.count(), series.segments(), series.last(), series.counts()],
    [Array.from(steps), Array.from(values)],
    series.buckets(ALL_STEPS, 40),
  ];
}

test("numbers that a narrow column cannot hold stay exact, whenever they come", () => {
  const steps = [1, 2, 2.5, 2 ** 33];
  const values = [0.5, Number.NaN, 0.1, 1e300];
  const series = createSeries(GLOBAL);
  steps.forEach((_, index) => series.append(chunkOf({ steps, values }, index, index + 1)));
  expect([[...series.steps()], [...series.values()]]).toEqual([steps, values]);
});

function kinds(bucket: Bucket | undefined): unknown {
  return Object.entries(bucket?.counts ?? {}).map(([kind, count]) => [kind, count > 0]);
}

test("what is thinned is in the order of the log and has every extreme and kind of value", () => {
  const samples = randomSamples(createRandom(3), 50_000);
  const series = seriesOf(samples);
  const thinned = series.thinned(200);
  const again = createSeries(GLOBAL);
  again.append(chunkOf({ steps: [...thinned.steps], values: [...thinned.values] }));
  const [one, other] = [series, again].map((each) => each.buckets(ALL_STEPS, 1)[0]);
  expect([
    again.length() < 10_000,
    again.segments(),
    other?.low,
    other?.high,
    other?.lowPositive,
    kinds(other),
  ]).toEqual([true, series.segments(), one?.low, one?.high, one?.lowPositive, kinds(one)]);
});
