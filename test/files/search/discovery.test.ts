import { symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { discoverRuns } from "#files/search/discovery.ts";
import type { Discovery, DiscoveryOptions } from "#files/search/discovery.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await createTestFolder();
});
afterEach(async () => folder.dispose());

const OPTIONS: DiscoveryOptions = {
  maxEntries: 1000,
  identify: (path, head) => {
    if (new TextDecoder().decode(head).startsWith("not a log")) {
      return undefined;
    }
    if (path.includes("tfevents")) {
      return "tensorBoard";
    }
    return path.endsWith("trainer_state.json") ? "trainerState" : "jsonl";
  },
};

async function discover(files: Record<string, string>, options: Partial<DiscoveryOptions> = {}): Promise<string[]> {
  for (const [name, content] of Object.entries(files)) {
    await folder.write(name, content);
  }
  return describe(await discoverRuns(folder.path, { ...OPTIONS, ...options }));
}

/** `run: log log | checkpoint@step`, with paths relative to the run. */
function describe({ runs }: Discovery): string[] {
  return runs.map((run) => {
    const logs = run.logs.map(({ path }) => relative(run.folder, path));
    const checkpoints = run.checkpoints.map(({ path, step }) => `${relative(run.folder, path)}@${String(step)}`);
    return `${relative(folder.path, run.folder)}: ${[...logs, "|", ...checkpoints].join(" ")}`;
  });
}

