import { join } from "node:path";
import { expect, test } from "vitest";
import { createDetector } from "#analysis/detector.ts";
import { judge } from "#analysis/judge.ts";
import { createRun } from "#store/run.ts";
import { readLog } from "#worker/runs/readLog.ts";
import { EXAMPLE } from "../support/build.ts";
import { summarize } from "../support/norms.ts";

test.each([
  { log: "metrics.jsonl", found: ["GN201 warning 240–312 peak 241"] },
  { log: "diverged/metrics.jsonl", found: ["GN201 error 19– peak 25", "GN101 error 26– peak 26"] },
])("$log of the example run has $found", async ({ log, found }) => {
  const path = join(EXAMPLE, log);
  const run = createRun(EXAMPLE);
  const batch = await readLog(path, null);
  run.append({ path, format: "jsonl" }, batch);
  const norms = run.first("globalNorm");
  const columns = {
    steps: norms?.steps() ?? new Float64Array(),
    values: norms?.values() ?? new Float64Array(),
    lines: norms?.lines() ?? new Float64Array(),
  };
  const detector = createDetector();
  const rates = run.first("learningRate");
  judge(detector, columns, { from: 0, learningRateAt: (step) => rates?.valueAt(step), resolution: undefined });
  expect([batch.more, detector.episodes().map(summarize)]).toEqual([false, found]);
});
