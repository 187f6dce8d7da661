import { expect, test } from "vitest";
import type { LogFormat } from "#core/log.ts";
import type { SeriesChunk, SeriesKey } from "#core/series.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { createSeries } from "#store/columns/logSeries.ts";
import type { Series } from "#store/series.ts";
import { compareSeries } from "#store/twins.ts";
import { GLOBAL, RATE, batch, chunk, tensorKey } from "../support/logs.ts";

const { NaN: nan } = Number;
const TEN = Array.from({ length: 10 }, (_, index) => index + 1);

function seriesOf(steps: readonly number[], values: readonly number[], more: Partial<SeriesChunk> = {}): Series {
  const { axis } = more;
  const series = createSeries(axis === undefined ? GLOBAL : { ...GLOBAL, axis });
  series.append({ ...chunk(GLOBAL, steps, values), ...more });
  return series;
}

test.each([
  { what: "equal values", other: TEN, kind: "same" },
  { what: "values rounded to float32", other: TEN.map((value) => value * (1 + 5e-5)), kind: "same" },
  { what: "values a thousandth apart", other: TEN.map((value) => value * 1.001), kind: "different" },
  { what: "half of the values equal", other: TEN.map((value, index) => value + (index % 2)), kind: "different" },
  { what: "one value of ten overwritten", other: TEN.with(4, 77), kind: "same" },
  { what: "NaN on one side only", other: TEN.map(() => nan), kind: "different" },
])("$what at the same steps are $kind", ({ other, kind }) => {
  expect(compareSeries(seriesOf(TEN, TEN), seriesOf(TEN, other)).kind).toBe(kind);
});

test.each([
  {
    what: "NaN and infinities on both sides",
    a: [nan, Infinity, -Infinity],
    b: [nan, Infinity, -Infinity],
    kind: "same",
  },
  { what: "infinities of other signs", a: [Infinity, 1], b: [-Infinity, 1], kind: "different" },
  { what: "zero and a tiny value", a: [0, 0], b: [1e-9, 1e-9], kind: "different" },
])("$what are $kind", ({ a, b, kind }) => {
  const steps = a.map((_, index) => index);
  expect(compareSeries(seriesOf(steps, a), seriesOf(steps, b)).kind).toBe(kind);
});

test("what was printed with few digits may be half a unit off", () => {
  const printed = TEN.map((value) => Number((value + 0.0004).toFixed(3)));
  const exact = TEN.map((value) => value / 1000 + 0.0004);
  const rounded = exact.map((value) => Number(value.toFixed(3)));
  expect([
    compareSeries(seriesOf(TEN, TEN), seriesOf(TEN, printed)).kind,
    compareSeries(seriesOf(TEN, exact), seriesOf(TEN, rounded)).kind,
    compareSeries(seriesOf(TEN, exact), seriesOf(TEN, rounded, { resolution: 0.0005 })).kind,
  ]).toEqual(["same", "different", "same"]);
});

/** Squares, logged at ten steps. */
function squaresFrom(start: number): Series {
  const values = TEN.map((value) => value ** 2);
  return seriesOf(
    TEN.map((step) => step + start),
    values,
  );
}

test("steps counted from 0 and from 1 are the same run; steps without any in common tell nothing", () => {
  expect([
    compareSeries(squaresFrom(0), squaresFrom(-1)).kind,
    compareSeries(squaresFrom(0), squaresFrom(100)).kind,
  ]).toEqual(["same", "unknown"]);
});

test("steps that count tokens are not compared with steps", () => {
  expect(compareSeries(seriesOf(TEN, TEN), seriesOf(TEN, TEN, { axis: "tokens" })).kind).toBe("unknown");
});

function append(run: Run, path: string, format: LogFormat, chunks: readonly SeriesChunk[]): void {
  run.append({ path, format }, batch(chunks, {}, format));
}

function shown(run: Run): string[] {
  return run.series().map(({ path, key }) => `${path} ${key.name}`);
}

