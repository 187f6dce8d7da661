import { expect, test } from "vitest";
import { ALL_STEPS } from "#store/columns/bucket.ts";
import { joinSeries } from "#store/joinSeries.ts";
import type { LogSeries, SourcedSeries } from "#store/series.ts";
import { createPool } from "#store/columns/pool.ts";
import { createRun } from "#store/run.ts";
import { createSeries } from "#store/columns/logSeries.ts";
import { GLOBAL, batch, chunk } from "../support/logs.ts";
import { createRandom } from "../support/random.ts";
import { chunkOf, randomSamples } from "../support/samples.ts";

function partOf(path: string, steps: readonly number[], values: readonly number[]): LogSeries {
  const part = createSeries(GLOBAL, { path, pool: createPool() });
  part.append(chunk(GLOBAL, steps, values));
  return part;
}

/** A run that was stopped at step 4 and resumed from a checkpoint at step 3. */
function resumed(): SourcedSeries {
  return joinSeries([partOf("/a", [1, 2, 3, 4], [1, 2, 3, 4]), partOf("/b", [3, 5], [30, 50])]);
}

test("a later log counts from its first step on, and a step it does not have is still known", () => {
  const series = resumed();
  const steps = [1, 2, 3, 4, 5, 6];
  expect([
    steps.map((step) => series.valueAt(step)),
    steps.map((step) => series.pathAt(step)),
    series.placeAt(3),
    series.buckets(ALL_STEPS, 9).map(({ first }) => first.value),
    series.segments(),
  ]).toEqual([
    [1, 2, 30, 4, 50, undefined],
    ["/a", "/a", "/b", "/b", "/b", "/b"],
    { path: "/b", line: 0 },
    [1, 2, 30, 50],
    2,
  ]);
});

test("the columns of joined logs are those of one log after the other", () => {
  const series = resumed();
  expect([series.steps(), series.lines(), series.since(3), series.since(5).values, series.last()]).toEqual([
    Float64Array.of(1, 2, 3, 4, 3, 5),
    Float64Array.of(0, 1, 2, 3, 0, 1),
    { steps: Float64Array.of(4, 3, 5), values: Float64Array.of(4, 30, 50), lines: Float64Array.of(3, 0, 1) },
    [50],
    { step: 5, value: 50 },
  ]);
});

test.each([0, 1, 2, 3, 4, 5])("joined logs are as one log with all their samples, seed %i", (seed) => {
  const random = createRandom(seed);
  const samples = randomSamples(random, 900);
  const whole = createSeries(GLOBAL);
  whole.append(chunkOf(samples));
  // A step in both logs counts in the later one only, and in one log twice.
  const cuts = samples.steps.flatMap((step, index) => (step === samples.steps[index - 1] ? [] : [index]));
  const [a = 0, b = 0] = [random.pick(cuts), random.pick(cuts)].toSorted((x, y) => x - y);
  const part = (from = 0, to = 900): LogSeries => {
    const one = createSeries(GLOBAL, { path: "/log", pool: createPool() });
    one.append(chunkOf(samples, from, to));
    return one;
  };
  const joined = joinSeries([part(0, a), part(a, b), part(b)]);
  const facts = (series: SourcedSeries | typeof whole): unknown => [
    [series.steps(), series.values(), series.wallTimes() ?? []].map((column) => [...column]),
    [series.segments(), series.counts(), series.count(), series.last()],
    samples.steps.map((step) => series.valueAt(step)),
    series.buckets(ALL_STEPS, 1),
    series.buckets({ from: 10, until: 90 }, 1),
  ];
  expect(facts(joined)).toEqual(facts(whole));
});

test("a log that was rotated away and the one that goes on are one series, whichever was read first", () => {
  const files = [
    { path: "/run/train.log.1", format: "huggingFaceConsole", steps: [1, 2] },
    { path: "/run/train.log", format: "huggingFaceConsole", steps: [3, 4] },
  ] as const;
  const orders = [files, files.toReversed()].map((ordered) => {
    const run = createRun("/run");
    ordered.forEach((file) => run.append(file, batch([chunk(GLOBAL, file.steps, file.steps)])));
    return run.series().map((series) => [series.path, series.steps().join(), series.segments()]);
  });
  expect(orders).toEqual([[["/run/train.log", "1,2,3,4", 1]], [["/run/train.log", "1,2,3,4", 1]]]);
});

test("joined series stay the same object while the last log grows, and are new when an earlier one does", () => {
  const run = createRun("/run");
  const [old, young] = [
    { path: "/run/train.log.1", format: "jsonl" },
    { path: "/run/train.log", format: "jsonl" },
  ] as const;
  run.append(old, batch([chunk(GLOBAL, [1], [1])]));
  run.append(young, batch([chunk(GLOBAL, [5], [5])]));
  const first = run.first("globalNorm");
  run.append(young, batch([chunk(GLOBAL, [6, 7, 8, 9], [6, 7, 8, 9])]));
  const second = run.first("globalNorm");
  run.append(old, batch([chunk(GLOBAL, [2], [2])]));
  const third = run.first("globalNorm");
  expect([first === second, second === third, third?.steps().join()]).toEqual([true, false, "1,2,5,6,7,8,9"]);
});

test("what counts of joined logs in a window is ascending, each sample once", () => {
  const { steps, values } = resumed().counted({ from: 2, until: 5 });
  expect([Array.from(steps), Array.from(values)]).toEqual([
    [2, 3],
    [2, 30],
  ]);
});
