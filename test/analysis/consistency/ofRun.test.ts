import { expect, test } from "vitest";
import { checkRun, globalCurve } from "#analysis/consistency/ofRun.ts";
import type { SeriesKey } from "#core/series.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { GLOBAL, batch, chunk, tensorKey } from "../../support/logs.ts";
import { noisyNorms } from "../../support/norms.ts";

const LOG = { path: "/run/metrics.jsonl", format: "jsonl" } as const;
const STEPS = Array.from({ length: 200 }, (_, step) => step);
const NORMS = noisyNorms(200);

type Logged = readonly [key: SeriesKey, values: readonly number[], steps?: readonly number[]];

function runWith(...series: readonly Logged[]): Run {
  const run = createRun("/run");
  run.append(
    LOG,
    batch(series.map(([key, values, steps]) => chunk(key, steps ?? STEPS.slice(0, values.length), values))),
  );
  return run;
}

function kindsIn(run: Run): string[] {
  return checkRun(run).map(({ kind }) => kind);
}

const SCALE: SeriesKey = { kind: "lossScale", name: "loss_scale", tensor: null };
const SKIPPED: SeriesKey = { kind: "skippedSteps", name: "skipped", tensor: null };
const OTHER_RANK: SeriesKey = { ...GLOBAL, name: "grad_norm (rank 1)" };
const scales = STEPS.map((step) => 2 ** (10 + Math.floor(step / 50)));
const isSkipped = (step: number): boolean => step % 20 === 9;

test.each<{ what: string; run: Run; found: string[] }>([
  { what: "no norms", run: runWith([SCALE, scales]), found: [] },
  { what: "norms alone", run: runWith([GLOBAL, NORMS]), found: [] },
  {
    what: "a loss scale that norms follow",
    run: runWith([GLOBAL, NORMS.map((norm, step) => norm * (scales[step] ?? 1))], [SCALE, scales]),
    found: ["followsLossScale"],
  },
  { what: "a loss scale that norms do not follow", run: runWith([GLOBAL, NORMS], [SCALE, scales]), found: [] },
  {
    what: "skipped steps, counted up, that repeat the norm before",
    run: runWith(
      [GLOBAL, NORMS.map((norm, step) => (isSkipped(step) ? (NORMS[step - 1] ?? norm) : norm))],
      [SKIPPED, STEPS.map((step) => STEPS.filter((one) => one <= step && isSkipped(one)).length)],
    ),
    found: ["staleRepeat"],
  },
  {
    what: "another process with other norms",
    run: runWith([GLOBAL, NORMS], [OTHER_RANK, NORMS.map((norm) => norm * 1.3)]),
    found: ["rankLocal"],
  },
  {
    what: "tensors that add up",
    run: runWith(
      [GLOBAL, NORMS],
      [tensorKey("a"), NORMS.map((norm) => norm * 0.6)],
      [tensorKey("b"), NORMS.map((norm) => norm * 0.8)],
    ),
    found: [],
  },
  {
    what: "tensors that add up to half",
    run: runWith(
      [GLOBAL, NORMS],
      [tensorKey("a"), NORMS.map((norm) => norm * 0.3)],
      [tensorKey("b"), NORMS.map((norm) => norm * 0.4)],
    ),
    found: ["scaledAgainstTensors"],
  },
  {
    what: "norms of tensors estimated from histograms",
    run: runWith([GLOBAL, NORMS], [{ ...tensorKey("a"), isEstimate: true }, NORMS.map((norm) => norm * 0.5)]),
    found: [],
  },
])("a run with $what: $found", ({ run, found }) => {
  expect(kindsIn(run)).toEqual(found);
});

test("a restart is compared with what it replaced, and only what counts is compared with the tensors", () => {
  const steps = [...STEPS.slice(0, 100), ...STEPS.slice(50, 150)];
  const norms = [...NORMS.slice(0, 100), ...NORMS.slice(50, 150).map((norm) => norm * 2)];
  const run = runWith([GLOBAL, norms, steps], [tensorKey("a"), norms, steps]);
  expect([kindsIn(run), globalCurve(run)?.steps.length]).toEqual([["ratioAtRestart"], 150]);
});

test("two thousand steps are compared with the tensors at every other one", () => {
  const steps = Array.from({ length: 2000 }, (_, step) => step);
  const norms = noisyNorms(2000);
  const tensors = Array.from({ length: 4 }, (_, index) => [tensorKey(String(index)), norms, steps] as const);
  const [found] = checkRun(runWith([GLOBAL, norms.map((norm) => norm * 2.6), steps], ...tensors));
  expect([found?.kind, found?.evidence.of]).toEqual(["scaledAgainstTensors", 1000]);
});
