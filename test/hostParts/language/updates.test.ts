import { expect, test } from "vitest";
import type { CheckpointComparison, ComparedTensor } from "#core/comparison.ts";
import type { CheckpointFile } from "#core/run.ts";
import { checkpointName, createUpdatesBook, newestPair } from "#host/language/updatesBook.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";

function runWith(...checkpoints: readonly CheckpointFile[]): Run {
  const run = createRun("/run");
  run.setFiles({ folder: "/run", logs: [], checkpoints, modifiedMs: 0 });
  return run;
}

const file = (path: string, step: number | null): CheckpointFile => ({ path: `/run/${path}`, step, bytes: 1 });

test.each([
  { what: "none", files: [], pair: undefined },
  { what: "one", files: [file("checkpoint-1/model.safetensors", 1)], pair: undefined },
  {
    what: "two of one step",
    files: [file("checkpoint-1/model.safetensors", 1), file("checkpoint-1/b/model.safetensors", 1)],
    pair: undefined,
  },
  { what: "files without steps", files: [file("a.pt", null), file("b.pt", null)], pair: undefined },
  {
    what: "three, and others beside them",
    files: [
      file("checkpoint-2/model.safetensors", 2),
      file("checkpoint-10/model.safetensors", 10),
      file("checkpoint-9/model.safetensors", 9),
      file("checkpoint-10/optimizer.pt", 10),
    ],
    pair: ["/run/checkpoint-9/model.safetensors", "/run/checkpoint-10/model.safetensors"],
  },
])("of $what the newest pair is $pair", ({ files, pair }) => {
  const found = newestPair(runWith(...files));
  expect(found && [found.before.path, found.after.path]).toEqual(pair);
});

test.each([
  { path: "/run/checkpoint-9/model.safetensors", name: "checkpoint-9" },
  { path: "/run/last.pt", name: "last.pt" },
  { path: "/elsewhere/last.pt", name: "last.pt" },
])("$path is called $name", ({ path, name }) => {
  expect(checkpointName(runWith(), path)).toBe(name);
});

const CHANGE: ComparedTensor["change"] = {
  before: 2,
  after: 2.1,
  delta: 0.5,
  dot: 4,
  maxDelta: 0.1,
  changed: 7,
  roundedAway: 0,
  nonFiniteBefore: 0,
  nonFiniteAfter: 0,
};

function tensor(name: string, kind: "weight" | "gradient"): ComparedTensor {
  return {
    name,
    kind,
    dtype: "F32",
    shape: [7],
    elements: 7,
    file: "m.pt",
    change: CHANGE,
  } as unknown as ComparedTensor;
}

test("updates are told of weights, under any name that wrappers give them", () => {
  const run = runWith();
  const pair = { before: file("checkpoint-100/m.pt", 100), after: file("checkpoint-200/m.pt", 200) };
  const side = { format: "torch", bytes: 1, hasMasterWeights: false, adam: null };
  const comparison = {
    before: side,
    after: side,
    tensors: [tensor("module.a.weight", "weight"), tensor("b", "gradient")],
  };
  const book = createUpdatesBook();
  book.set(run, pair, comparison as unknown as CheckpointComparison);
  expect([book.of(run, "_orig_mod.a.weight"), book.of(run, "b"), book.of(runWith(), "a.weight")]).toEqual([
    { relative: 0.25, perStep: { low: 0.0025, high: 0.025 }, before: "checkpoint-100", after: "checkpoint-200" },
    undefined,
    undefined,
  ]);
});
