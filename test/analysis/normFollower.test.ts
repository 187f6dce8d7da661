import { expect, test } from "vitest";
import { followNorms } from "#analysis/normFollower.ts";
import { DEFAULT_RULES } from "#core/rules.ts";
import type { SeriesKey } from "#core/series.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { batch, chunk, tensorKey } from "../support/logs.ts";
import { noisyNorms } from "../support/norms.ts";

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
  { what: "a spike of the second alone", first: {}, second: { 250: 40 }, told: [] },
  { what: "zeros of the second alone", first: {}, second: from(250, 30, 0), told: [] },
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
