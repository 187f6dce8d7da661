import { expect, test } from "vitest";
import { describeAxes, describeAxis } from "#host/dashboard/axes.ts";
import { baselineOf } from "#host/dashboard/baselines.ts";
import { describeOverlay } from "#host/dashboard/overlay.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { GLOBAL, batch, chunk } from "../../support/logs.ts";

const LOG = { path: "/run/metrics.jsonl", format: "jsonl" } as const;
const ASK = { kind: "overlay", runId: "/run" } as const;

function runOf(...chunks: Parameters<typeof batch>[0]): Run {
  const run = createRun("/run");
  run.append(LOG, batch(chunks));
  return run;
}

test("another run is sent whole, then what was added, and whole again when its log begins anew", () => {
  const run = runOf(chunk(GLOBAL, [1, 2], [5, 6]));
  const whole = describeOverlay(run, { ...ASK, token: 0, sent: 0 });
  const token = whole?.token ?? -1;
  run.append(LOG, batch([chunk(GLOBAL, [3], [7])]));
  const added = describeOverlay(run, { ...ASK, token, sent: 2 });
  const nothing = describeOverlay(run, { ...ASK, token, sent: 3 });
  run.append(LOG, batch([chunk(GLOBAL, [1], [9])], { restarted: true }));
  const anew = describeOverlay(run, { ...ASK, token, sent: 3 });
  expect([whole, added, nothing, anew].map((one) => [one?.isWhole, one?.sent, one?.values.join()])).toEqual([
    [true, 2, "5,6"],
    [false, 3, "7"],
    [false, 3, ""],
    [true, 1, "9"],
  ]);
});

test("a run without a norm has neither baseline nor line beside another", () => {
  const run = createRun("/run");
  expect([describeOverlay(run, { ...ASK, token: 0, sent: 0 }), baselineOf(run), describeAxes(run)]).toEqual([
    undefined,
    undefined,
    [],
  ]);
});

test("the baseline goes on where it was when a run grows", () => {
  const steps = Array.from({ length: 200 }, (_, index) => index);
  const values = steps.map((step) => 1 + (step % 7));
  const grown = runOf(chunk(GLOBAL, steps.slice(0, 120), values.slice(0, 120)));
  baselineOf(grown);
  grown.append(LOG, batch([chunk(GLOBAL, steps.slice(120), values.slice(120))]));
  expect(baselineOf(grown)).toEqual(baselineOf(runOf(chunk(GLOBAL, steps, values))));
});

function other(name: string): Parameters<typeof chunk>[0] {
  return { kind: "other", name, tensor: null };
}

test("axes are the log's times, counted from its first, and its counters of tokens and samples", () => {
  const run = runOf(
    { ...chunk(GLOBAL, [1, 2], [5, 6]), wallTimes: Float64Array.of(1000, 1060) },
    chunk(other("train/num_tokens_seen"), [1, 2], [10, 20]),
    chunk(other("tokens_per_second"), [1, 2], [3, 4]),
  );
  expect([describeAxes(run), describeAxis(run, "time")?.values, describeAxis(run, "tokens")?.values.join()]).toEqual([
    ["time", "tokens"],
    Float64Array.of(0, 60),
    "10,20",
  ]);
});
