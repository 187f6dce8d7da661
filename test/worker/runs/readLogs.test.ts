import { appendFile, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LogBatch, LogPosition } from "#core/log.ts";
import type { RunFiles } from "#core/run.ts";
import { findRuns } from "#worker/runs/findRuns.ts";
import { readLastLine, readLog } from "#worker/runs/readLog.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { createMlflowDatabase, insertMetrics, insertRun, logMetric, writeMlflowRun } from "../../support/mlflow.ts";
import { createTrackioDatabase, logRow } from "../../support/trackio.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await createTestFolder();
});
afterEach(async () => folder.dispose());

function samples({ chunks }: LogBatch): unknown {
  return Object.fromEntries(chunks.map(({ name, steps, values }) => [name, [[...steps], [...values]]]));
}

/** `run: format path, format path`, with paths relative to the run. */
function describe({ folder: run, logs }: RunFiles): string {
  const files = logs.map(({ path, format }) => `${format} ${relative(run, path)}`);
  return `${relative(folder.path, run)}: ${files.join(", ")}`;
}

async function found(): Promise<string[]> {
  return (await findRuns(folder.path, { maxEntries: 1000 })).runs.map(describe);
}

test("a run of MLflow's file store is one log, found as a folder and followed", async () => {
  const run = join(folder.path, "mlruns/0/abc");
  await writeMlflowRun(run, { max_grad_norm: "0.5", lr: "0.1" });
  await logMetric(run, "train/grad_norm", [
    [1, 2, 10],
    [2, Number.NaN, 20],
  ]);
  const first = await readLog(run, null);
  await logMetric(run, "train/grad_norm", [[3, 4, 30]]);
  await logMetric(run, "loss", [[3, 1, 30]]);
  const second = await readLog(run, first.position);
  const third = await readLog(run, second.position);
  expect([
    await found(),
    ...[first, second, third].map(samples),
    first.clipThreshold?.source,
    third.clipThreshold,
  ]).toEqual([
    ["mlruns/0/abc: mlflow "],
    {
      "train/grad_norm": [
        [10, 20],
        [2, Number.NaN],
      ],
    },
    { loss: [[30], [1]], "train/grad_norm": [[30], [4]] },
    {},
    "params/max_grad_norm",
    null,
  ]);
});

test("a late sample of MLflow's file store makes the run be read again in order", async () => {
  await writeMlflowRun(folder.path);
  await logMetric(folder.path, "loss", [
    [1, 1, 1],
    [3, 3, 3],
  ]);
  const first = await readLog(folder.path, null);
  await logMetric(folder.path, "loss", [[2, 2, 2]]);
  const second = await readLog(folder.path, first.position);
  expect([second.restarted, samples(second)]).toEqual([
    true,
    {
      loss: [
        [1, 2, 3],
        [1, 2, 3],
      ],
    },
  ]);
});

test("checkpoints among the artifacts of an MLflow run belong to it; its series are not looked at one by one", async () => {
  const run = join(folder.path, "mlruns/0/abc");
  await writeMlflowRun(run);
  await logMetric(run, "loss", [[1, 1, 1]]);
  await folder.write("mlruns/0/abc/artifacts/checkpoint-20/model.safetensors", "");
  const { runs } = await findRuns(folder.path, { maxEntries: 12 });
  expect(runs.map(({ checkpoints }) => checkpoints.map(({ step }) => step))).toEqual([[20]]);
});

