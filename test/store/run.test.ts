import { expect, test } from "vitest";
import type { LogFormat } from "#core/log.ts";
import type { SeriesChunk } from "#core/series.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { GLOBAL, RATE, batch, chunk, tensorKey } from "../support/logs.ts";

function append(run: Run, path: string, format: LogFormat, chunks: readonly SeriesChunk[]): void {
  run.append({ path, format }, batch(chunks, {}, format));
}

function shown(run: Run): string[] {
  return run.series().map(({ path, key }) => `${path} ${key.name}`);
}

test("the most precise log wins whichever was read first", () => {
  const norm = chunk(GLOBAL, [10], [1]);
  const loss = chunk({ kind: "loss", name: "train/loss", tensor: null }, [10], [2]);
  const console = { kind: "loss", name: "loss", tensor: null } as const;
  const run = createRun("/run");
  append(run, "/run/console.log", "huggingFaceConsole", [norm, chunk(console, [10], [2])]);
  const before = shown(run);
  append(run, "/run/metrics.jsonl", "jsonl", [norm, loss]);
  append(run, "/run/trainer_state.json", "trainerState", [norm]);
  expect([before, shown(run), run.logs().map(({ format }) => format)]).toEqual([
    ["/run/console.log grad_norm", "/run/console.log loss"],
    ["/run/metrics.jsonl grad_norm", "/run/metrics.jsonl train/loss"],
    ["jsonl", "trainerState", "huggingFaceConsole"],
  ]);
});

test("a series only the less precise log has is shown from there", () => {
  const run = createRun("/run");
  append(run, "/run/metrics.csv", "csv", [chunk(RATE, [1], [0.1])]);
  append(run, "/run/metrics.jsonl", "jsonl", [chunk(GLOBAL, [1], [1]), chunk(tensorKey("w"), [1], [1])]);
  expect(shown(run)).toEqual(["/run/metrics.jsonl grad_norm", "/run/metrics.jsonl grad_norm/w", "/run/metrics.csv lr"]);
});

test("two losses of one log are both shown", () => {
  const run = createRun("/run");
  const losses = ["train/loss", "eval/loss"].map((name) => chunk({ kind: "loss", name, tensor: null }, [1], [1]));
  append(run, "/run/metrics.jsonl", "jsonl", losses);
  expect([shown(run), run.first("loss")?.key.name]).toEqual([
    ["/run/metrics.jsonl train/loss", "/run/metrics.jsonl eval/loss"],
    "train/loss",
  ]);
});

test("which of two equally precise logs was read first changes nothing", () => {
  const logs = ["/run/a.jsonl", "/run/b.jsonl"];
  const runs = [logs, logs.toReversed()].map((paths) => {
    const run = createRun("/run");
    for (const path of paths) {
      const clipThreshold = { value: path.length, source: path };
      run.append({ path, format: "jsonl" }, batch([chunk(GLOBAL, [1], [1])], { clipThreshold }));
    }
    return [shown(run), run.logs().map(({ path }) => path), run.clipThreshold()?.source];
  });
  expect(runs).toEqual([
    [["/run/a.jsonl grad_norm"], logs, "/run/a.jsonl"],
    [["/run/a.jsonl grad_norm"], logs, "/run/a.jsonl"],
  ]);
});

test("a series stays the same object while it grows", () => {
  const run = createRun("/run");
  append(run, "/run/metrics.jsonl", "jsonl", [chunk(GLOBAL, [1], [1])]);
  const first = run.first("globalNorm");
  append(run, "/run/metrics.jsonl", "jsonl", [chunk(GLOBAL, [2], [Number.NaN])]);
  expect([run.first("globalNorm") === first, first?.values().join()]).toEqual([true, "1,NaN"]);
});

test("a log that starts over forgets its samples, threshold and problems, and no other log's", () => {
  const run = createRun("/run");
  append(run, "/run/metrics.csv", "csv", [chunk(RATE, [1], [0.1])]);
  run.append(
    { path: "/run/m.jsonl", format: "jsonl" },
    batch([chunk(GLOBAL, [1, 2], [1, 2])], {
      clipThreshold: { value: 1, source: "max_grad_norm" },
      problems: [{ line: 3, reason: "no JSON" }],
    }),
  );
  run.append({ path: "/run/m.jsonl", format: "jsonl" }, batch([chunk(GLOBAL, [7], [7])], { restarted: true }));
  expect([
    run.first("globalNorm")?.steps().join(),
    run.clipThreshold(),
    run.logs().flatMap(({ problems }) => problems),
    run.first("learningRate")?.values().join(),
  ]).toEqual(["7", null, [], "0.1"]);
});