test.each([
  { tree: "an empty folder", files: {}, runs: [] },
  { tree: "a log", files: { "a/m.jsonl": "{}" }, runs: ["a: m.jsonl |"] },
  { tree: "a file that is no log", files: { "a/m.jsonl": "not a log" }, runs: [] },
  {
    tree: "checkpoints below a log",
    files: { "a/m.jsonl": "{}", "a/checkpoint-20/model.safetensors": "", "a/saves/step_3.safetensors": "" },
    runs: ["a: m.jsonl | saves/step_3.safetensors@3 checkpoint-20/model.safetensors@20"],
  },
  {
    tree: "checkpoints alone",
    files: { "a/checkpoint-20/model.safetensors": "", "a/checkpoint-3/model.safetensors": "", "b/x.safetensors": "" },
    runs: ["a: | checkpoint-3/model.safetensors@3 checkpoint-20/model.safetensors@20", "b: | x.safetensors@null"],
  },
  {
    tree: "files of Flax",
    files: { "a/flax_model.msgpack": "", "a/checkpoint_30": "", "a/checkpoint_x": "" },
    runs: ["a: | flax_model.msgpack@null checkpoint_30@30"],
  },
  {
    tree: "steps of Orbax, each one checkpoint, and one that is not finished",
    files: {
      "a/m.jsonl": "{}",
      "a/saves/9/_CHECKPOINT_METADATA": "{}",
      "a/saves/9/default/manifest.ocdbt": "",
      "a/saves/9/default/x.safetensors": "",
      "a/saves/10/_METADATA": "",
      "a/saves/11.orbax-checkpoint-tmp-5/_METADATA": "",
      "a/checkpoint_12/manifest.ocdbt": "",
    },
    runs: ["a: m.jsonl | saves/9@9 saves/10@10 checkpoint_12@12"],
  },
  {
    tree: "checkpoints of many ranks, each one folder, with the history saved into one",
    files: {
      "a/step-10/.metadata": "",
      "a/step-10/__0_0.distcp": "123",
      "a/checkpoint-20/pytorch_model_fsdp_0/__0_0.distcp": "",
      "a/checkpoint-20/scheduler.pt": "",
      "a/checkpoint-20/trainer_state.json": "{}",
      "a/global_step30/mp_rank_00_model_states.pt": "",
      "a/global_step30/bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt": "",
      "a/iter_0000040/mp_rank_00/model_optim_rng.pt": "",
      "a/iter_0000050/metadata.json": "",
      "a/iter_0000050/common.pt": "",
    },
    runs: [
      "a: checkpoint-20/trainer_state.json | step-10@10 checkpoint-20@20 global_step30@30 iter_0000040@40 iter_0000050@50",
    ],
  },
  {
    tree: "folders of Zarr, of which most are data",
    files: {
      "a/weights.zarr/.zgroup": "",
      "a/weights.zarr/w/.zarray": "",
      "a/images.zarr/zarr.json": "",
      "a/images.zarr/params.zarr/.zarray": "",
    },
    runs: ["a: | weights.zarr@null"],
  },
  {
    tree: "a run within a run",
    files: { "a/m.jsonl": "{}", "a/b/m.jsonl": "{}", "a/b/step1.safetensors": "" },
    runs: ["a: m.jsonl |", "a/b: m.jsonl | step1.safetensors@1"],
  },
  {
    tree: "events of Hugging Face's Trainer, the last of two trainings beside its history, and others' runs",
    files: {
      "a/checkpoint-20/trainer_state.json": "{}",
      "a/runs/Nov30_09-00-00_host/events.out.tfevents.1": "{}",
      "a/runs/Nov30_10-00-00_host/events.out.tfevents.1": "{}",
      "b/runs/Nov30_10-00-00_host/events.out.tfevents.1": "{}",
    },
    runs: [
      "a: checkpoint-20/trainer_state.json runs/Nov30_10-00-00_host/events.out.tfevents.1 |",
      "a/runs/Nov30_09-00-00_host: events.out.tfevents.1 |",
      "b/runs/Nov30_10-00-00_host: events.out.tfevents.1 |",
    ],
  },
  {
    tree: "a table of each metric, as DVCLive writes them",
    files: { "dvclive/plots/metrics/train/grad_norm.tsv": "{}", "dvclive/plots/metrics/train/loss.tsv": "{}" },
    runs: ["dvclive/plots/metrics/train: grad_norm.tsv loss.tsv |"],
  },
  {
    tree: "events with the settings that torch's add_hparams writes below them",
    files: {
      "a/events.out.tfevents.1": "{}",
      "a/1796080885.246987/events.out.tfevents.2": "{}",
      "a/2/events.out.tfevents.2": "{}",
      "b/1796080885.246987/events.out.tfevents.2": "{}",
    },
    runs: [
      "a: events.out.tfevents.1 1796080885.246987/events.out.tfevents.2 |",
      "a/2: events.out.tfevents.2 |",
      "b/1796080885.246987: events.out.tfevents.2 |",
    ],
  },
  {
    tree: "a history copied into each checkpoint",
    files: {
      "a/checkpoint-20/trainer_state.json": "{....}",
      "a/checkpoint-20/model.safetensors": "",
      "a/checkpoint-3/trainer_state.json": "{.}",
    },
    runs: ["a: checkpoint-20/trainer_state.json | checkpoint-20/model.safetensors@20"],
  },
  {
    tree: "a history of the run beside its copies",
    files: {
      "a/checkpoint-20/trainer_state.json": "{....}",
      "a/trainer_state.json": "{....}",
      "a/train.log": "{}",
    },
    runs: ["a: train.log trainer_state.json |"],
  },
  {
    tree: "a history of the run older than its last copy",
    files: { "a/checkpoint-20/trainer_state.json": "{....}", "a/trainer_state.json": "{.}" },
    runs: ["a: checkpoint-20/trainer_state.json |"],
  },
  {
    tree: "a sharded checkpoint",
    files: {
      "a/model.safetensors.index.json": "12",
      "a/model-00001-of-00002.safetensors": "345",
      "a/model-00002-of-00002.safetensors": "6789",
      "b/model-00001-of-00002.safetensors": "345",
    },
    runs: ["a: | model.safetensors.index.json@null", "b: | model-00001-of-00002.safetensors@null"],
  },
  {
    tree: "TensorFlow's checkpoints, and an index of something else",
    files: {
      "a/ckpt-1.index": "12",
      "a/ckpt-1.data-00000-of-00002": "345",
      "a/ckpt-1.data-00001-of-00002": "6789",
      "a/checkpoint": "text",
      "b/ckpt-2.data-00000-of-00001": "being written",
      "c/faiss.index": "no checkpoint",
    },
    runs: ["a: | ckpt-1.index@1"],
  },
  {
    tree: "split GGUF models, and one that lacks its first part",
    files: {
      "a/m-00001-of-00002.gguf": "12",
      "a/m-00002-of-00002.gguf": "345",
      "b/m-00002-of-00002.gguf": "345",
      "b/m.onnx": "6",
    },
    runs: ["a: | m-00001-of-00002.gguf@null", "b: | m-00002-of-00002.gguf@null m.onnx@null"],
  },
  {
    tree: "folders of packages, hidden ones and deep ones",
    files: {
      "node_modules/m.jsonl": "{}",
      ".venv/m.jsonl": "{}",
      "lib/site-packages/m.jsonl": "{}",
      "1/2/3/4/5/6/m.jsonl": "{}",
      "1/2/3/4/5/6/7/m.jsonl": "{}",
    },
    runs: ["1/2/3/4/5/6: m.jsonl |"],
  },
])("$tree gives the runs $runs", async ({ files, runs }) => {
  expect(await discover(files)).toEqual(runs);
});

test("a checkpoint folder opened by itself is a run with its own history", async () => {
  await folder.write("checkpoint-20/trainer_state.json", "{}");
  await folder.write("checkpoint-20/model.safetensors", "1234");
  const opened = join(folder.path, "checkpoint-20");
  expect((await discoverRuns(opened, OPTIONS)).runs).toEqual([
    {
      folder: opened,
      logs: [{ path: join(opened, "trainer_state.json"), format: "trainerState" }],
      checkpoints: [{ path: join(opened, "model.safetensors"), step: 20, bytes: 4 }],
      modifiedMs: 1_000_000,
    },
  ]);
});

