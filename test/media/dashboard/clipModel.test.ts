import { expect, test } from "vitest";
import { createClipModel, measure, thresholdClipping } from "#media/dashboard/clipping/clipModel.ts";
import type { Advice } from "#protocol/dashboard/clipping.ts";

/** Norms 1 to 100, of which some are known to be cut off. */
function advice(change: Partial<Advice> = {}): Advice {
  const norms = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  return {
    kind: "advice",
    runId: "run",
    steps: norms.map((norm) => norm * 10),
    norms,
    clipState: "pre",
    ceiling: null,
    leftOut: "",
    candidates: [],
    cautions: [],
    refused: null,
    note: "",
    tensors: null,
    ...change,
  };
}

test("the effect of a threshold is that of clipping each norm", () => {
  const effect = measure(createClipModel(advice()), 90);
  expect(effect).toMatchObject({ clippedSteps: 10, clippedShare: 0.1 });
  expect(effect.lengths?.retainedLength).toBeCloseTo((4095 + 900) / 5050, 12);
});

test("of a log from after clipping lengths are unknown, and shares only below its ceiling known", () => {
  const model = createClipModel(advice({ clipState: "post", ceiling: 100 }));
  expect(measure(model, 90)).toEqual({ threshold: 90, clippedShare: 0.1, clippedSteps: 10, lengths: undefined });
  expect(measure(model, 99.6)).toEqual({
    threshold: 99.6,
    clippedShare: null,
    clippedSteps: null,
    lengths: undefined,
  });
});

test("a share of the steps has a threshold that clips no more than it", () => {
  const model = createClipModel(advice());
  expect(thresholdClipping(model, 0.1)).toBe(90);
  expect(thresholdClipping(createClipModel(advice({ norms: new Float64Array() })), 0.1)).toBeUndefined();
});

test("the simulator begins at the first threshold that is advised, and its axis holds all of them", () => {
  const candidate = { clippedShare: null, meanCoefficient: null, retainedLength: null, reason: "" };
  const model = createClipModel(
    advice({
      candidates: [
        { ...candidate, method: "zclip", maxNorm: null },
        { ...candidate, method: "keep", maxNorm: 500 },
      ],
    }),
  );
  expect(model.start).toBe(500);
  expect(model.range.max).toBeGreaterThan(500);
});
