import { expect, test } from "vitest";
import { execute } from "./execute.ts";
import { MAX_MEBIBYTES } from "./limits.ts";
import { grownMebibytes } from "./memory.ts";
import { packFiles } from "./packedFiles.ts";
import { packRecords } from "./records.ts";
import { TARGETS } from "./targets.ts";
import { zarray } from "../support/zarr.ts";

const text = (...lines: readonly string[]): Uint8Array => Buffer.from(lines.join("\n"));
const PIPES = "0: raining epoch 1, iteration 8/99 | lr:9e5 | global_batch_size:8 | reduced_train_loss:.25 | a s:.22";

const REST_OF_EVENT = "612f67726164016e6f686d42093134040000000100640008";

/** What once broke a promise, made small: each is to end in its outcome, in time, and with the same samples in pieces. */
const FOUND: readonly { readonly name: string; readonly input: Uint8Array; readonly outcome: string }[] = [
  {
    name: "checkpoints/zarr",
    input: packFiles({ "w/.zarray": zarray({ shape: [200_000, 3] }) }),
    outcome: "ok",
  },
  {
    name: "checkpoints/zarr",
    input: packFiles({ "w/.zarray": zarray({ shape: [32_768, 5], compressor: { id: "zstd" } }), "w/0.0": text("(") }),
    outcome: "index damage",
  },
  {
    name: "logs/tensorBoardRecords",
    input: packRecords([
      Buffer.from("090040fc54d94110032a1e0a780a0f7261696e2f677261645f6e6f726d420908011200c03f35787412", "hex"),
      new Uint8Array(),
    ]),
    outcome: "nothing and problems",
  },
  {
    name: "logs/tensorBoardRecords",
    input: packRecords(
      [
        "1e0a1c0a0d",
        `090000fc54d94110bb2a1e0a1c0a0d74da${REST_OF_EVENT}`,
        `090000fc54d94110032a1e0a1c0a0d7498${REST_OF_EVENT}`,
        `090000fc54d94110032a1e0a1c0a0d74da${REST_OF_EVENT}`,
      ].map((record) => Buffer.from(record, "hex")),
    ),
    outcome: "samples and problems",
  },
  {
    name: "logs/fairseq",
    input: text("epoch 0: 0 / 8 loss=10.2,num_updates=1e999", "epoch 1: 0 / 8 loss=10.2 num_updates=1e999"),
    outcome: "known nothing and problems",
  },
  {
    name: "logs/fairseq",
    input: text(
      '8: | train_inner | l 3 num_updates 1"r 5.',
      '9: | train_inner | l 8 num_updates -1e-403"',
      "9: | train_inner | l 9 num_updates 3 4\n",
    ),
    outcome: "known samples",
  },
  {
    name: "logs/torchtitan",
    input: text("", "l\u0011step:4 loss:8", "l\u0011step:-0 loss:8", ""),
    outcome: "known samples",
  },
  {
    name: "logs/torchtitan",
    input: text("step:1 loss:\u0011step:-1 loss:", "step:8 loss:\u0011step:1 loss:"),
    outcome: "known samples and problems",
  },
  {
    name: "logs/verl",
    input: text("step:0 - g|40gb:6 - g|40gb:2", "step:2 - p:6", "step:-0 - g|40gb:6 - g|40gb:2", ""),
    outcome: "known samples",
  },
  {
    name: "logs/pipeLines",
    input: text("", "step 1 | los | loss 6 | loss 8", "step -0 | los | loss 6 | loss 8", "s"),
    outcome: "known samples",
  },
  {
    name: "logs/olmo",
    input: text(`[step=1${"0".repeat(308)}]`, "    train/loss=0"),
    outcome: "strange nothing",
  },
  {
    name: "logs/deepspeed",
    input: text(`[Rank 0] step=1${"0".repeat(308)}, skipped=0, lr=[0.1], mom=[0.9]`),
    outcome: "strange nothing",
  },
  {
    name: "logs/megatron",
    input: text(
      " validation-loss at iteration 0 | lm loss value:0E0 | lm loss PPL:0E3 | ",
      " validation loss at iteration2 | lm loss value:0E0 | lm loss PPL:0E3 | ",
    ),
    outcome: "known samples",
  },
  {
    name: "logs/megatron",
    input: text("", "10 | ite0 | iteration 6 | : 0 |", "10 | ite0 | iteration 8 | : 0 |", ""),
    outcome: "known nothing and problems",
  },
  {
    name: "logs/torchtitan",
    input: text(
      "step: 0  loss: .000ep: 20  loss: .0000 g: .45  mfu: 2ps.34%",
      "step: -1  loss: .000ep: 20  loss: .0000 g: .45  mfu: 2ps.34%",
    ),
    outcome: "known samples",
  },
  {
    name: "logs/verl",
    input: text("(TaskRunner pid=1234) step:1 - val:0", "step:2 - g:6", "(TaskRunner ./count.tsstep:1 - val:0"),
    outcome: "known samples",
  },
  {
    name: "logs/pipeLines",
    input: text(PIPES, PIPES.replace(", iteration 8", ",0iteration9")),
    outcome: "known samples",
  },
  {
    name: "logs/mmcv",
    input: text('{"mode":"train","epoch":256,"iter":100e15002,"loss":5.1}', ""),
    outcome: "strange nothing and problems",
  },
  { name: "logs/jsonl", input: text("a\n".repeat(32_000)), outcome: "strange nothing and problems" },
  { name: "logs/mmcv", input: text("a\n".repeat(32_000)), outcome: "strange nothing and problems" },
  {
    name: "logs/huggingFaceConsole",
    input: text(`0%||${"9".repeat(310)}/0 [{'m':2}`),
    outcome: "strange nothing and problems",
  },
  { name: "logs/settingsFile", input: text(" \n".repeat(32_000)), outcome: "strange nothing" },
];

test.each(FOUND)("$name: $outcome (%#)", async ({ name, input, outcome }) => {
  const target = TARGETS.find((each) => each.name === name) ?? { name, seeds: () => [], run: () => "no such reader" };
  expect(await execute(target, input)).toEqual({ kind: "kept", outcome });
  expect(await grownMebibytes(target, input)).toBeLessThan(MAX_MEBIBYTES);
});
