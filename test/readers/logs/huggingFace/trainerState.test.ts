import { expect, test } from "vitest";
import { trainerState } from "#readers/logs/huggingFace/trainerState.ts";
import { parseAll, samplesOf } from "../parsed.ts";

const STATE = `{
  "best_metric": null,
  "global_step": 20,
  "log_history": [
    {
      "epoch": 0.5,
      "grad_norm": NaN,
      "loss": 1.5,
      "step": 10
    },
    {
      "eval_loss": -Infinity,
      "note": "NaN",
      "nested": { "loss": 7, "list": [8] },
      "step": 10
    },
    { "grad_norm": 0, "step": 20 }
  ],
  "stateful_callbacks": { "other": { "grad_norm": 9, "step": 1 } }
}`;

test("each value has the line it stands on, NaN and Infinity included", () => {
  const parsed = parseAll(trainerState, STATE);
  expect([samplesOf(parsed), parsed.problems]).toEqual([
    {
      epoch: [[10, 0.5, 5]],
      grad_norm: [
        [10, Number.NaN, 6],
        [20, 0, 16],
      ],
      loss: [[10, 1.5, 7]],
      eval_loss: [[10, -Infinity, 11]],
    },
    [],
  ]);
});

test("a file cut anywhere gives a prefix of its samples and never throws", () => {
  const whole = samplesOf(parseAll(trainerState, STATE));
  for (let cut = 0; cut < STATE.length; cut += 1) {
    for (const [name, rows] of Object.entries(samplesOf(parseAll(trainerState, STATE.slice(0, cut))))) {
      expect([cut, name, rows]).toEqual([cut, name, whole[name]?.slice(0, rows.length)]);
    }
  }
});

test("a cut file is reported once, with the line of the cut", () => {
  const { problems } = parseAll(trainerState, STATE.slice(0, STATE.indexOf('"step": 20 }')));
  expect(problems).toEqual([{ line: 16, reason: "The JSON is broken from here on. The file may still be writing." }]);
});

test("no text gives nothing", () => {
  expect(parseAll(trainerState, "")).toEqual({ chunks: [], carry: "", clipThreshold: null, problems: [] });
});

test("a million brackets are a problem, not an exception", () => {
  const { chunks, problems } = parseAll(trainerState, "[".repeat(1_000_000));
  expect([chunks, problems.length]).toEqual([[], 1]);
});
