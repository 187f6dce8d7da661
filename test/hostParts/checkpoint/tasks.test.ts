import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createTasks } from "#host/checkpoint/tasks.ts";
import type { CheckpointTasks } from "#host/checkpoint/tasks.ts";
import { answerTensor } from "#host/checkpoint/tensorAnswers.ts";
import { Cancelled } from "#client/cancelled.ts";
import type { ToCheckpoint } from "#protocol/checkpoint.ts";
import { EXAMPLE } from "../../support/build.ts";
import { createReadingWorker } from "../../support/readingWorker.ts";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";
import { trainingCheckpoint } from "../../support/trainingCheckpoint.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlens-tasks-"));
afterAll(() => rmSync(folder, { recursive: true }));

const weights = (step: number): string => join(EXAMPLE, `checkpoint-${step}/model.safetensors`);

interface Told {
  readonly tasks: CheckpointTasks;
  readonly asked: readonly string[];
  /** Without progress. */
  readonly told: readonly ToCheckpoint[];
}

function tasksOf(path: string, refusal?: Error): Told {
  const asked: string[] = [];
  const told: ToCheckpoint[] = [];
  const worker = createReadingWorker(async ({ kind }) => {
    asked.push(kind);
  });
  const refusing = { ...worker, request: async () => Promise.reject(refusal) };
  const post = (message: ToCheckpoint): void => void (message.kind === "taskProgress" || told.push(message));
  const tasks = createTasks(path, { worker: refusal === undefined ? worker : refusing, threads: () => 1, post });
  return { tasks, asked, told };
}

function adamFile(): string {
  const path = join(folder, "last.pt");
  writeFileSync(path, trainingCheckpoint());
  return path;
}

test("Adam's moments are read once; a page that comes back gets the same answer", async () => {
  const { tasks, asked, told } = tasksOf(adamFile());
  tasks.setWeights(new Map([["wte.weight", Math.sqrt(8)]]));
  await tasks.measureAdam();
  await tasks.measureAdam();
  const [first, second] = told;
  expect([asked, first === second]).toEqual([["measureAdam"], true]);
  const rows = first?.kind === "adam" ? (first.adam?.rows ?? []) : [];
  expect(rows.map(({ name, step, updateRatio }) => [name, step, updateRatio !== null])).toEqual([
    ["wte.weight", 300, true],
    ["h.0.mlp.weight", 300, false],
    ["h.0.mlp.bias", 300, false],
  ]);
});

test("a file that changed is measured again", async () => {
  const { tasks, asked } = tasksOf(adamFile());
  await tasks.measureAdam();
  tasks.forget();
  await tasks.measureAdam();
  expect(asked).toEqual(["measureAdam", "measureAdam"]);
});

test("without moments there is an answer, too", async () => {
  const { tasks, told } = tasksOf(weights(200));
  await tasks.measureAdam();
  expect(told).toEqual([{ kind: "adam", adam: null }]);
});

test("the earlier step is the one before, whichever is open; swapping turns it round, and repeating sends the last again", async () => {
  const { tasks, told } = tasksOf(weights(200));
  await tasks.compareWith(weights(400));
  await tasks.swap();
  tasks.repeat();
  expect(told.map((message) => (message.kind === "comparison" ? message.comparison.before : message.kind))).toEqual([
    "checkpoint-200/model.safetensors",
    "checkpoint-400/model.safetensors",
    "checkpoint-400/model.safetensors",
  ]);
});

test.each([
  { error: new Cancelled("Cancelled."), message: null },
  { error: new Error("It shrank."), message: "It shrank." },
])("a task that ends with $error.message tells $message", async ({ error, message }) => {
  const { tasks, told } = tasksOf(weights(200), error);
  await tasks.measureAdam();
  expect(told).toEqual([{ kind: "taskStopped", task: "adam", message }]);
});

test("one tensor is described in full and has a spectral norm; one that is not there says why", async () => {
  const path = join(folder, "matrix.safetensors");
  const data = bytesOf(Float32Array.of(3, 0, 0, 4));
  writeFileSync(
    path,
    safetensorsFile({ w: { dtype: "F32", shape: [2, 2], data }, v: { dtype: "F32", shape: [2, 2], data } }),
  );
  const told: ToCheckpoint[] = [];
  const options = {
    path,
    worker: createReadingWorker(),
    compute: { threads: 1, engine: "simd" as const },
    post: (message: ToCheckpoint): void => void told.push(message),
    signal: new AbortController().signal,
  };
  const key = { file: "matrix.safetensors", tensorKind: "weight" as const };
  await answerTensor({ kind: "describeTensor", name: "w", ...key }, options);
  await answerTensor({ kind: "computeSpectrum", name: "w", ...key }, options);
  await answerTensor({ kind: "describeTensor", name: "gone", ...key }, options);
  const [statistics, spectrum, gone] = told;
  expect(statistics?.kind === "statistics" && [statistics.norms?.zeros, statistics.norms?.histogram]).toEqual([
    2,
    { firstExponent: 1, counts: [1, 1] },
  ]);
  expect(spectrum?.kind === "spectrum" && spectrum.spectrum?.norm).toBeCloseTo(4, 2);
  expect(gone).toEqual({
    kind: "statistics",
    name: "gone",
    ...key,
    norms: null,
    failure: "It was not found in the file.",
  });
});
