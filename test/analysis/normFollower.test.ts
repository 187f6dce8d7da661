import { expect, test } from "vitest";
import { followNorms } from "#analysis/normFollower.ts";
import { DEFAULT_RULES } from "#core/rules.ts";
import type { SeriesKey } from "#core/series.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { batch, chunk, tensorKey } from "../support/logs.ts";
import { createNoise, noisyNorms } from "../support/norms.ts";

const { NaN: nan } = Number;
const LOG = { path: "/run/a.jsonl", format: "jsonl" } as const;
const ACTOR: SeriesKey = { kind: "globalNorm", name: "actor/grad_norm", tensor: null };
const CRITIC: SeriesKey = { ...ACTOR, name: "critic/grad_norm" };

/** So many healthy norms, but for those told. */
function norms(count: number, told: Readonly<Record<number, number>> = {}): number[] {
  return noisyNorms(count).map((norm, step) => told[step] ?? norm);
}

function from(first: number, count: number, value: number): Record<number, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [first + index, value]));
}

function runOf(...series: readonly (readonly [SeriesKey, readonly number[]])[]): Run {
  const run = createRun("/run");
  run.append(LOG, batch(series.map(([key, values]) => chunk(key, [...values.keys()], values))));
  return run;
}

function found(run: Run): readonly string[] {
  const follower = followNorms(DEFAULT_RULES);
  follower.update(run);
  return follower.findings().map(({ rule, tensor, start, end }) => `${rule} ${tensor} ${start} ${end}`);
}

test("a second norm that became NaN is told by its name, at its line, without the tensors of the first", () => {
  const weights = norms(60, { 50: nan });
  const follower = followNorms(DEFAULT_RULES);
  follower.update(runOf([ACTOR, norms(60)], [CRITIC, norms(60, from(50, 10, nan))], [tensorKey("w"), weights]));
  expect(follower.findings()).toEqual([
    {
      rule: "GN101",
      severity: "error",
      tensor: "critic/grad_norm",
      start: 50,
      peak: 50,
      end: null,
      value: nan,
      limit: Infinity,
      message:
        "critic/grad_norm: Gradient norm became NaN at step 50; 10 non-finite values so far, no finite value since.",
      source: { path: "/run/a.jsonl", line: 51 },
    },
  ]);
});

test.each([
  { what: "a spike of the second alone", first: {}, second: { 250: 40 }, told: ["GN201 critic/grad_norm 250 250"] },
  { what: "a spike of both", first: { 250: 40 }, second: { 250: 40 }, told: ["GN201 null 250 250"] },
  {
    what: "a spike of both, later in the second",
    first: from(250, 3, 40),
    second: { 252: 40 },
    told: ["GN201 null 250 252"],
  },
  {
    what: "a spike of the second after that of the first",
    first: { 250: 40 },
    second: { 265: 40 },
    told: ["GN201 null 250 250", "GN201 critic/grad_norm 265 265"],
  },
  {
    what: "a spike of both, far worse in the second",
    first: { 250: 3 },
    second: { 250: 40 },
    told: ["GN201 null 250 250", "GN201 critic/grad_norm 250 250"],
  },
  {
    what: "a spike of the second where the first is NaN",
    first: { 250: nan },
    second: { 250: 5 },
    told: ["GN101 null 250 250"],
  },
  {
    what: "a rise of the second alone",
    first: {},
    second: from(200, 100, 9),
    told: ["GN203 critic/grad_norm 200 null"],
  },
  { what: "a rise of both", first: from(200, 100, 9), second: from(201, 99, 9), told: ["GN203 null 200 null"] },
  { what: "zeros of the second alone", first: {}, second: from(250, 30, 0), told: ["GN206 critic/grad_norm 250 279"] },
  { what: "zeros of both", first: from(250, 30, 0), second: from(250, 30, 0), told: ["GN206 null 250 279"] },
  { what: "zeros of the second from its first step on", first: {}, second: from(0, 30, 0), told: [] },
  { what: "Inf of the second alone", first: {}, second: { 250: Infinity }, told: ["GN101 critic/grad_norm 250 250"] },
  { what: "NaN of both", first: from(250, 50, nan), second: from(250, 50, nan), told: ["GN101 null 250 null"] },
  { what: "Inf, clipped to NaN", first: { 250: Infinity }, second: { 250: nan }, told: ["GN101 null 250 250"] },
  {
    what: "NaN of both, from which only the first recovers",
    first: { 250: nan },
    second: from(250, 50, nan),
    told: ["GN101 null 250 250", "GN101 critic/grad_norm 250 null"],
  },
  {
    what: "NaN of the second before that of the first",
    first: from(260, 40, nan),
    second: from(250, 50, nan),
    told: ["GN101 null 260 null", "GN101 critic/grad_norm 250 null"],
  },
])("$what gives $told", ({ first, second, told }) => {
  expect(found(runOf([ACTOR, norms(300, first)], [CRITIC, norms(300, second)]))).toEqual(told);
});

const CLIPPED: SeriesKey = { ...ACTOR, name: "grad_norm_clipped" };
const TOTAL: SeriesKey = { ...ACTOR, name: "grad_norm" };

test("the norm of the whole training is judged by all rules, wherever it stands in the log", () => {
  const critic = norms(300, { 250: 40 });
  const total = norms(300).map((norm, step) => Math.hypot(norm, critic[step] ?? 0));
  const run = runOf(
    [ACTOR, norms(300)],
    [CLIPPED, total.map((norm) => Math.min(norm, 1))],
    [CRITIC, critic],
    [TOTAL, total],
  );
  expect(run.first("globalNorm")?.key).toEqual(TOTAL);
  expect(found(run)).toEqual(["GN201 null 250 250"]);
});

