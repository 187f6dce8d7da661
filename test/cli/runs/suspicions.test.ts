import { expect, test } from "vitest";
import { suspiciousPairs } from "#cli/runs/suspicions.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { GLOBAL, batch, chunk } from "../../support/logs.ts";
import { noisyNorms } from "../../support/norms.ts";

const NORMS = noisyNorms(50);

function runOf(id: string, factor: number | undefined): Run {
  const run = createRun(id);
  const norms = NORMS.map((norm) => norm * (factor ?? 1));
  const chunks = factor === undefined ? [] : [chunk(GLOBAL, [...norms.keys()], norms)];
  run.append({ path: `${id}/metrics.jsonl`, format: "jsonl" }, batch(chunks));
  return run;
}

test("each two runs are compared, and one without norms with none", () => {
  const runs = [runOf("/4gpus", 1), runOf("/none", undefined), runOf("/8gpus", Math.SQRT1_2), runOf("/again", 1)];
  expect(suspiciousPairs(runs).map(({ runs: pair, kind }) => [pair, kind])).toEqual([
    [["/4gpus", "/8gpus"], "ratioBetweenRuns"],
    [["/8gpus", "/again"], "ratioBetweenRuns"],
  ]);
});
