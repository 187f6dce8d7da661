import * as lines from "../../../support/trainerLogs.ts";
import type { Case } from "./cases.ts";

/** Speech, vision, translation, and what is nobody's in particular. */
export const OTHER_CASES: readonly Case[] = [
  {
    what: "fairseq's text",
    format: "fairseq",
    text: [
      lines.fairseqText(100, { loss: 10.2, norm: 3.512, clip: 100 }),
      "2024-01-01 10:01:00 | INFO | train | epoch 001 | loss 9.8 | num_updates 200 | lr 1e-05 | gnorm 2.1 | clip 10",
      "2024-01-01 10:01:00 | INFO | valid | epoch 001 | valid on 'valid' subset | loss 8.1 | ppl 3.4 | num_updates 200",
    ].join("\n"),
    expected: {
      gnorm: [[100, 3.512, 2]],
      clip: [[100, 1, 2]],
      loss: [[100, 10.2, 2]],
      "train/gnorm": [[200, 2.1, 3]],
      "train/clip": [[200, 0.1, 3]],
      "valid/loss": [[200, 8.1, 4]],
    },
  },
  {
    what: "fairseq's JSON of texts",
    format: "fairseq",
    text: [
      lines.fairseqJson(100, { loss: 10.2, norm: 3.512, clip: 25 }),
      lines.fairseqEpoch(200, 2.5),
      `[2023-01-01 10:00:00,123][train_inner][INFO] - {"epoch": 2, "gnorm": "0.5", "num_updates": "300"}`,
    ].join("\n"),
    expected: {
      gnorm: [
        [100, 3.512, 2],
        [300, 0.5, 4],
      ],
      clip: [[100, 0.25, 2]],
      train_gnorm: [[200, 2.5, 3]],
    },
  },
  {
    what: "ESPnet's ranges of batches",
    format: "espnet",
    text: [
      lines.espnetLine(1, [1, 4025], 156.442),
      lines.espnetLine(1, [4026, 8050], 150),
      lines.espnetLine(2, [1, 4025], 140),
    ].join("\n"),
    expected: {
      grad_norm: [
        [4025, 156.442, 2],
        [8050, 150, 3],
        [12075, 140, 4],
      ],
      clip: [
        [4025, 0.5, 2],
        [8050, 0.5, 3],
        [12075, 0.5, 4],
      ],
    },
  },
  {
    what: "FunASR's updates",
    format: "espnet",
    text: lines.funasrLine(100, 2.5),
    expected: { grad_norm: [[100, 2.5, 2]] },
  },
  {
    what: "Swin's values before their means",
    format: "swin",
    text: [lines.swinLine(0, 10, 4.1234), lines.swinLine(1, 10, 4)].join("\n"),
    expected: {
      grad_norm: [
        [10, 4.1234, 2],
        [1261, 4, 3],
      ],
      lr: [
        [10, 1e-6, 2],
        [1261, 1e-6, 3],
      ],
    },
  },
  {
    what: "MetricLogger's medians",
    format: "metricLogger",
    text: [lines.metricLoggerLine(0, 25, 1), lines.metricLoggerLine(1, 25, 1.25)].join("\n"),
    expected: {
      grad_norm: [
        [25, 1, 2],
        [125, 1.25, 3],
      ],
      "max mem": [
        [25, 12000, 2],
        [125, 12000, 3],
      ],
    },
  },
  {
    what: "mmengine's text",
    format: "mmengine",
    text: [
      lines.mmengineLine(1, 50, 9.629),
      lines.mmengineLine(2, 50, 9),
      "2023/10/03 12:36:20 - mmengine - INFO - Iter(train) [  50/80000]  lr: 1.0000e-02  loss: 2.4652  grad_norm: 8.5000",
    ].join("\n"),
    expected: {
      grad_norm: [
        [50, 9.629, 2],
        [2526, 9, 3],
        [50, 8.5, 4],
      ],
    },
  },
  {
    what: "mmcv's text",
    format: "mmengine",
    text: [lines.mmcvTextLine(1, 50, 12.3), lines.mmcvTextLine(2, 100, 12)].join("\n"),
    expected: {
      grad_norm: [
        [50, 12.3, 2],
        [7430, 12, 3],
      ],
    },
  },
  {
    what: "OLMo's records of many lines",
    format: "olmo",
    text: [
      lines.olmoRecord(100, { loss: "2.5", norm: "1,234.5" }),
      lines.olmoRecord(200, { loss: "nan", norm: "1.5e-05" }),
      "2024-05-01 12:00:00.123\thost:0\tolmo_core.train\tINFO\tSaving checkpoint",
      "    optim/total grad norm=7",
    ].join("\n"),
    expected: {
      "optim/total grad norm": [
        [100, 1234.5, 4],
        [200, 1.5e-5, 10],
      ],
      "train/CE loss": [
        [100, 2.5, 6],
        [200, Number.NaN, 12],
      ],
      "optim/LR (group 0)": [
        [100, 0.0004, 3],
        [200, 0.0004, 9],
      ],
    },
  },
  {
    what: "Composer's blocks of a training of some epochs",
    format: "composer",
    text: [
      lines.composerBlock("[epoch=1][batch=20/20]", 19, { loss: "1.0549", norm: "0.4550" }),
      lines.composerEvaluation(0.75),
      lines.composerBlock("[epoch=2][batch=20/20]", 39, { loss: "nan", norm: "inf" }),
    ].join("\n"),
    expected: {
      "l2_norm/grad/global": [
        [20, 0.455, 6],
        [40, Number.POSITIVE_INFINITY, 15],
      ],
      "l2_norm/grad/net.0.weight": [
        [20, 0.455, 5],
        [40, Number.POSITIVE_INFINITY, 14],
      ],
      "loss/train/total": [
        [20, 1.0549, 4],
        [40, Number.NaN, 13],
      ],
      "metrics/eval/CrossEntropy": [[20, 0.75, 10]],
    },
  },
  {
    what: "Composer's blocks of trainings measured in batches, in samples, and in epochs of unknown length",
    format: "composer",
    text: [
      lines.composerBlock("[batch=5/30]", 4, { loss: "1", norm: "2.5000" }),
      lines.composerBlock("[sample=320/960]", 9, { loss: "1", norm: "1.5000" }),
      lines.composerBlock("[epoch=2][batch=3]", 22, { loss: "1", norm: "0.5000" }),
    ].join("\n"),
    expected: {
      "l2_norm/grad/global": [
        [5, 2.5, 6],
        [10, 1.5, 12],
        [23, 0.5, 18],
      ],
    },
  },
  {
    what: "the lines of Composer's file logger, beside which it keeps a copy of the console",
    format: "composer",
    text: [
      lines.composerFile(1, { loss: "1.1802", norm: "0.7139" }),
      lines.composerFile(2, { loss: "1.1679", norm: "nan" }),
    ].join("\n"),
    expected: {
      "l2_norm/grad/global": [
        [1, 0.7139, 4],
        [2, Number.NaN, 10],
      ],
      "loss/train/total": [
        [0, 1.1802, 3],
        [1, 1.1679, 9],
      ],
    },
  },
  {
    what: "CLU's lines of a training in JAX",
    format: "clu",
    text: [
      lines.cluLine(1, { loss: "12.8248", norm: "3.01601" }),
      "I1130 23:19:32.322422 140411576248000 logging_writer.py:90] [1] Got texts: {'hp': 'lr=1'}.",
      lines.cluLine(2, { loss: "nan", norm: "inf" }),
      lines.cluLine(2, { loss: "0.5", norm: "0.25" }, " collection=eval"),
    ].join("\n"),
    expected: {
      grad_norm: [
        [1, 3.01601, 2],
        [2, Number.POSITIVE_INFINITY, 4],
      ],
      "grad_norm/Dense_0/kernel": [
        [1, 3.01601, 2],
        [2, Number.POSITIVE_INFINITY, 4],
      ],
      loss: [
        [1, 12.8248, 2],
        [2, Number.NaN, 4],
      ],
      "eval/loss": [[2, 0.5, 5]],
    },
  },
  {
    what: "what DeepSpeed's engine says",
    format: "deepspeed",
    text: [
      lines.deepspeedOverflow(256),
      lines.deepspeedOverflow(128),
      lines.deepspeedStep(10, 2),
      lines.deepspeedOverflow(64),
      "[deepspeed] OVERFLOW! Rank 1 Skipping step. Attempted loss scale: 64, reducing to 32",
    ].join("\n"),
    expected: {
      skipped: [
        [1, 1, 2],
        [2, 1, 3],
        [11, 1, 5],
      ],
      "loss scale": [
        [1, 128, 2],
        [2, 64, 3],
        [11, 32, 5],
      ],
      lr: [[10, 1e-5, 4]],
      "total skipped": [[10, 2, 4]],
    },
  },
  {
    what: "nobody's lines of keys and numbers",
    format: "keyValueLines",
    text: [
      "iter 10: loss 3.1234, grad_norm 1.5, time 12ms",
      "step=20 loss=3 grad norm: 2.5",
      "Loss: 2.5000, Step: 30, Norm: 0.5000, Lr: 0.000600, time: 12.00 ms, tok/sec: 1234.56",
      "step 40: norm 7",
      "norm of step 50",
    ].join("\n"),
    expected: {
      grad_norm: [[10, 1.5, 2]],
      "grad norm": [[20, 2.5, 3]],
      loss: [
        [10, 3.1234, 2],
        [20, 3, 3],
      ],
      Norm: [[30, 0.5, 4]],
      norm: undefined,
    },
  },
];