test("a log that starts over empty shows nothing", () => {
  const run = createRun("/run");
  append(run, "/run/m.jsonl", "jsonl", [chunk(GLOBAL, [1], [1])]);
  run.append({ path: "/run/m.jsonl", format: "jsonl" }, batch([], { restarted: true }));
  expect([run.series(), run.first("globalNorm")]).toEqual([[], undefined]);
});

test("norms at a step leave out a tensor that was not measured there, and keep zero and NaN", () => {
  const run = createRun("/run");
  append(run, "/run/m.jsonl", "jsonl", [
    chunk(tensorKey("a"), [1, 2], [1, 0]),
    chunk(tensorKey("b"), [1], [3]),
    chunk(tensorKey("c"), [1, 2], [1, Number.NaN]),
  ]);
  expect([run.tensorNormsAt(2), run.tensorNormsAt(3), [...run.tensors().keys()]]).toEqual([
    new Map([
      ["a", 0],
      ["c", Number.NaN],
    ]),
    new Map(),
    ["a", "b", "c"],
  ]);
});

test("the first threshold of a log stays; 100 of its problems are kept, and the others counted", () => {
  const run = createRun("/run");
  const thresholds = [1, 5].map((value) => ({ value, source: "max_grad_norm" }));
  for (const clipThreshold of thresholds) {
    const problems = Array.from({ length: 70 }, (_, line) => ({ line, reason: "no JSON" }));
    run.append({ path: "/run/m.jsonl", format: "jsonl" }, batch([], { clipThreshold, problems }));
  }
  const problems = run.logs()[0]?.problems;
  expect([run.clipThreshold()?.value, problems?.length, problems?.at(-1)]).toEqual([
    1,
    101,
    { line: 30, reason: "40 more lines have problems.", count: 40 },
  ]);
});

test("a series keeps what its chunks carry: axis, estimate, wall times and the coarsest resolution", () => {
  const run = createRun("/run");
  const key = { ...GLOBAL, axis: "tokens", isEstimate: true } as const;
  append(run, "/run/m.jsonl", "jsonl", [{ ...chunk(key, [1], [1]), resolution: 0.5 }]);
  append(run, "/run/m.jsonl", "jsonl", [
    { ...chunk(key, [2, 3], [1, 1]), wallTimes: Float64Array.of(1.7e9, 1.8e9), resolution: 0.05 },
  ]);
  append(run, "/run/m.jsonl", "jsonl", [chunk(key, [4], [1])]);
  const [series] = run.series();
  expect([series?.key, series?.wallTimes(), series?.resolution()]).toEqual([
    key,
    Float64Array.of(Number.NaN, 1.7e9, 1.8e9, Number.NaN),
    0.5,
  ]);
});

test("of thousands of tensors no wall times are kept, but their log is still known to follow an earlier one", () => {
  const run = createRun("/run");
  const logAt = (name: string, step: number): void => {
    const times = { ...chunk(tensorKey("w"), [step], [1]), wallTimes: Float64Array.of(step) };
    append(run, `/run/events.out.tfevents.${name}.host`, "tensorBoard", [times]);
  };
  logAt("1700000000", 7);
  logAt("1700000001", 9);
  expect(run.series().map((series) => [series.wallTimes(), series.steps().join()])).toEqual([[undefined, "7,9"]]);
});

test("a log that is no longer listed leaves with its series; one that was never listed stays", () => {
  const run = createRun("/run");
  const files = { folder: "/run", checkpoints: [], modifiedMs: 0 };
  const [a, b] = [
    { path: "/run/a.jsonl", format: "jsonl" },
    { path: "/run/b.csv", format: "csv" },
  ] as const;
  run.setFiles({ ...files, logs: [a, b] });
  append(run, a.path, a.format, [chunk(GLOBAL, [1], [1])]);
  append(run, b.path, b.format, [chunk(RATE, [1], [0.1])]);
  append(run, "/run/named.jsonl", "jsonl", [chunk(tensorKey("w"), [1], [1])]);
  const dropped = [run.setFiles({ ...files, logs: [b] }), run.setFiles({ ...files, logs: [b] })];
  append(run, a.path, a.format, [chunk(GLOBAL, [2], [2])]); // Read while it was deleted.
  const without = shown(run);
  run.setFiles({ ...files, logs: [a, b] });
  append(run, a.path, a.format, [chunk(GLOBAL, [1], [1])]);
  expect([dropped, without, shown(run)]).toEqual([
    [true, false],
    ["/run/named.jsonl grad_norm/w", "/run/b.csv lr"],
    ["/run/a.jsonl grad_norm", "/run/named.jsonl grad_norm/w", "/run/b.csv lr"],
  ]);
});
