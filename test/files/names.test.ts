import { expect, test } from "vitest";
import { isCheckpointName, isLogName, stepOfFile, stepOfFolder } from "#files/names.ts";

test.each([
  { folder: "checkpoint-300", step: 300 },
  { folder: "step_300", step: 300 },
  { folder: "step=300", step: 300 },
  { folder: "iter_0000300", step: 300 },
  { folder: "global_step300", step: 300 },
  { folder: "epoch=3-step=300", step: 300 },
  { folder: "epoch_3", step: null },
  { folder: "checkpoint-last", step: null },
  { folder: "checkpoint3", step: null },
  { folder: "step2_finetune", step: null },
  { folder: "run-2024", step: null },
])("the folder $folder names step $step", ({ folder, step }) => {
  expect(stepOfFolder(folder)).toBe(step);
});

test.each([
  { file: "step_300.safetensors", step: 300 },
  { file: "grads_step300.safetensors", step: 300 },
  { file: "model-step=300.safetensors.index.json", step: 300 },
  { file: "model-00001-of-00003.safetensors", step: null },
  { file: "model.epoch3.safetensors", step: null },
  { file: "footstep.safetensors", step: null },
])("the file $file names step $step", ({ file, step }) => {
  expect(stepOfFile(file)).toBe(step);
});

test.each([
  { name: "metrics.jsonl", log: true, checkpoint: false },
  { name: "metrics.csv", log: true, checkpoint: false },
  { name: "training_log.csv", log: true, checkpoint: false },
  { name: "prices.csv", log: false, checkpoint: false },
  { name: "trainer_state.json", log: true, checkpoint: false },
  { name: "config.json", log: false, checkpoint: false },
  { name: "slurm.log", log: true, checkpoint: false },
  { name: "train_1.txt", log: true, checkpoint: false },
  { name: "slurm-123456.out", log: true, checkpoint: false },
  { name: "nohup.out", log: true, checkpoint: false },
  { name: "slurm-123456.err", log: true, checkpoint: false },
  { name: "20230419_123541.log.json", log: true, checkpoint: false },
  { name: "node0-console.txt", log: true, checkpoint: false },
  { name: "node0_stdout_1.txt", log: true, checkpoint: false },
  { name: "my_train_log.txt", log: true, checkpoint: false },
  { name: "chronicles.md", log: true, checkpoint: false },
  { name: "README.md", log: false, checkpoint: false },
  { name: "notes.txt", log: false, checkpoint: false },
  { name: "requirements.txt", log: false, checkpoint: false },
  { name: "model.safetensors", log: false, checkpoint: true },
  { name: "model.safetensors.index.json", log: false, checkpoint: true },
])("$name may be a log: $log, a checkpoint: $checkpoint", ({ name, log, checkpoint }) => {
  expect([isLogName(name), isCheckpointName(name)]).toEqual([log, checkpoint]);
});
