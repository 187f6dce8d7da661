import { expect, test } from "vitest";
import { describeTensors } from "#host/dashboard/tensorRows.ts";
import { canAppend, countSamples, describeRun, newSamples } from "#host/dashboard/dashboardModel.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { GLOBAL, RATE, batch, chunk, tensorKey } from "../../support/logs.ts";

const LOG = { path: "/run/metrics.jsonl", format: "jsonl" } as const;
const { NaN: nan } = Number;

const NAMES = { ofRun: (folder: string) => `run ${folder}`, ofFile: (path: string) => `file ${path}` };

function runOf(...chunks: Parameters<typeof batch>[0]): Run {
  const run = createRun("/run");
  run.append(LOG, batch(chunks, { clipThreshold: { value: 1, source: "max_grad_norm" } }));
  return run;
}

test("the dashboard's picture of a run", () => {
  const run = runOf(
    chunk(GLOBAL, [1, 2], [5, nan]),
    chunk(RATE, [1, 2], [0.1, 0.2]),
    chunk({ kind: "other", name: "tokens", tensor: null }, [1], [1]),
    chunk(tensorKey("w"), [1, 2], [0, 3]),
    chunk(tensorKey("v"), [1, 2], [nan, 4]),
    chunk(tensorKey("u"), [1], [4]),
  );
  expect(describeRun(run, NAMES, [])).toMatchSnapshot();
});

test("without a global norm the shares are of the last step of the first tensor", () => {
  const run = runOf(chunk(tensorKey("w"), [1, 2], [1, 3]), chunk(tensorKey("v"), [1, 2], [9, 4]));
  expect(describeTensors(run).map(({ name, share }) => [name, share])).toEqual([
    ["w", Math.fround(0.36)],
    ["v", Math.fround(0.64)],
  ]);
});

test("only samples that were not sent are new, and they are copies", () => {
  const run = runOf(chunk(GLOBAL, [1, 2], [1, 2]), chunk(RATE, [1], [0.1]));
  const sent = countSamples(run);
  const none = newSamples(run, sent);
  run.append(LOG, batch([chunk(GLOBAL, [3], [3])]));
  const [first, ...others] = newSamples(run, sent);
  first?.values.fill(7);
  expect([none, first, others, run.first("globalNorm")?.values().join()]).toEqual([
    [],
    { role: "globalNorm", name: "grad_norm", steps: Float64Array.of(3), values: Float64Array.of(7) },
    [],
    "1,2,3",
  ]);
});

test("a run without logs is shown by its folder", () => {
  expect(describeRun(createRun("/run"), NAMES, [])).toEqual({
    id: "/run",
    name: "run /run",
    source: "file /run",
    clipThreshold: null,
    series: [],
    furtherNorms: [],
    findings: [],
    checkpoints: [],
    tensors: [],
  });
});

test("a row remembers the last 60 values", () => {
  const steps = Array.from({ length: 100 }, (_, index) => index);
  const [row] = describeTensors(runOf(chunk(tensorKey("w"), steps, steps)));
  expect([row?.recent.length, row?.recent[0], row?.median]).toEqual([60, 40, 49.5]);
});

test("what was sent can go on while the same series grows, but not when another log takes its place", () => {
  const run = runOf(chunk(GLOBAL, [1, 2], [1, 2]));
  const sent = countSamples(run);
  run.append(LOG, batch([chunk(GLOBAL, [3], [3]), chunk(RATE, [3], [0.1])]));
  const grown = canAppend(run, sent);
  run.append(LOG, batch([chunk(GLOBAL, [1], [1])], { restarted: true }));
  expect([grown, canAppend(run, sent)]).toEqual([true, false]);
});

test("what was not sent before it was coarsened needs a whole picture", () => {
  const run = createRun("/run", () => 2000);
  const [first, second] = [0, 1500].map((from) => Array.from({ length: 1500 }, (_, index) => from + index));
  run.append(LOG, batch([chunk(GLOBAL, first ?? [], first ?? [])]));
  const sent = [new Map([...countSamples(run)].map(([name, { series }]) => [name, { series, count: 10 }]))];
  run.append(LOG, batch([chunk(GLOBAL, second ?? [], first ?? [])]));
  sent.push(new Map(countSamples(run)));
  expect(sent.map((one) => canAppend(run, one))).toEqual([false, true]);
});

test("a series longer than any screen is sent as what a picture of it needs", () => {
  const steps = Array.from({ length: 1_500_000 }, (_, index) => index);
  const values = steps.map((step) => (step === 123_456 ? 9 : step === 333_333 ? nan : 1 + (step % 7) / 8));
  const [series] = newSamples(runOf(chunk(GLOBAL, steps, values)), new Map());
  const [sent, sentValues] = [series?.steps ?? new Float64Array(), series?.values ?? new Float64Array()];
  expect([
    sent.length < 1_300_000,
    sent[0],
    sent.at(-1),
    sentValues.includes(9),
    sentValues[sent.indexOf(333_333)],
  ]).toEqual([true, 0, 1_499_999, true, nan]);
});