test.each([
  { "m.safetensors.index.json": "12", "m-00001-of-00001.safetensors": "345" },
  { "ckpt-1.index": "12", "ckpt-1.data-00000-of-00001": "345" },
  { "m-00001-of-00002.gguf": "12", "m-00002-of-00002.gguf": "345" },
])("an index or first part has the bytes of all: %o", async (files) => {
  await discover(files);
  const { runs } = await discoverRuns(folder.path, OPTIONS);
  expect(runs[0]?.checkpoints.map(({ bytes }) => bytes)).toEqual([5]);
});

test("linked folders are not followed, linked files are unless links are skipped", async () => {
  await folder.write("a/m.jsonl", "{}");
  await symlink(join(folder.path, "a"), join(folder.path, "b"));
  await symlink(join(folder.path, "a", "m.jsonl"), join(folder.path, "a", "linked.jsonl"));
  await symlink(join(folder.path, "nowhere"), join(folder.path, "a", "broken.jsonl"));
  const found = await discoverRuns(folder.path, OPTIONS);
  expect([describe(found), found.unreadable.map(({ path }) => relative(folder.path, path))]).toEqual([
    ["a: linked.jsonl m.jsonl |"],
    ["a/broken.jsonl"],
  ]);
  const careful = await discoverRuns(folder.path, { ...OPTIONS, skipsLinks: true });
  expect([describe(careful), careful.unreadable]).toEqual([["a: m.jsonl |"], []]);
});

test("the search stops at its limit on entries and says so", async () => {
  await discover({ "a/m.jsonl": "{}", "b/m.jsonl": "{}", "c/m.jsonl": "{}" });
  const found = await discoverRuns(folder.path, { ...OPTIONS, maxEntries: 4 });
  expect([describe(found), found.truncated]).toEqual([["a: m.jsonl |"], "entries"]);
});

test.each([
  { excludes: ["**/b"], runs: ["a: m.jsonl |", "a/d: m.jsonl x.jsonl |", "c: m.jsonl |"] },
  { excludes: ["b"], runs: ["a: m.jsonl |", "a/b: m.jsonl |", "a/d: m.jsonl x.jsonl |", "c: m.jsonl |"] },
  { excludes: ["**/{b,c}", "a/d/x*"], runs: ["a: m.jsonl |", "a/d: m.jsonl |"] },
  { excludes: ["{a/{b,d},c}/**"], runs: ["a: m.jsonl |", "b: m.jsonl |"] },
  {
    excludes: ["{".repeat(20), "{a,b}".repeat(20), "x{,}"],
    runs: ["a: m.jsonl |", "a/b: m.jsonl |", "a/d: m.jsonl x.jsonl |", "b: m.jsonl |", "c: m.jsonl |"],
  },
])("what $excludes exclude is passed over", async ({ excludes, runs }) => {
  const paths = ["a/m.jsonl", "a/b/m.jsonl", "a/d/m.jsonl", "a/d/x.jsonl", "b/m.jsonl", "c/m.jsonl"];
  expect(await discover(Object.fromEntries(paths.map((path) => [path, "{}"])), { excludes })).toEqual(runs);
});

test("the search can be called off", async () => {
  await expect(discover({}, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
});

test("a folder that is not there is an error", async () => {
  await expect(discoverRuns(join(folder.path, "nowhere"), OPTIONS)).rejects.toThrow("ENOENT");
});

test("a folder that is a checkpoint has the bytes of all its files", async () => {
  await folder.write("run/10/_METADATA", "four");
  await folder.write("run/10/d/e/f", "sixsix");
  const { runs } = await discoverRuns(folder.path, OPTIONS);
  expect(runs[0]?.checkpoints.map(({ bytes, step }) => [bytes, step])).toEqual([[10, 10]]);
});

test("a folder that is itself a checkpoint is found when it is asked for", async () => {
  await folder.write("_METADATA", "{}");
  expect((await discoverRuns(folder.path, OPTIONS)).runs.map(({ checkpoints }) => checkpoints.length)).toEqual([1]);
});

test("a folder of a hundred texts and more is a data set: only names that say `log` plainly are opened there", async () => {
  const texts = Array.from({ length: 101 }, (_, index) => [`data/train_${index}.txt`, "step"] as const);
  const files = Object.fromEntries([...texts, ["data/slurm-7.out", "step"], ["few/train_1.txt", "step"]]);
  expect(await discover(files)).toEqual(["data: slurm-7.out |", "few: train_1.txt |"]);
});
