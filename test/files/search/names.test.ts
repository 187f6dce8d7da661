import { expect, test } from "vitest";
import { indexNameOf, isCheckpointName, stepOfFile, stepOfFolder } from "#files/search/checkpointNames.ts";
import { isLogName, isSettingsName } from "#files/search/names.ts";

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
  { file: "step_300.pt", step: 300 },
  { file: "checkpoint-300.pth", step: 300 },
  { file: "epoch=3-step=300.ckpt", step: 300 },
  { file: "step_300.npz", step: 300 },
  { file: "ckpt-300.weights.h5", step: 300 },
  { file: "checkpoint_300.keras", step: 300 },
  { file: "ckpt-300.index", step: 300 },
  { file: "model.ckpt-300.index", step: 300 },
  { file: "step_300.onnx", step: 300 },
  { file: "step_300.gguf", step: 300 },
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
  { name: "train.log.1", log: true, checkpoint: false },
  { name: "train_1.txt", log: true, checkpoint: false },
  { name: "events.out.tfevents.1744227257.host.5388.0", log: true, checkpoint: false },
  { name: "events.out.tfevents.1744227257.host.5388.0.v2", log: true, checkpoint: false },
  { name: "run-sv7hxi9x.wandb", log: true, checkpoint: false },
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
  { name: "model.pt", log: false, checkpoint: true },
  { name: "last.ckpt", log: false, checkpoint: true },
  { name: "resnet.pth", log: false, checkpoint: true },
  { name: "linear.pdparams", log: false, checkpoint: true },
  { name: "linear.pdopt", log: false, checkpoint: true },
  { name: "pytorch_model.bin", log: false, checkpoint: true },
  { name: "pytorch_model-00001-of-00002.bin", log: false, checkpoint: true },
  { name: "pytorch_model.bin.index.json", log: false, checkpoint: true },
  { name: "optimizer.pt", log: false, checkpoint: true },
  { name: "optimizer_1.bin", log: false, checkpoint: true },
  { name: "firmware.bin", log: false, checkpoint: false },
  { name: "training_args.bin", log: false, checkpoint: false },
  { name: "rng_state_0.pth", log: false, checkpoint: false },
  { name: "scheduler.pt", log: false, checkpoint: false },
  { name: "scaler.pt", log: false, checkpoint: false },
  { name: "sampler.bin", log: false, checkpoint: false },
  { name: "grads_step_3.npz", log: false, checkpoint: true },
  { name: "x_train.npz", log: false, checkpoint: false },
  { name: "model.weights.h5", log: false, checkpoint: true },
  { name: "model.keras", log: false, checkpoint: true },
  { name: "params.hdf5", log: false, checkpoint: true },
  { name: "train.h5", log: false, checkpoint: false },
  { name: "test_2.hdf5", log: false, checkpoint: false },
  { name: "grads.npy", log: false, checkpoint: true },
  { name: "layer1_weight.npy", log: false, checkpoint: true },
  { name: "image_00017.npy", log: false, checkpoint: false },
  { name: "model.onnx", log: false, checkpoint: true },
  { name: "model.gguf", log: false, checkpoint: true },
  { name: "ckpt-1.index", log: false, checkpoint: true },
  { name: "ckpt-1.data-00000-of-00001", log: false, checkpoint: true },
  { name: "model.ckpt-1.meta", log: false, checkpoint: false },
])("$name may be a log: $log, a checkpoint: $checkpoint", ({ name, log, checkpoint }) => {
  expect([isLogName(name), isCheckpointName(name)]).toEqual([log, checkpoint]);
});

test.each([
  { shard: "model-00001-of-00003.safetensors", index: "model.safetensors.index.json" },
  { shard: "pytorch_model-00001-of-00003.bin", index: "pytorch_model.bin.index.json" },
  { shard: "model.safetensors", index: null },
])("the index of $shard is $index", ({ shard, index }) => {
  expect(indexNameOf(shard)).toBe(index);
});

test.each([
  { name: "train.log.1", isLog: true },
  { name: "train.log.gz", isLog: true },
  { name: "train.log.2.gz", isLog: true },
  { name: "metrics.jsonl.zst", isLog: true },
  { name: "metrics.csv.gz", isLog: true },
  { name: "mlflow.db", isLog: true },
  { name: "progress.csv", isLog: true },
  { name: "training.csv", isLog: true },
  { name: "grad_norm.tsv", isLog: true },
  { name: "result.json", isLog: true },
  { name: "metrics.json", isLog: true },
  { name: "training_metrics.json", isLog: true },
  { name: "package.json", isLog: false },
  { name: "biometrics.json", isLog: false },
  { name: "archive.tar.gz", isLog: false },
  { name: "train.log.20251011", isLog: false },
  { name: "model.gz", isLog: false },
])("that $name may be a log is $isLog", ({ name, isLog }) => {
  expect(isLogName(name)).toBe(isLog);
});

test.each([
  { name: "hparams.yaml", isSettings: true },
  { name: "config.yml", isSettings: true },
  { name: "ds_config_zero3.json", isSettings: true },
  { name: "training_args.json", isSettings: true },
  { name: "config.py", isSettings: true },
  { name: "docker-compose.yaml", isSettings: false },
  { name: "tokenizer_config.json", isSettings: false },
])("that $name may hold a run's settings is $isSettings", ({ name, isSettings }) => {
  expect(isSettingsName(name)).toBe(isSettings);
});
