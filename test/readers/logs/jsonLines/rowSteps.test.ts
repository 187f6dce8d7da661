import { expect, test } from "vitest";
import { jsonLines } from "#readers/logs/jsonLines/jsonLines.ts";
import { mmcv } from "#readers/logs/mmcv.ts";
import { identifyLog } from "#readers/logs/readers.ts";
import { mmcvJson } from "../../../support/trainerLogs.ts";
import { parseAll, parseByLine, samplesOf } from "../parsed.ts";

test("mmengine's validation stands at the step training has reached, not at its epoch", () => {
  const text = [
    '{"lr": 0.001, "grad_norm": 9.6, "epoch": 1, "iter": 50, "memory": 5876, "step": 50}',
    '{"lr": 0.001, "grad_norm": 9.5, "epoch": 1, "iter": 88, "memory": 5876, "step": 88}',
    '{"val_loss": 0.5, "time": 0.2, "step": 1}',
    '{"lr": 0.001, "grad_norm": 9.4, "epoch": 2, "iter": 138, "memory": 5876, "step": 138}',
    "",
  ].join("\n");
  const samples = samplesOf(parseAll(jsonLines, text));
  expect([samples["val_loss"], samples["grad_norm"]?.length]).toEqual([[[88, 0.5, 2]], 3]);
  expect(parseByLine(jsonLines, text)).toEqual(samples);
});

test.each([
  {
    trainer: "ms-swift",
    row: '{"loss": 1.5, "grad_norm": 2.5, "memory(GiB)": 20.1, "global_step/max_steps": "301/600", "percentage": "50.17%", "elapsed_time": "5m 3s"}',
    name: "grad_norm",
    sample: [301, 2.5, 0],
  },
  {
    trainer: "Megatron-SWIFT",
    row: '{"loss": 1.5, "grad_norm": 2.5, "iteration": "10/100", "percentage": "10.00%"}',
    name: "grad_norm",
    sample: [10, 2.5, 0],
  },
  {
    trainer: "MaxText",
    row: '{"learning/loss": 9.1, "learning/grad_norm": 0.5, "learning/raw_grad_norm": 1.5, "step": 5.0}',
    name: "learning/raw_grad_norm",
    sample: [5, 1.5, 0],
  },
  {
    trainer: "levanter",
    row: '{"tracker": "json_logger", "event": "log", "run_id": "x", "step": 5, "metrics": {"train/loss": 2.5, "grad/norm/total": 1.25}}',
    name: "metrics/grad/norm/total",
    sample: [5, 1.25, 0],
  },
  {
    trainer: "Stable-Baselines3",
    row: '{"time/iterations": 2, "time/total_timesteps": 4096, "train/grad_norm": 2.5, "train/n_updates": 20}',
    name: "train/grad_norm",
    sample: [4096, 2.5, 0],
  },
  {
    trainer: "RLlib",
    row: '{"learners": {"default_policy": {"gradients_default_optimizer_global_norm": 2.5}}, "training_iteration": 3, "config": {"lr": 0.1}}',
    name: "learners/default_policy/gradients_default_optimizer_global_norm",
    sample: [3, 2.5, 0],
  },
  {
    trainer: "a function under Ray Tune",
    row: '{"grad_norm": 2.5, "step": 7, "training_iteration": 3, "timestamp": 1796080849}',
    name: "grad_norm",
    sample: [7, 2.5, 0],
  },
  {
    trainer: "Detectron2",
    row: '{"data_time": 0.01, "grad_norm": 2.5, "iteration": 19, "lr": 0.05, "total_loss": 12.8}',
    name: "grad_norm",
    sample: [19, 2.5, 0],
  },
  {
    trainer: "BEiT",
    row: '{"train_lr": 0.001, "train_loss": 5.1, "train_grad_norm": 2.5, "epoch": 0}',
    name: "train_grad_norm",
    sample: [0, 2.5, 0],
  },
])("a row of $trainer gives its global norm and step", ({ row, name, sample }) => {
  const { chunks } = parseAll(jsonLines, row);
  expect([chunks.find((chunk) => chunk.name === name)?.kind, samplesOf({ chunks })[name]]).toEqual([
    "globalNorm",
    [sample],
  ]);
  expect(identifyLog("log.txt", Buffer.from(`${row}\n`))).toBe("jsonl");
});

test("rows without steps are counted in epochs, and say so", () => {
  const { chunks } = parseAll(jsonLines, '{"epoch": 0, "train_loss": 5.1}\n');
  expect(chunks.map(({ name, axis }) => [name, axis])).toEqual([["train_loss", "epochs"]]);
});

const PROGRESS =
  '{"current_steps": 5, "total_steps": 250, "loss": 1.5, "lr": 1e-05, "epoch": 0.1, "percentage": 2.0, "elapsed_time": "0:00:19", "remaining_time": "0:16:09"}\n';

test("LLaMA-Factory's trainer_log.jsonl is read, and said to hold no gradient norm, once", () => {
  const first = parseAll(jsonLines, PROGRESS);
  const second = jsonLines.parse(PROGRESS.replace("5", "10"), { firstLine: 1, carry: first.carry });
  expect([samplesOf(first)["loss"], first.problems.map(({ line }) => line), second.problems]).toEqual([
    [[5, 1.5, 0]],
    [0],
    [],
  ]);
  expect(first.problems[0]?.reason).toContain("trainer_state.json");
  expect(
    identifyLog("trainer_log.jsonl", Buffer.from('{"current_steps": 5, "total_steps": 9, "percentage": 2.0}\n')),
  ).toBe("jsonl");
});

const MMCV = [
  '{"env_info": "sys.platform: linux", "seed": 0}',
  mmcvJson("train", 1, 50, 9.5),
  mmcvJson("train", 1, 100, 9),
  mmcvJson("val", 1, 3769),
  mmcvJson("train", 2, 50, 8.5),
  mmcvJson("train", 3, 50, 8),
  "",
].join("\n");

test("mmcv's iterations within epochs become steps of the training", () => {
  const samples = samplesOf(parseAll(mmcv, MMCV));
  expect({ norms: samples["grad_norm"], precision: samples["bbox_mAP"] }).toEqual({
    norms: [
      [50, 9.5, 1],
      [100, 9, 2],
      [150, 8.5, 4],
      [250, 8, 5],
    ],
    precision: [[100, 0.1, 3]],
  });
  expect([parseByLine(mmcv, MMCV), identifyLog("20230419.log.json", Buffer.from(MMCV))]).toEqual([samples, "mmcv"]);
});

test("mmcv's rows at an iteration that is too large for a number have no step", () => {
  const huge = mmcvJson("train", 1, 50, 9).replace('"iter":50', '"iter":1e999');
  const { chunks, problems } = parseAll(mmcv, `${huge}\n${mmcvJson("train", 2, 50, 8.5)}\n`);
  expect([samplesOf({ chunks })["grad_norm"], problems]).toEqual([
    [[50, 8.5, 1]],
    [{ line: 0, reason: "The row has no step and was left out." }],
  ]);
});

test("iterations that go on over the end of an epoch are steps already", () => {
  const text = [mmcvJson("train", 1, 100, 9), mmcvJson("train", 2, 200, 8), mmcvJson("train", 3, 300, 7)].join("\n");
  expect(samplesOf(parseAll(mmcv, text))["grad_norm"]).toEqual([
    [100, 9, 0],
    [200, 8, 1],
    [300, 7, 2],
  ]);
});
