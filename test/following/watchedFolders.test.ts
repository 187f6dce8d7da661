import { relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { watchedFolders } from "#following/watchedFolders.ts";
import { findRuns } from "#worker/runs/findRuns.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { VERSION_RECORD } from "../support/tfEvents.ts";
import { logMetric, writeMlflowRun } from "../support/mlflow.ts";
import { wandbLog } from "../support/wandb.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await createTestFolder();
});
afterEach(async () => folder.dispose());

const ROW = '{"step": 1, "grad_norm": 1}\n';
const CSV = "step,grad_norm\n1,1\n";
const STATE = JSON.stringify({ global_step: 1, log_history: [{ step: 1, grad_norm: 1 }] });
const EVENTS = "events.out.tfevents.1700000000.host.1.0";

function below(folderAbove: string, path: string): string {
  return relative(folderAbove, path).replaceAll("\\", "/");
}

/** Of each run below the test's folder the folders that are watched, relative to the run. */
async function watchedOf(): Promise<Record<string, readonly string[]>> {
  const { runs } = await findRuns(folder.path, { maxEntries: 1000 });
  return Object.fromEntries(
    runs.map((run) => [
      below(folder.path, run.folder),
      [...watchedFolders(run)].map((path) => below(run.folder, path)).toSorted(),
    ]),
  );
}

test.each([
  {
    layout: "Hugging Face's Trainer before the first save",
    files: { [`out/runs/Nov30_host/${EVENTS}`]: VERSION_RECORD },
    watched: { "out/runs/Nov30_host": [""] },
  },
  {
    layout: "Hugging Face's Trainer",
    files: { [`out/runs/Nov30_host/${EVENTS}`]: VERSION_RECORD, "out/checkpoint-5/trainer_state.json": STATE },
    watched: { out: ["", "checkpoint-5", "runs", "runs/Nov30_host"] },
  },
  {
    layout: "Weights & Biases",
    files: { "wandb/run-1-ab/run-ab.wandb": wandbLog(), "wandb/run-1-ab/files/config.yaml": "max_grad_norm: 1\n" },
    watched: { "wandb/run-1-ab": [""] },
  },
  {
    layout: "Lightning, two versions",
    files: {
      "lightning_logs/version_0/metrics.csv": CSV,
      "lightning_logs/version_1/metrics.csv": CSV,
      "lightning_logs/version_1/hparams.yaml": "gradient_clip_val: 1\n",
    },
    watched: { "lightning_logs/version_0": [""], "lightning_logs/version_1": [""] },
  },
  {
    layout: "Hydra",
    files: {
      "outputs/2026-11-30/10-00-00/train.log": ROW,
      "outputs/2026-11-30/10-00-00/.hydra/config.yaml": "lr: 1\n",
    },
    watched: { "outputs/2026-11-30/10-00-00": [""] },
  },
  {
    layout: "Ray Tune, mmengine",
    files: {
      "train/trial_1/result.jsonl": ROW,
      "work/20261130/vis_data/scalars.json": ROW,
      "work/20261130/a.log": ROW,
    },
    watched: { "train/trial_1": [""], "work/20261130": [""], "work/20261130/vis_data": [""] },
  },
])("of a run of $layout what grows is watched", async ({ files, watched }) => {
  for (const [name, content] of Object.entries<string | Uint8Array>(files)) {
    await folder.write(name, content);
  }
  expect(await watchedOf()).toEqual(watched);
});

test("of MLflow's folder of a run its series are watched, with those by a prefix, and no more than six folders", async () => {
  const run = `${folder.path}/mlruns/0/abc`;
  await writeMlflowRun(run);
  await logMetric(run, "grad_norm", [[1, 1, 1]]);
  const first = await watchedOf();
  for (const prefix of ["eval", "system", "test", "train"]) {
    await logMetric(run, `${prefix}/loss`, [[1, 1, 1]]);
  }
  expect([first, await watchedOf()]).toEqual([
    { "mlruns/0/abc": ["", "metrics", "params"] },
    { "mlruns/0/abc": ["", "metrics", "metrics/eval", "metrics/system", "metrics/test", "metrics/train"] },
  ]);
});

test.each(["/", "/a", "/a/"])("logs outside of the run's folder %s are not watched", (home) => {
  const logs = [{ path: "/b/c/m.jsonl", format: "jsonl" as const }];
  const watched = [...watchedFolders({ folder: home, logs, checkpoints: [], modifiedMs: 0 })];
  expect(watched).toEqual(home === "/" ? ["/", "/b/c", "/b"] : [home]);
});