test("databases are found by what is in them, and read on", async () => {
  const mlflow = createMlflowDatabase(join(folder.path, "mlflow.db"));
  insertRun(mlflow, { id: "a1", name: "first", startTime: 1 });
  insertMetrics(mlflow, "a1", "grad_norm", [[1, 2, 3]]);
  await folder.write("trackio/.keep", "");
  const trackio = createTrackioDatabase(join(folder.path, "trackio/project.db"));
  logRow(trackio, "run", 0, { grad_norm: 5 });
  await folder.write("other.db", "SQLite format 3\0 nothing of ours");
  const path = join(folder.path, "mlflow.db");
  const first = await readLog(path, null);
  insertMetrics(mlflow, "a1", "grad_norm", [[2, 4, 6]]);
  const reads = [first, await readLog(path, first.position), await readLog(`${path}#first`, null)];
  const project = samples(await readLog(join(folder.path, "trackio/project.db"), null));
  mlflow.close();
  trackio.close();
  expect([await found(), reads.map(samples), project]).toEqual([
    [": mlflowDatabase mlflow.db", "trackio: trackio project.db"],
    [
      { grad_norm: [[3], [2]] },
      { grad_norm: [[6], [4]] },
      {
        grad_norm: [
          [3, 6],
          [2, 4],
        ],
      },
    ],
    { grad_norm: [[0], [5]] },
  ]);
  expect((await readdir(folder.path)).toSorted()).toEqual(["mlflow.db", "other.db", "trackio"]);
});

const ROWS = '{"step": 1, "grad_norm": 2}\n{"step": 2, "grad_norm": 3}\n{"step": 3, "grad_norm": 4}';

test.each([
  { name: "train.jsonl.gz", bytes: gzipSync(ROWS) },
  { name: "train.log.1", bytes: Buffer.from(ROWS) },
  { name: "train.log.2.zst", bytes: zstdCompressSync(ROWS) },
  { name: "train.log.3", bytes: gzipSync(Buffer.from(`\uFEFF${ROWS}`, "utf16le")) },
  { name: "metrics.csv.gz", bytes: gzipSync("step,grad_norm\n1,2\n2,3\n3,4") },
])("$name is found and read to its last line", async ({ name, bytes }) => {
  const path = await folder.write(name, bytes);
  const first = await readLog(path, null);
  const last = await readLastLine(path, first.position);
  const again = await readLog(path, first.position);
  expect([(await found()).length, samples(first), samples(last), samples(again), again.restarted]).toEqual([
    1,
    {
      grad_norm: [
        [1, 2],
        [2, 3],
      ],
    },
    { grad_norm: [[3], [4]] },
    {},
    false,
  ]);
});

test("settings beside a run's logs give its threshold; without logs they are no run", async () => {
  const settings = "trainer:\n  gradient_clip_val: 0.5\n";
  await folder.write("a/metrics.csv", "step,loss\n1,2\n");
  await folder.write("a/hparams.yaml", settings);
  await folder.write("b/hparams.yaml", settings);
  await folder.write("c/train.jsonl", '{"step": 1, "loss": 2}\n');
  await folder.write("c/.hydra/config.yaml", settings);
  await folder.write("d/run.jsonl", '{"step": 1, "loss": 2}\n');
  await folder.write("d/files/config.yaml", "max_grad_norm:\n  value: 1\n");
  await folder.write("d/config.yaml", "lr: 1\n");
  await folder.write("e/run.jsonl", '{"step": 1, "loss": 2}\n');
  await folder.write("e/ds_config_zero3.json", `{"gradient_clipping": 1.0, "text": "${"x".repeat(300_000)}"}`);
  const { clipThreshold, position } = await readLog(join(folder.path, "a/hparams.yaml"), null);
  const again: LogBatch = await readLog(join(folder.path, "a/hparams.yaml"), position satisfies LogPosition);
  expect([await found(), clipThreshold, again.clipThreshold]).toEqual([
    [
      "a: csv metrics.csv, settingsFile hparams.yaml",
      "c: jsonl train.jsonl, settingsFile .hydra/config.yaml",
      "d: jsonl run.jsonl, settingsFile files/config.yaml",
      "e: jsonl run.jsonl",
    ],
    { value: 0.5, source: "trainer.gradient_clip_val (line 2) of hparams.yaml" },
    null,
  ]);
});

test("a compressed log that grew is read from its start", async () => {
  const path = await folder.write("grown.jsonl.gz", gzipSync('{"step": 1, "loss": 2}\n'));
  const first = await readLog(path, null);
  await appendFile(path, gzipSync('{"step": 2, "loss": 3}\n'));
  const second = await readLog(path, first.position);
  expect([second.restarted, samples(second)]).toEqual([
    true,
    {
      loss: [
        [1, 2],
        [2, 3],
      ],
    },
  ]);
});
