import { afterAll, beforeAll, expect, test } from "vitest";

import type { CheckpointComparison } from "#core/comparison.ts";
import { describeMismatch, parseMessage } from "#protocol/parse.ts";
import { workerRequest } from "#protocol/worker.ts";
import { workerAnswers } from "#protocol/workerAnswers.ts";
import { answer } from "#worker/answer.ts";

import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { bytesOf, safetensorsFile, type TestTensor } from "../support/safetensors.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
  await folder.write("a.safetensors", stateFile([1, 2, 3]));
  await folder.write("b.safetensors", stateFile([1, Number.NaN, 4]));
});
afterAll(async () => folder.dispose());

/** A weight with Adam's state of it. */
function stateFile(values: readonly number[]): Uint8Array {
  const tensor = float32(values, [values.length]);
  const names = ["w", "state.w.exp_avg", "state.w.exp_avg_sq"];
  return safetensorsFile({
    ...Object.fromEntries(names.map((name) => [name, tensor])),
    "state.w.step": float32([5], []),
    "state.w.grad_norm_exp_avg": float32([0.25], []),
  });
}

function float32(values: readonly number[], shape: readonly number[]): TestTensor {
  return { dtype: "F32", shape, data: bytesOf(Float32Array.from(values)) };
}

const { compareCheckpoints } = workerAnswers;

async function compared(): Promise<CheckpointComparison> {
  const asked = { kind: "compareCheckpoints", before: "a.safetensors", after: "b.safetensors", threads: 1 } as const;
  expect(parseMessage(workerRequest, asked)).toEqual(asked);
  const request = { ...asked, before: `${folder.path}/a.safetensors`, after: `${folder.path}/b.safetensors` };
  const answered = await answer(request, { signal: new AbortController().signal, onProgress: () => undefined });
  const sent: unknown = structuredClone(answered);
  expect(describeMismatch(compareCheckpoints, sent)).toBe("no mismatch");
  expect(parseMessage(compareCheckpoints, sent)).toEqual(answered);
  return answered as CheckpointComparison;
}

test("the worker's answer of two checkpoints is one, with NaN and moments, after it was sent", async () => {
  const { tensors, before } = await compared();
  expect(tensors.map(({ name, change }) => [name, change.delta, change.nonFiniteAfter])).toContainEqual([
    "w",
    Number.NaN,
    1,
  ]);
  expect(before.adam?.parameters.map((state) => [state.step, state.storedNorm, state.learningRate])).toEqual([
    [5, 0.25, null],
  ]);
  expect(before.adam?.notes).toEqual([
    "The checkpoint does not tell all of Adam's settings; assumed: betas.0 0.9, betas.1 0.999, eps 1e-8.",
  ]);
});

test.each([
  { kind: "compareCheckpoints", before: "a", after: "b", threads: -1 },
  { kind: "compareCheckpoints", before: "a", threads: 1 },
])("%o is no request", (request) => {
  expect(parseMessage(workerRequest, request)).toBeUndefined();
});
