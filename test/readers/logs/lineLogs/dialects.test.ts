import { expect, test } from "vitest";
import type { LogFormat } from "#core/log.ts";
import { identifyLog, readerFor } from "#readers/logs/readers.ts";
import type { TextReader } from "#readers/logs/reader.ts";
import * as lines from "../../../support/trainerLogs.ts";
import { parseAll, parseByLine, parseInTwo, samplesOf } from "../parsed.ts";

interface Case {
  readonly what: string;
  readonly format: LogFormat;
  readonly text: string;
  /** `[step, value, line]` of some series. */
  readonly expected: Readonly<Record<string, readonly (readonly [number, number, number])[]>>;
}

const PREAMBLE = "Loading checkpoint shards\nnum_params: 124,439,808 | step\n";

const CASES: readonly Case[] = [
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
    what: "torchtune's lines",
    format: "pipeLines",
    text: lines.torchtuneLine(12, { loss: 1.234, norm: 3.21 }),
    expected: { grad_norm: [[12, 3.21, 2]], lr: [[12, 2e-5, 2]], loss: [[12, 1.234, 2]] },
  },
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
    text: ["iter 10: loss 3.1234, grad_norm 1.5, time 12ms", "step=20 loss=3 grad norm: 2.5", "norm of step 30"].join(
      "\n",
    ),
    expected: {
      grad_norm: [[10, 1.5, 2]],
      "grad norm": [[20, 2.5, 3]],
      loss: [
        [10, 3.1234, 2],
        [20, 3, 3],
      ],
    },
  },
];

function textReader(format: LogFormat): TextReader {
  const reader = readerFor(format);
  if (reader.growth === "byRecords") {
    throw new Error(`${format} is no text.`);
  }
  return reader;
}

test.each(CASES)("$what are read among other output", ({ format, text, expected }) => {
  const parsed = parseAll(textReader(format), `${PREAMBLE}${text}\n`);
  const samples = samplesOf(parsed);
  const found = Object.fromEntries(Object.keys(expected).map((name) => [name, samples[name]]));
  expect([found, parsed.problems]).toEqual([expected, []]);
});

test.each(CASES)("$what are recognised as $format", ({ format, text }) => {
  expect(identifyLog("train.out", Buffer.from(`${PREAMBLE}${text}\n`))).toBe(format);
});

test.each(CASES)("$what cut at every byte give the same samples", ({ format, text }) => {
  const bytes = Buffer.from(`${text}\r\n${text.replaceAll("\n", "\r\n")}\n`);
  const reader = textReader(format);
  const whole = samplesOf(parseAll(reader, bytes.toString()));
  // A cut within a line waits for its end, so every cut is one at an end.
  const ends = Array.from(bytes.toString("latin1").matchAll(/\n/g), ({ index }) => index + 1);
  for (const cut of [0, ...ends]) {
    expect([cut, parseInTwo(reader, bytes, cut)]).toEqual([cut, whole]);
  }
});

test.each(CASES)("$what that come line by line give the same samples", ({ format, text }) => {
  const reader = textReader(format);
  expect(parseByLine(reader, `${text}\n${text}\n`)).toEqual(samplesOf(parseAll(reader, `${text}\n${text}\n`)));
});

const HOSTILE = [
  " ".repeat(19_000),
  "a".repeat(19_000),
  "1".repeat(19_000),
  "a ".repeat(9_000),
  "a: ".repeat(6_000),
  "| ".repeat(9_000),
  "step 1 | ".repeat(2_000),
  "np.".repeat(6_000),
  "norm ".repeat(3_500),
];

test.each(CASES)("$what with anything after them are judged in time", ({ format, text }) => {
  const reader = textReader(format);
  for (const line of text.split("\n")) {
    for (const rest of HOSTILE) {
      expect(() => parseAll(reader, `${line}${rest}:\n`)).not.toThrow();
    }
  }
});
