import { NUMBER } from "../shared/numbers.ts";
import type { Dialect } from "./dialect.ts";

// Bounded, so that a line of anything is judged in time.
const WORD = String.raw`(?<![\w/.-])[A-Za-z_][\w/.-]{0,200}`;

// A number that is part of a time (`eta 1:02:03`) or of a longer one is no value.
const WHOLE_NUMBER = `(${NUMBER})(?![\\d:])`;

function pattern(source: string): RegExp {
  return new RegExp(source, "g");
}

/** ` iteration 311/ 500000 | consumed samples: 311 | lm loss: 7.220541E+00 | grad norm: 6.003 |`, and its relatives. */
const megatron: Dialect = {
  format: "megatron",
  hint: "iteration",
  // `elapsed time per iteration (ms)` has no number there, and NeMo's `epoch 0, iteration 97/99` counts within epochs.
  anchor: pattern(
    String.raw`(?:\b(?<scope>validation) loss at )?(?<!epoch \d+, )\biteration\s+(?<step>\d+)(?:\s*/\s*\d+)?\s*(?=\|)`,
  ),
  // Of `current/average` pairs the first counts. A value that is no number is shown as a problem where it matters.
  pair: pattern(String.raw`(?<=\|)([^|:]+):\s*([nN]/[aA]|[^|/\s]+)`),
  hasFixedDecimals: true,
  terminator: "|",
};

/** `step: 10  loss:  8.1234  grad_norm:  1.2345  memory: 12.34GiB(25.00%)  tps: 12,345`. */
const torchtitan: Dialect = {
  format: "torchtitan",
  hint: "step:",
  anchor: pattern(String.raw`(?:\b(?<scope>validate) )?\bstep:\s*(?<step>\d+)\s+(?=loss:)`),
  pair: pattern(String.raw`(${WORD}):\s*${WHOLE_NUMBER}`),
  hasFixedDecimals: true,
};

/** `step:1 - actor/pg_loss:-0.0036 - actor/grad_norm:np.float64(0.2) - critic/lr(1e-4):0.100`. */
const verl: Dialect = {
  format: "verl",
  hint: "step:",
  anchor: pattern(String.raw`\bstep:(?<step>\d+) -(?= \S+:)`),
  pair: pattern(String.raw`(?<= - |^ )([^\s:]+):([\w.]+\([^()]*\)|\S+)`),
  hasFixedDecimals: false,
};

/** Fields between bars: llm.c, nanochat, build-nanogpt, NeMo, torchtune, nanotron, fairseq2, each with its own idea of colons. */
const pipeLines: Dialect = {
  format: "pipeLines",
  // As in `loss` and `Loss`.
  hint: "oss",
  anchor: pattern(
    String.raw`(?:(?<scope>Validation|Evaluation) Metrics \(|^|(?<=[\s\]>:,(]))(?:[Ss]tep|[Ii]ter(?:ation)?)[ :]\s*(?<step>\d+)(?:\s*/\s*\d+)?(?: \([\d.]+%\))?\s*(?=\|.*[Ll]oss|\) - .*\bLoss: )`,
  ),
  pair: pattern(String.raw`(${WORD}(?: ${WORD}){0,5})(?:\s*[:=]\s*|\s+)${WHOLE_NUMBER}`),
  stepNames: ["global_step"],
  hasFixedDecimals: true,
};

/** `… | train_inner | {"loss": "10.2", "num_updates": "100", "gnorm": "3.512"}`, or the same as `gnorm=3.512, `. */
const fairseq: Dialect = {
  format: "fairseq",
  hint: "num_updates",
  anchor: pattern(
    String.raw`(?:\| |\[)(?:train_inner|(?<scope>train|valid))(?: \| |\]\[INFO\] - )(?=.*num_updates)|(?<=^|\s)(?<!train_inner \| )epoch \d+:\s+\d+ / \d+ (?=loss=.*num_updates)`,
  ),
  pair: pattern(String.raw`(${WORD})"?(?:: ?|=| )"?${WHOLE_NUMBER}`),
  stepNames: ["num_updates", "train_num_updates", "valid_num_updates"],
  hasFixedDecimals: true,
  percentages: ["clip", "train_clip"],
};

/** `1epoch:train:1-4025batch: loss=153.944, grad_norm=156.442, clip=100.000`, of FunASR with `:100num_updates`. */
const espnet: Dialect = {
  format: "espnet",
  hint: "epoch:train:",
  anchor: pattern(String.raw`\b(?<epoch>\d+)epoch:train:\d+-(?<at>\d+)batch:(?:(?<step>\d+)num_updates:)?`),
  pair: pattern(String.raw`(${WORD})=${WHOLE_NUMBER}`),
  firstEpoch: 1,
  countsEpochs: true,
  hasFixedDecimals: true,
  percentages: ["clip"],
};

/** `Train: [0/300][10/1251]	eta 1:02:03 lr 0.000001	loss 6.9 (6.9)	grad_norm 4.1234 (5.0321)`: the value, then its mean. */
const swin: Dialect = {
  format: "swin",
  hint: "Train: ",
  anchor: pattern(String.raw`\bTrain: \[?(?<epoch>\d+)(?:/\d+\])? ?\[\s*(?<at>\d+)/(?<of>\d+)(?=[\] ])`),
  pair: pattern(String.raw`(${WORD}):?\s+${WHOLE_NUMBER}`),
  firstEpoch: 0,
  hasFixedDecimals: true,
};

/** `Epoch: [1]  [25/100]  eta: 0:01:00  loss: 2.5 (2.6)  grad_norm: 1.00 (1.1)`: the median, then the mean. */
const metricLogger: Dialect = {
  format: "metricLogger",
  hint: "[",
  anchor: pattern(String.raw`(?:\bEpoch: \[(?<epoch>\d+)(?:/\d+)?\]|\bTraining)\s+\[\s*(?<at>\d+)/(?<of>\d+)\]`),
  pair: pattern(String.raw`(${WORD}(?: [a-z]{1,20})?): ${WHOLE_NUMBER}`),
  firstEpoch: 0,
  hasFixedDecimals: true,
};

/** `Epoch(train)  [1][ 50/2476]  lr: 1.0000e-03  grad_norm: 9.6290`, and mmcv's `Epoch [1][50/7330]	lr: …, `. */
const mmengine: Dialect = {
  format: "mmengine",
  hint: "[",
  anchor: pattern(
    String.raw`\b(?:Epoch(?:\(train\))?\s*\[(?<epoch>\d+)\]|Iter(?:\(train\))?\s*)\[\s*(?<at>\d+)/(?<of>\d+)\]`,
  ),
  pair: pattern(String.raw`(${WORD}): ${WHOLE_NUMBER}`),
  firstEpoch: 1,
  hasFixedDecimals: true,
};

/** `logging_writer.py:48] [100] grad_norm=3.01601, loss=12.8248`, of CLU, which many trainings in JAX log with. */
const clu: Dialect = {
  format: "clu",
  hint: "logging_writer.py",
  anchor: pattern(
    String.raw`(?<=\blogging_writer\.py:\d+\] \[)(?<step>\d+)\](?: collection=(?<scope>\S+))? (?=[^\s=]+=)`,
  ),
  pair: pattern(String.raw`(?<=^|[\s,])([^\s=,]+)=${WHOLE_NUMBER}`),
  hasFixedDecimals: false,
};

/** The most particular first. */
export const DIALECTS = {
  megatron,
  torchtitan,
  verl,
  fairseq,
  espnet,
  swin,
  metricLogger,
  mmengine,
  clu,
  pipeLines,
} as const;
