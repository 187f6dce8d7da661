import { expect, test } from "vitest";
import { ALL_STEPS } from "#store/columns/bucket.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { createSeries } from "#store/columns/logSeries.ts";
import type { GrowingSeries } from "#store/series.ts";
import { GLOBAL, batch, tensorKey } from "../support/logs.ts";
import { createRandom } from "../support/random.ts";
import { chunkOf, randomSamples, randomSplit } from "../support/samples.ts";

const LOG = { path: "/run/metrics.jsonl", format: "jsonl" } as const;
const SEEDS = Array.from({ length: 10 }, (_, seed) => seed);

/** All that no coarsening may change. */
function essence(series: GrowingSeries): unknown {
  const finite = [...series.values()].filter(Number.isFinite);
  return [
    [Math.min(...finite), Math.max(...finite), Math.min(...finite.filter((value) => value > 0))],
    [series.counts(), series.count(), series.segments(), series.last()],
  ];
}

test.each(SEEDS)("coarsening again and again loses no extreme, kind of value or count, seed %i", (seed) => {
  const random = createRandom(seed);
  const samples = randomSamples(random, 4000);
  const [whole, coarse] = [createSeries(GLOBAL), createSeries(GLOBAL)];
  whole.append(chunkOf(samples));
  for (const chunk of randomSplit(random, samples)) {
    coarse.append(chunk);
    if (random.below(4) === 0) {
      coarse.coarsen(random.pick(["olderHalf", "coarsened"]));
    }
  }
  expect([essence(coarse), coarse.length() < whole.length()]).toEqual([essence(whole), true]);
});

test.each(SEEDS)("what a restart replaced hides no extreme of what counts, seed %i", (seed) => {
  const samples = randomSamples(createRandom(seed), 4000);
  const [whole, coarse] = [createSeries(GLOBAL), createSeries(GLOBAL)];
  [whole, coarse].forEach((series) => series.append(chunkOf(samples)));
  coarse.coarsen("olderHalf");
  coarse.coarsen("olderHalf");
  coarse.coarsen("coarsened");
  expect(coarse.buckets(ALL_STEPS, 1)).toEqual(whole.buckets(ALL_STEPS, 1));
});

test.each(SEEDS)("what is said of a step after coarsening is right or nothing, seed %i", (seed) => {
  const random = createRandom(seed);
  const samples = randomSamples(random, 2000);
  const [whole, coarse] = [createSeries(GLOBAL), createSeries(GLOBAL)];
  whole.append(chunkOf(samples));
  coarse.append(chunkOf(samples));
  coarse.coarsen("olderHalf");
  const steps = [...new Set(samples.steps)];
  const told = steps.filter((step) => coarse.valueAt(step) !== undefined);
  expect(told.map((step) => coarse.valueAt(step))).toEqual(told.map((step) => whole.valueAt(step)));
  expect([told.length > 0, told.length < steps.length]).toEqual([true, true]);
});

test("samples after a number are the same ones after what is older was coarsened", () => {
  const samples = randomSamples(createRandom(1), 1000);
  const series = createSeries(GLOBAL);
  series.append(chunkOf(samples));
  const before = [...series.since(700).lines];
  series.coarsen("olderHalf");
  expect([[...series.since(700).lines], series.coarsened(), series.since(0).steps.length]).toEqual([
    before,
    500,
    series.length(),
  ]);
});

function grow(run: Run, plan: { readonly batches: number; readonly tensors: number; readonly steps: number }): number {
  const random = createRandom(5);
  const samples = randomSamples(random, plan.batches * plan.steps, 50_000);
  let most = 0;
  for (let index = 0; index < plan.batches; index += 1) {
    const one = chunkOf(samples, index * plan.steps, (index + 1) * plan.steps);
    const chunks = Array.from({ length: plan.tensors }, (_, tensor) => ({ ...one, ...tensorKey(`w${tensor}`) }));
    run.append(LOG, batch(chunks));
    most = Math.max(
      most,
      run.logs().reduce((sum, { series }) => sum + series.reduce((kept, each) => kept + each.length(), 0), 0),
    );
  }
  return most;
}

test.each([
  { batches: 200, tensors: 1, steps: 500 },
  { batches: 1000, tensors: 50, steps: 4 },
])("$tensors series never keep more than the limit", (plan) => {
  expect(
    grow(
      createRun("/run", () => 5000),
      plan,
    ),
  ).toBeLessThanOrEqual(5000);
});

test("that samples were coarsened is said once, and not before", () => {
  const run = createRun("/run", () => 5000);
  grow(run, { batches: 9, tensors: 1, steps: 500 });
  const before = run.notes();
  grow(run, { batches: 90, tensors: 1, steps: 500 });
  expect([before, run.notes()]).toEqual([
    [],
    [
      "The logs have more than 5,000 samples. Of the oldest, only the first, last, smallest and largest of each block " +
        "and its first NaN, Inf and zero are kept (gradlens.runs.maxSamples).",
    ],
  ]);
});

test("a limit too small for the number of series costs no extreme", () => {
  const run = createRun("/run", () => 10);
  const most = grow(run, { batches: 500, tensors: 3, steps: 4 });
  expect([most < 3 * 200, run.series().map((series) => series.count())]).toEqual([true, [2000, 2000, 2000]]);
});
