import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { reviewComparison, reviewOptimizer } from "#analysis/checkpoints/review.ts";
import { stepsBetween } from "#analysis/checkpoints/stepsBetween.ts";
import { describeMark } from "#host/checkpoint/checkpointMarks.ts";
import { describeComparison } from "#host/checkpoint/describeComparison.ts";
import { describeOptimizer } from "#host/checkpoint/describeOptimizer.ts";
import { previousCheckpoint } from "#host/checkpoint/previousCheckpoint.ts";
import { comparisonShown } from "#protocol/checkpointTabs.ts";
import { forWebview } from "#protocol/webviewWire.ts";
import { compareCheckpoints } from "#worker/pairs/compareCheckpoints.ts";
import * as v from "valibot";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";
import { EXAMPLE } from "../../support/build.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlens-described-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, tensors: Readonly<Record<string, readonly number[]>>): string {
  const path = join(folder, name);
  const entries = Object.entries(tensors).map(([tensor, values]) => {
    const data = bytesOf(Float32Array.from(values));
    return [tensor, { dtype: "F32", shape: [values.length], data }] as const;
  });
  writeFileSync(path, safetensorsFile(Object.fromEntries(entries)));
  return path;
}

function names(list: readonly { readonly name: string }[]): readonly string[] {
  return list.map(({ name }) => name);
}

function length(norms: readonly number[]): number {
  return Math.sqrt(norms.reduce((sum, norm) => sum + norm * norm, 0));
}

test("a comparison crosses the wire whole, with what was added, lost, reshaped or did not move, and NaN as NaN", async () => {
  const paths = [
    write("step-100.safetensors", { a: [3, 4], same: [1], gone: [1], bent: [1, 2], nan: [1] }),
    write("step-200.safetensors", { a: [3, 5], same: [1], fresh: [1], bent: [1], nan: [Number.NaN] }),
  ] as const;
  const comparison = await compareCheckpoints(...paths, { threads: 1 });
  const steps = stepsBetween({ given: undefined, paths, comparison });
  const review = reviewComparison(comparison, steps?.count ?? null);
  const shown = v.parse(
    comparisonShown,
    JSON.parse(JSON.stringify(forWebview(describeComparison({ paths, comparison, steps, review })))),
  );
  expect([names(shown.added), names(shown.missing), names(shown.reshaped), shown.steps]).toEqual([
    ["fresh"],
    ["gone"],
    ["bent"],
    { count: 100, from: "names" },
  ]);
  expect(shown.updates.map(({ name, isUnmoved, relative, delta }) => [name, isUnmoved, relative, delta])).toEqual([
    ["a", false, 0.2, 1],
    ["same", true, 0, 0],
    ["nan", false, null, Number.NaN],
  ]);
  expect(shown.whole?.relative).toBeNaN();
});

test("of real weights 200 steps apart all together moved as far as their parts did", async () => {
  const paths = [200, 400].map((step) => join(EXAMPLE, `checkpoint-${step}/model.safetensors`));
  const [before = "", after = ""] = paths;
  const comparison = await compareCheckpoints(before, after, { threads: 1 });
  const review = reviewComparison(comparison, 200);
  const shown = describeComparison({ paths: [before, after], comparison, steps: null, review });
  const own = comparison.tensors.filter(({ isTied }) => !isTied);
  const expected = length(own.map(({ change }) => change.delta)) / length(own.map(({ change }) => change.before));
  expect(shown.whole?.relative).toBeCloseTo(expected, 12);
});

test("a state without signal is below the noise, one without steps is not known, and shares are of the elements", () => {
  const sums = {
    squaredMean: 1e-9,
    squaredGradient: 4,
    update: 2,
    belowEpsilon: 1,
    zeros: 2,
    nonFinite: 0,
    ratios: [1, 1],
  };
  const parameter = {
    elements: 4,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    learningRate: 0.1,
    weightDecay: null,
    sums,
    storedNorm: null,
  };
  const parameters = [
    { ...parameter, name: "a.w", step: 200 },
    { ...parameter, name: "b.w", step: null },
  ];
  const shown = describeOptimizer(reviewOptimizer({ parameters, notes: [] }, new Map([["a.w", 2]])));
  const [a, b] = shown.rows;
  expect([a?.norm, a?.isBelowNoise, a?.belowEpsilon, a?.zeros, a?.updateRatio]).toEqual([2, true, 0.25, 0.5, 0.1]);
  expect([b?.signal, b?.isBelowNoise, b?.updateRatio]).toEqual([null, false, null]);
  expect([shown.globalNorm, shown.steps, shown.ratios]).toEqual([Math.sqrt(8), [200], [2, 2]]);
  expect(shown.memory).toBeCloseTo(100, 9);
});

test.each([
  { path: "/r/checkpoint-300/model.safetensors", step: 300, previous: "/r/checkpoint-200/model.safetensors" },
  { path: "/r/step=0300.ckpt", step: 300, previous: "/r/step=0100.ckpt" },
  { path: "/r/checkpoint-100/model.safetensors", step: 100, previous: undefined },
  { path: "/r/final.safetensors", step: null, previous: undefined },
])("the checkpoint before $path is $previous", ({ path, step, previous }) => {
  const all = [
    { path: "/r/checkpoint-100/model.safetensors", step: 100, bytes: 1 },
    { path: "/r/checkpoint-200/model.safetensors", step: 200, bytes: 1 },
    { path: "/r/checkpoint-200/optimizer.pt", step: 200, bytes: 1 },
    { path: "/r/step=0100.ckpt", step: 100, bytes: 1 },
  ];
  expect(previousCheckpoint({ path, step, bytes: 1 }, all)?.path).toBe(previous);
});

test("a checkpoint that nobody has looked into is a mark all the same", () => {
  const file = { path: "/r/a.pt", step: 3, bytes: 9 };
  expect(describeMark(file, undefined)).toEqual({ ...file, known: null });
});