test("what two further norms have in common is told of the first of them", () => {
  expect(
    found(runOf([TOTAL, norms(300)], [ACTOR, norms(300, { 250: 40 })], [CRITIC, norms(300, { 250: 40 })])),
  ).toEqual(["GN201 actor/grad_norm 250 250"]);
});

test("spikes of the first among many of the second take none but themselves from it", () => {
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [200 + 20 * index, 8]));
  expect(found(runOf([ACTOR, norms(500, { 260: 9, 320: 9 })], [CRITIC, norms(500, many)]))).toEqual([
    "GN201 null 260 260",
    "GN201 null 320 320",
    "GN201 critic/grad_norm 200 420",
  ]);
});

test.each([
  { what: "of another process", key: { ...ACTOR, name: "actor/grad_norm (rank 1)" } },
  { what: "over other steps", key: { ...ACTOR, name: "grad_norm vs samples", axis: "samples" } },
] as const)("the norm $what is judged for NaN alone", ({ key }) => {
  const values = norms(300, { 200: 40, 250: nan, ...from(270, 5, 0) });
  expect(found(runOf([ACTOR, norms(300)], [key, values]))).toEqual([`GN101 ${key.name} 250 250`]);
});

/** Noise with a jump in 500 points and a NaN in 5000. */
function eventful(seed: number): readonly number[] {
  const noise = createNoise(seed);
  return noisyNorms(5000, { sigma: 0.3, phi: 0.9, seed }).map((norm) => {
    const size = Math.abs(noise());
    return size > 3.8 ? nan : norm * (size > 3 ? 4 * size : 1);
  });
}

test.each([1, 2, 3, 4])("a twin of norms %d adds nothing, clipped or following them as a part", (seed) => {
  const values = eventful(seed);
  const own = noisyNorms(values.length, { sigma: 0.02, seed: seed + 50 });
  const alone = found(runOf([TOTAL, values]));
  expect(alone.length).toBeGreaterThan(5);
  const clipped = values.map((norm) => Math.min(norm, 1));
  const part = values.map((norm, step) => 0.4 * norm * (own[step] ?? 1));
  expect(found(runOf([TOTAL, values], [CLIPPED, clipped], [ACTOR, part]))).toEqual(alone);
});

test.each([1, 2])("with each point that comes, the findings on three norms %d are those of all so far", (seed) => {
  const columns = [seed, seed + 10, seed + 20].map((each) => eventful(each).slice(0, 1200));
  const keys = [CRITIC, ACTOR, TOTAL];
  const upTo = (first: number, until: number): ReturnType<typeof chunk>[] =>
    keys.map((key, index) => {
      const steps = Array.from({ length: until - first }, (_, step) => first + step);
      return chunk(key, steps, columns[index]?.slice(first, until) ?? []);
    });
  const run = createRun("/run");
  const follower = followNorms(DEFAULT_RULES);
  for (let step = 0; step < 1200; step += 1) {
    run.append(LOG, batch(upTo(step, step + 1)));
    follower.update(run);
    if (step % 100 === 99) {
      const whole = createRun("/run");
      whole.append(LOG, batch(upTo(0, step + 1)));
      const told = follower.findings().map(({ rule, tensor, start, end }) => `${rule} ${tensor} ${start} ${end}`);
      expect(told).toEqual(found(whole));
    }
  }
  expect(new Set(follower.findings().map(({ tensor }) => tensor)).size).toBe(3);
});

test("point by point, and with a second norm that comes late, the findings are those of the whole", () => {
  const [first, second] = [norms(120, { 40: nan, 70: nan }), norms(120, { 30: nan, 70: nan, ...from(100, 20, nan) })];
  const run = createRun("/run");
  const follower = followNorms(DEFAULT_RULES);
  for (let step = 0; step < 120; step += 1) {
    const rows = [
      chunk(ACTOR, [step], first.slice(step, step + 1)),
      chunk(CRITIC, [step], second.slice(step, step + 1)),
    ];
    run.append(LOG, batch(step < 20 ? rows.slice(0, 1) : rows));
    follower.update(run);
  }
  const told = follower.findings().map(({ rule, tensor, start, end }) => `${rule} ${tensor} ${start} ${end}`);
  expect(told).toEqual(found(run));
  expect(told).toEqual([
    "GN101 null 40 40",
    "GN101 null 70 70",
    "GN101 critic/grad_norm 30 30",
    "GN101 critic/grad_norm 100 null",
  ]);
});

test("of two logs that disagree both are judged, each at its own line", () => {
  const run = runOf([ACTOR, norms(60)]);
  const other = norms(60, from(55, 5, nan)).map((norm) => 2 * norm);
  run.append({ path: "/run/b.jsonl", format: "jsonl" }, batch([chunk(ACTOR, [...other.keys()], other)]));
  const follower = followNorms(DEFAULT_RULES);
  follower.update(run);
  expect(follower.findings().map(({ tensor, source }) => [tensor, source])).toEqual([
    ["actor/grad_norm", { path: "/run/b.jsonl", line: 56 }],
  ]);
});

test("where GN101 is off, no norm is judged by it", () => {
  const follower = followNorms(new Set([...DEFAULT_RULES].filter((rule) => rule !== "GN101")));
  follower.update(runOf([ACTOR, norms(60)], [CRITIC, norms(60, { 50: nan })]));
  expect(follower.findings()).toEqual([]);
});
