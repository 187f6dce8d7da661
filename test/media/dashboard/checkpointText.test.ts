import { expect, test } from "vitest";
import { describeSave, isBroken, placeOf, savedSteps } from "#media/dashboard/checkpointText.ts";
import type { CheckpointMark } from "#protocol/checkpointMark.ts";

const KNOWN = { format: "safetensors", tensors: 41, norms: [], gradientNorm: null, update: null };

function markOf(path: string, step: number | null, known: CheckpointMark["known"] = null): CheckpointMark {
  return { path, step, bytes: 1000, known };
}

test("files of one step are one mark, which opens their folder; a file alone is opened itself", () => {
  const steps = savedSteps([
    markOf("/r/400/m.pt", 400),
    markOf("/r/200/m.pt", 200),
    markOf("/r/200/o.pt", 200),
    markOf("/r/x.pt", null),
  ]);
  expect(steps.map((save) => [save.step, placeOf(save)])).toEqual([
    [200, "/r/200"],
    [400, "/r/400/m.pt"],
  ]);
});

test.each([
  { known: null, text: "Checkpoint of step 300, 1 kB" },
  { known: KNOWN, text: "Checkpoint of step 300, 1 kB: 41 tensors, safetensors" },
  {
    known: {
      ...KNOWN,
      norms: [
        { kind: "weight", l2: 51.25, nonFinite: 0 },
        { kind: "moment1", l2: Number.NaN, nonFinite: 2 },
      ],
      gradientNorm: 0.25,
      update: { since: 200, relative: 0.125, perStep: { low: 0.00125, high: 0.0125 } },
    },
    text:
      "Checkpoint of step 300, 1 kB: weight norm 51.25; ✕ first moment norm NaN; gradient norm before it ≈ 0.25, from Adam's moments; " +
      "weights moved by 0.125 of their norm since step 200, 0.00125 to 0.0125 a step",
  },
] as { known: CheckpointMark["known"]; text: string }[])("$text", ({ known, text }) => {
  const save = { step: 300, files: [markOf("/r/m.pt", 300, known)] };
  expect([describeSave(save), isBroken(save)]).toEqual([text, text.includes("✕")]);
});
