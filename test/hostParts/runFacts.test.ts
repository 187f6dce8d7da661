import { expect, test } from "vitest";
import { factsOf } from "#host/dashboard/runFacts.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { batch, chunk, GLOBAL } from "../support/logs.ts";

function runWithThreshold(source: string): Run {
  const run = createRun(`/${source}`);
  const clipThreshold = { value: 1, source };
  run.append({ path: `/${source}/log.jsonl`, format: "jsonl" }, batch([chunk(GLOBAL, [1], [2])], { clipThreshold }));
  return run;
}

test("a threshold that two runs say in different places is the same threshold", () => {
  const facts = factsOf(runWithThreshold("max_grad_norm (line 1)"), runWithThreshold("clip (record 3)"));
  expect(facts.slice(0, 2)).toEqual([
    { label: "Clip threshold", own: "1", other: "1" },
    { label: "Threshold from", own: "max_grad_norm (line 1)", other: "clip (record 3)" },
  ]);
});
