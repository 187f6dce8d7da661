import * as lines from "../../../support/trainerLogs.ts";
import type { Case } from "./cases.ts";

/** Trainers of language models. */
export const LANGUAGE_MODEL_CASES: readonly Case[] = [
  {
    what: "Megatron's lines",
    format: "megatron",
    text: [
      lines.megatronLine(10, { skipped: 10 }),
      lines.megatronLine(20, { loss: 7.220541, norm: 6.003 }),
      " validation loss at iteration 20 | lm loss value: 6.970000E+00 | lm loss PPL: 1.064000E+03 | ",
      lines.megatronLine(30, { loss: 7.1, norm: 0 }),
      lines.megatronLine(40, { loss: Number.NaN, norm: 5 }).replace(/NaN\S*/, "NAN"),
      " iteration       50/  500000 | elapsed time per iteration (ms): 16601.3/17219.3 | lm-loss: 1.1E+01 | params norm: 2120.030 |",
    ].join("\n"),
    expected: {
      "grad norm": [
        [20, 6.003, 3],
        [30, 0, 5],
        [40, 5, 6],
      ],
      "lm loss": [
        [20, 7.220541, 3],
        [30, 7.1, 5],
        [40, Number.NaN, 6],
      ],
      "lm-loss": [[50, 11, 7]],
      "validation/lm loss value": [[20, 6.97, 4]],
      "number of skipped iterations": [
        [10, 10, 2],
        [20, 0, 3],
        [30, 0, 5],
        [40, 0, 6],
      ],
      "params norm": [[50, 2120.03, 7]],
    },
  },
  {
    what: "torchtitan's coloured lines",
    format: "torchtitan",
    text: [
      lines.torchtitanLine(1, { loss: 12.2345, norm: 1.5 }),
      lines.torchtitanLine(10, { loss: 8.1234, norm: 1.2345 }),
      lines.torchtitanValidation(10, 7.9),
      lines.torchtitanLine(20, { loss: 8, norm: 1 }, false),
    ].join("\n"),
    expected: {
      grad_norm: [
        [1, 1.5, 2],
        [10, 1.2345, 3],
        [20, 1, 5],
      ],
      "validate/loss": [[10, 7.9, 4]],
      tps: [
        [1, 12345, 2],
        [10, 12345, 3],
        [20, 12345, 5],
      ],
    },
  },
  {
    what: "verl's lines under Ray",
    format: "verl",
    text: [
      lines.verlLine(1, "0.2057906948029995"),
      lines.verlValidation(1, 0.5),
      lines.verlLine(2, "np.float64(1.0)"),
      lines.verlLine(3, "tensor(1.25, device='cuda:0')"),
      lines.verlLine(4, "nan"),
    ].join("\n"),
    expected: {
      "actor/grad_norm": [
        [1, 0.2057906948029995, 2],
        [2, 1, 4],
        [3, 1.25, 5],
        [4, Number.NaN, 6],
      ],
      "val-core/openai/gsm8k/reward/mean@1": [[1, 0.5, 3]],
      "critic/lr(1e-4)": [
        [1, 0.1, 2],
        [2, 0.1, 4],
        [3, 0.1, 5],
        [4, 0.1, 6],
      ],
      "actor/pg_loss": [
        [1, -0.0036, 2],
        [2, -0.0036, 4],
        [3, -0.0036, 5],
        [4, -0.0036, 6],
      ],
    },
  },
  {
    what: "llm.c's lines",
    format: "pipeLines",
    text: [lines.llmcLine(12, { loss: 8.123456, norm: 3.1234 }), lines.llmcLine(13, { loss: 8, norm: 3 })].join("\n"),
    expected: {
      norm: [
        [12, 3.1234, 2],
        [13, 3, 3],
      ],
      loss: [
        [12, 8.123456, 2],
        [13, 8, 3],
      ],
      lr: [
        [12, 1.2e-5, 2],
        [13, 1.2e-5, 3],
      ],
    },
  },
  {
    what: "nanochat's lines",
    format: "pipeLines",
    text: lines.nanochatLine(10, { loss: 8.123456, norm: 1.2345 }),
    expected: { "grad norm": [[10, 1.2345, 2]], "tok/sec": [[10, 1_023_456, 2]], lrm: [[10, 1, 2]] },
  },
  {
    what: "build-nanogpt's lines",
    format: "pipeLines",
    text: lines.buildNanogptLine(5, { loss: 6.123456, norm: 1.2345 }),
    expected: { norm: [[5, 1.2345, 2]], lr: [[5, 4.2857e-6, 2]], "tok/sec": [[5, 131234.56, 2]] },
  },
  {
    what: "lines of the kind with capitals",
    format: "pipeLines",
    text: "Epoch 1 | Step    120 | Loss: 8.1000 | LR: 1.00e-04 | Grad Norm: 1.2300",
    expected: { "Grad Norm": [[120, 1.23, 2]], Loss: [[120, 8.1, 2]], LR: [[120, 1e-4, 2]] },
  },
  {
    what: "NeMo's lines",
    format: "pipeLines",
    text: [lines.nemoLine(197, 6.265), lines.nemoLine(198, 6.25)].join("\n"),
    expected: {
      reduced_train_loss: [
        [197, 6.265, 2],
        [198, 6.25, 3],
      ],
      "train_step_timing in s": [
        [197, 12.22, 2],
        [198, 12.22, 3],
      ],
    },
  },
  {
    what: "nanotron's lines, whose infinity has a unit",
    format: "pipeLines",
    text: [
      lines.nanotronLine(1, { loss: "12.8", norm: "3.02" }),
      lines.nanotronLine(2, { loss: "nan", norm: "infE" }),
      lines.nanotronLine(3, { loss: "1.25K", norm: "1.2B" }),
    ].join("\n"),
    expected: {
      grad_norm: [
        [1, 3.02, 2],
        [2, Number.POSITIVE_INFINITY, 3],
        [3, 1.2e9, 4],
      ],
      lm_loss: [
        [1, 12.8, 2],
        [2, Number.NaN, 3],
        [3, 1250, 4],
      ],
      consumed_tokens: [
        [1, 2.05e9, 2],
        [2, 2.05e9, 3],
        [3, 2.05e9, 4],
      ],
    },
  },
  {
    what: "fairseq2's metrics",
    format: "pipeLines",
    text: [
      lines.fairseq2Line("Train", "100)", { loss: 2.5, norm: 0.75 }),
      lines.fairseq2Line("Validation", "100) - librispeech", { loss: 3.5 }),
    ].join("\n"),
    expected: {
      "Gradient Norm": [[100, 0.75, 2]],
      "NLL Loss": [[100, 2.5, 2]],
      "Learning Rate": [[100, 5e-5, 2]],
      "Validation/NLL Loss": [[100, 3.5, 3]],
    },
  },
  {
    what: "torchtune's lines",
    format: "pipeLines",
    text: lines.torchtuneLine(12, { loss: 1.234, norm: 3.21 }),
    expected: { grad_norm: [[12, 3.21, 2]], lr: [[12, 2e-5, 2]], loss: [[12, 1.234, 2]] },
  },
];
