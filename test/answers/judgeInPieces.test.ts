import { expect, test } from "vitest";
import { judgeInPieces } from "#answers/judgeInPieces.ts";
import { inOrderOfSteps } from "#analysis/findings.ts";
import { followNorms } from "#analysis/normFollower.ts";
import { followTensors } from "#analysis/tensors/follow.ts";
import type { Finding } from "#core/finding.ts";
import { RULE_IDS } from "#core/rules.ts";
import type { SeriesChunk } from "#core/series.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { noisyNorms } from "../support/norms.ts";

const ENABLED = new Set(RULE_IDS);
const POINTS = 50_000;

function chunk(name: string, tensor: string | null, values: readonly number[]): SeriesChunk {
  const kind = tensor === null ? "globalNorm" : "tensorNorm";
  const index = Float64Array.from(values.keys());
  return { kind, name, tensor, steps: index, values: Float64Array.from(values), lines: index };
}

/** A global norm with a spike and a NaN, another with a NaN elsewhere, and two tensors of which one dies. */
function trainedRun(): Run {
  const norms = noisyNorms(POINTS).map((norm, step) => (step === 30_000 ? 40 : norm));
  norms[41_234] = Number.NaN;
  const critic = noisyNorms(POINTS, { seed: 4 }).map((norm, step) => (step === 12_345 ? Number.NaN : norm));
  const dying = noisyNorms(POINTS, { seed: 2 }).map((norm, step) => (step > 25_000 ? 0 : norm));
  const run = createRun("run");
  run.append(
    { path: "metrics.jsonl", format: "jsonl" },
    {
      chunks: [
        chunk("grad_norm", null, norms),
        chunk("critic/grad_norm", null, critic),
        chunk("a", "a", dying),
        chunk("b", "b", noisyNorms(POINTS, { seed: 3 })),
      ],
      position: { format: "jsonl", offset: 1, line: 1, identity: "", carry: "" },
      restarted: false,
      more: false,
      clipThreshold: null,
      problems: [],
    },
  );
  return run;
}

function judgedAtOnce(run: Run): readonly Finding[] {
  const norms = followNorms(ENABLED);
  norms.update(run);
  const tensors = followTensors({ enabled: ENABLED, elementsOf: () => undefined });
  tensors.update(run.tensors());
  return inOrderOfSteps([...norms.findings(), ...tensors.findings()]);
}

test("a run judged in pieces has the findings it has when it is judged at once, and others had their turn", async () => {
  const run = trainedRun();
  let pauses = 0;
  const found = await judgeInPieces(run, ENABLED, async () => {
    pauses += 1;
    await Promise.resolve();
  });
  expect(found).toEqual(judgedAtOnce(run));
  expect(new Set(found.map(({ rule }) => rule))).toEqual(new Set(["GN101", "GN201", "GN301"]));
  expect(found.find(({ tensor }) => tensor === "critic/grad_norm")).toMatchObject({ rule: "GN101", start: 12_345 });
  expect(pauses).toBeGreaterThan(7);
});

test("a question that is cancelled in a pause is given up", async () => {
  await expect(judgeInPieces(trainedRun(), ENABLED, async () => Promise.reject(new Error("gone")))).rejects.toThrow(
    "gone",
  );
});