test("two runs in one folder are both shown, and people are told", () => {
  const run = createRun("/run");
  const other = TEN.map((value) => value + 3);
  append(run, "/run/a.jsonl", "jsonl", [
    chunk(GLOBAL, TEN, TEN),
    chunk(RATE, TEN, TEN),
    chunk(tensorKey("w"), TEN, TEN),
  ]);
  append(run, "/run/b.csv", "csv", [
    chunk(GLOBAL, TEN, other),
    chunk(RATE, TEN, TEN),
    chunk(tensorKey("w"), TEN, other),
  ]);
  expect([shown(run), run.tensors().get("w")?.path, run.first("globalNorm")?.path, run.notes()]).toEqual([
    [
      "/run/a.jsonl grad_norm",
      "/run/a.jsonl lr",
      "/run/a.jsonl grad_norm/w",
      "/run/b.csv grad_norm",
      "/run/b.csv grad_norm/w",
    ],
    "/run/a.jsonl",
    "/run/a.jsonl",
    [
      "b.csv and a.jsonl disagree on grad_norm and 1 more: 0 of 10 steps compared are equal, so both are kept. " +
        "Are they two runs?",
    ],
  ]);
});

test("logs that agree on the norm are of one run, also where one has the mean of losses", () => {
  const run = createRun("/run");
  const means = TEN.map((value) => value + 3);
  const epoch: SeriesKey = { kind: "other", name: "epoch", tensor: null };
  append(run, "/run/a.jsonl", "jsonl", [
    chunk(GLOBAL, TEN, TEN),
    chunk(loss("loss"), TEN, TEN),
    chunk(epoch, TEN, TEN),
  ]);
  append(run, "/run/b.csv", "csv", [
    chunk(GLOBAL, TEN, TEN),
    chunk(loss("loss"), TEN, means),
    chunk(epoch, TEN, means),
  ]);
  append(run, "/run/c.log", "huggingFaceConsole", [
    chunk(
      loss("loss"),
      TEN,
      TEN.map((value) => value * 100),
    ),
  ]);
  expect([shown(run).filter((name) => name.endsWith(" loss")), run.notes()]).toEqual([
    ["/run/a.jsonl loss", "/run/b.csv loss", "/run/c.log loss"],
    [
      "c.log and a.jsonl disagree on loss: 0 of 10 steps compared are equal, so both are kept. Are they two runs?",
      "c.log and b.csv disagree on loss: 0 of 10 steps compared are equal, so both are kept. Are they two runs?",
    ],
  ]);
});

function loss(name: string): SeriesKey {
  return { kind: "loss", name, tensor: null };
}

test("the loss of the evaluation is shown though a more precise log has that of the training", () => {
  const run = createRun("/run");
  append(run, "/run/a.jsonl", "jsonl", [chunk(loss("train/loss"), TEN, TEN)]);
  const half = TEN.map((value) => value / 2);
  append(run, "/run/c.log", "huggingFaceConsole", [chunk(loss("loss"), TEN, TEN), chunk(loss("eval_loss"), TEN, half)]);
  expect([shown(run), run.notes()]).toEqual([["/run/a.jsonl train/loss", "/run/c.log eval_loss"], []]);
});

test("logs that turn out to disagree are told apart as they grow", () => {
  const run = createRun("/run");
  append(run, "/run/a.jsonl", "jsonl", [chunk(GLOBAL, [1], [1])]);
  append(run, "/run/b.csv", "csv", [chunk(GLOBAL, [1], [1])]);
  const before = shown(run);
  for (const step of TEN.slice(1)) {
    append(run, "/run/a.jsonl", "jsonl", [chunk(GLOBAL, [step], [1])]);
    append(run, "/run/b.csv", "csv", [chunk(GLOBAL, [step], [2])]);
  }
  expect([before, shown(run)]).toEqual([
    ["/run/a.jsonl grad_norm"],
    ["/run/a.jsonl grad_norm", "/run/b.csv grad_norm"],
  ]);
});

test("an estimate is not shown beside what it estimates, even of a more precise log", () => {
  const run = createRun("/run");
  append(run, "/run/a.jsonl", "jsonl", [{ ...chunk(tensorKey("w"), TEN, TEN), isEstimate: true }]);
  append(run, "/run/b.csv", "csv", [
    chunk(
      tensorKey("w"),
      TEN,
      TEN.map((value) => value * 1.1),
    ),
  ]);
  expect([shown(run), run.notes()]).toEqual([["/run/b.csv grad_norm/w"], []]);
});
