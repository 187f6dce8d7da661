import { LANGUAGE_MODEL_CASES } from "../readers/logs/lineLogs/languageModelCases.ts";
import { OTHER_CASES } from "../readers/logs/lineLogs/otherCases.ts";
import { doubleField, floatField, message, varintField, bytesField } from "../support/recordFields.ts";
import { deepspeedOverflow, deepspeedStep, megatronLine, mmcvJson } from "../support/trainerLogs.ts";
import { histogram, pluginMetadata, scalar, tensorOf, tensorValue, text } from "../support/tfEvents.ts";
import { configRecord, consoleRecord, exitRecord, historyRecord, runRecord } from "../support/wandb.ts";
import { packRecords } from "./records.ts";

const OWN: Readonly<Record<string, readonly string[]>> = {
  jsonl: [
    '{"event": "config", "max_grad_norm": 1}\n{"step": 1, "loss": 2.5, "grad_norm": NaN, "lr": 1e-5}\n{"step": 2, "grad_norm": "inf"}\n',
    '{"epoch": 0.1, "train": {"grad_norm": 1.5, "norms": {"w.0": 2}}}\n{"global_step": 7, "grad_norm/w": [1, 2]}\n',
  ],
  csv: [
    "epoch,step,grad_norm,loss\n0,1,2.5,\n0,2,nan,1e-3\n",
    'step;"grad_norm";lr\r\n1;"2,5";1\r\n\n# note\n2;3;\r\n',
  ],
  trainerState: [
    JSON.stringify({
      best_metric: null,
      global_step: 20,
      log_history: [
        { epoch: 0.1, grad_norm: 2.5, learning_rate: 1e-5, loss: 1.5, step: 10 },
        { epoch: 0.2, eval_loss: 1.25, step: 20 },
      ],
      max_steps: 20,
    }),
  ],
  mmcv: [`{"env_info": "x", "seed": 0}\n${mmcvJson("train", 1, 50, 2.5)}\n${mmcvJson("val", 1, 50)}\n`],
  huggingFaceConsole: [
    "Loading\n\r 10%|█ | 1/10 [00:01<00:09]{'loss': 1.5, 'grad_norm': 2.5, 'learning_rate': 1e-05, 'epoch': 0.1}\n{'loss': 1.25, 'grad_norm': nan, 'epoch': 0.2}\n",
  ],
  megatron: [`max norm: 1.0\n${megatronLine(1, { loss: 2, norm: 1.5 })}\n${megatronLine(2, { skipped: 1 })}\n`],
  deepspeed: [`${deepspeedOverflow(65_536)}\n${deepspeedStep(10, 1)}\n`],
  keyValueLines: ["INFO step=1 loss=2.5 grad_norm=1.25 lr=1e-5\nINFO step=2 loss=2.25 grad_norm=inf\n"],
  settingsFile: [
    "trainer:\n  gradient_clip_val: 0.5 # of norms\nstages:\n  - clip_grad: {max_norm: 35}\n",
    '{"max_grad_norm": 1}',
    "# of mmdetection\noptim_wrapper = dict(clip_grad=dict(max_norm=35, norm_type=2))\n",
  ],
};

/** For every format of text what its trainers print. */
export const LOG_SEEDS: Readonly<Record<string, readonly string[] | undefined>> = [
  ...LANGUAGE_MODEL_CASES,
  ...OTHER_CASES,
].reduce<Record<string, readonly string[]>>(
  (seeds, { format, text: lines }) => ({ ...seeds, [format]: [...(seeds[format] ?? []), `${lines}\n`] }),
  { ...OWN },
);

const event = (step: number, ...values: Buffer[]): Buffer =>
  message(
    doubleField(1, 1_700_000_000 + step),
    varintField(2, step),
    bytesField(5, message(...values.map((value) => bytesField(1, value)))),
  );

/** For every format of records their contents, without frames. */
export const RECORD_SEEDS: Readonly<Record<string, readonly Uint8Array[] | undefined>> = {
  tensorBoard: [
    packRecords([
      message(doubleField(1, 1_700_000_000), bytesField(3, Buffer.from("brain.Event:2"))),
      event(1, scalar("train/grad_norm", 2.5), scalar("loss", 1)),
      event(2, histogram("grads/w", [3, 4]), text("args/text_summary", '{"max_grad_norm": 1}')),
      event(3, tensorValue("train/grad_norm", tensorOf(1, [], floatField(5, 1.5)))),
    ]),
    // Of these the third of a kind is not decoded.
    packRecords([
      ...[1, 2, 3, 4].map((step) => event(step, scalar("train/grad_norm", 2.5), scalar("loss", 1))),
      ...[5, 6, 7].map((step) => event(step, tensorValue("a", tensorOf(1, [], floatField(5, 1.5))))),
      event(8, tensorValue("a", tensorOf(1, [], floatField(5, 1.5)), pluginMetadata("b"))),
      ...[9, 10, 11].map((step) => event(step, tensorValue("a", tensorOf(1, [], floatField(5, 1.5))))),
    ]),
  ],
  wandb: [
    packRecords([
      runRecord([["max_grad_norm", "1.0"]]),
      configRecord([["a", '{"value": 1}']]),
      historyRecord(0, [["train/grad_norm", "2.5"]]),
      historyRecord(1, [[["grad", "w"], '{"_type": "histogram", "values": [1, 2], "bins": [0, 1, 2]}']]),
      consoleRecord("step 1"),
      exitRecord(),
    ]),
  ],
};
