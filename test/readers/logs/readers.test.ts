import { expect, test } from "vitest";
import { buildNanogptLine, deepspeedStep, megatronLine } from "../../support/trainerLogs.ts";
import { VERSION_RECORD } from "../../support/tfEvents.ts";
import { wandbLog } from "../../support/wandb.ts";
import type { LogReader } from "#readers/logs/reader.ts";
import { identifyLog, LOG_READERS, readerFor } from "#readers/logs/readers.ts";

test.each([
  { log: "rows of JSON", head: '{"event": "config"}\n{"step": 1, "loss": 2}\n', format: "jsonl" },
  { log: "rows of JSON, the last one cut", head: '{"step": 1, "loss": NaN}\n{"st', format: "jsonl" },
  { log: "a single row of JSON", head: '{"step": 1, "loss": 2}', format: "jsonl" },
  { log: "a row that is longer than the head", head: '{"step": 1, "grad_norm/a": 2, "grad_norm/b', format: "jsonl" },
  {
    log: "a longer row with objects in it",
    head: '{"step": 1, "train": {"norms": {"loss": 2, "b": 3, "c',
    format: "jsonl",
  },
  { log: "a longer row of texts", head: '{"step": "a", "train": {"norms": {"loss": "b", "b": "c', format: undefined },
  { log: "JSON of texts", head: '{"text": "a"}\n{"text": "b"}\n', format: undefined },
  { log: "a table", head: "step,loss\n1,2\n", format: "csv" },
  { log: "a table without steps", head: "name,loss\na,2\n", format: undefined },
  { log: "a table without norms", head: "step,price\n1,2\n", format: undefined },
  { log: "a trainer state", head: '{\n  "best_metric": null,\n  "log_history": [\n', format: "trainerState" },
  { log: "a console", head: "Loading\n\r{'loss': 1.5, 'epoch': 0.1}\n", format: "huggingFaceConsole" },
  { log: "prose", head: "Starting the server, step 1, loss 2\n", format: undefined },
  { log: "nothing", head: "", format: undefined },
  { log: "bytes", head: "\0step,loss\n", format: undefined },
  { log: "a byte order mark and rows", head: '\uFEFF{"step": 1, "loss": 2}\n', format: "jsonl" },
])("$log is $format", ({ head, format }) => {
  expect(identifyLog("/runs/some.log", Buffer.from(head))).toBe(format);
});

test("binary logs are known by their first bytes", () => {
  expect([VERSION_RECORD, wandbLog()].map((head) => identifyLog("a.bin", head))).toEqual(["tensorBoard", "wandb"]);
});

const MEGATRON = `${megatronLine(10, { loss: 1, norm: 2 })}\n`;
const DEEPSPEED = `${deepspeedStep(10, 0)}\n`;
const MINED = "iter 10: loss 3, grad_norm 1.5\n";

test.each([
  {
    log: "two hundred lines of other output, then records",
    text: "Loading shard\n".repeat(200) + MEGATRON,
    format: "megatron",
  },
  {
    log: "many lines of the engine and a few of the trainer",
    text: DEEPSPEED.repeat(50) + MEGATRON,
    format: "megatron",
  },
  { log: "lines of the engine alone", text: DEEPSPEED, format: "deepspeed" },
  { log: "many lines of nobody's and a few of a trainer's", text: MINED.repeat(50) + MEGATRON, format: "megatron" },
  { log: "a single line that anybody could have written", text: MINED, format: undefined },
  { log: "two such lines", text: MINED + MINED, format: "keyValueLines" },
  { log: "records that two readers know, which are the more particular one's", text: MEGATRON, format: "megatron" },
  {
    log: "records of two trainers, which are the one's that has more",
    text: MEGATRON + `${buildNanogptLine(5, { loss: 1, norm: 2 })}\n`.repeat(3),
    format: "pipeLines",
  },
  { log: "colours and carriage returns", text: `\u001b[1m\r 1%|\r${MEGATRON}`, format: "megatron" },
] as const)("$log: the format is $format", ({ text, format }) => {
  expect(identifyLog("train.out", Buffer.from(text))).toBe(format);
});

test.each([
  { records: 4, format: undefined },
  { records: 5, format: "megatron" },
])("a page that quotes $records records is $format", ({ records, format }) => {
  expect(identifyLog("notes.md", Buffer.from(`# Notes\n${MEGATRON.repeat(records)}`))).toBe(format);
});

test("UTF-16 of PowerShell is read before it is judged", () => {
  expect(identifyLog("a.csv", Buffer.from("\uFEFFstep,loss\r\n1,2\r\n", "utf16le"))).toBe("csv");
});

test("trainer_state.json is known by its name on both kinds of path", () => {
  const head = Buffer.from("{");
  expect([identifyLog("/a/trainer_state.json", head), identifyLog(String.raw`C:\a\trainer_state.json`, head)]).toEqual([
    "trainerState",
    "trainerState",
  ]);
});

test("every format has its reader", () => {
  expect(LOG_READERS.filter((reader) => readerFor(reader.format) !== reader)).toEqual([]);
});

test("a head of unclosed dicts is judged in time", () => {
  expect(identifyLog("a.log", Buffer.from(`{${"'loss':'epoch':".repeat(17_000)}`))).toBeUndefined();
});

test("no reader throws or hangs on noise", () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const alphabet = [
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    ":",
    ",",
    ";",
    "\\",
    "\n",
    "\r",
    "\0",
    "1",
    "-",
    "e",
    "NaN",
    "step",
    "loss",
    "|",
    "%",
    "/",
    " ",
    "\u001b[",
    " iteration 1/2 | ",
    "grad norm: ",
    "step: 1  loss: ",
    "step:1 - a:",
    "[step=1/2]",
    "    a=",
    "1epoch:train:1-2batch: ",
    "Train: [0/1][2/3]",
    "[rank0]: ",
    "OVERFLOW! ",
  ];
  for (let round = 0; round < 500; round += 1) {
    const text = Array.from({ length: random(200) }, () => alphabet[random(alphabet.length)]).join("");
    for (const reader of LOG_READERS) {
      expect(() => parseNoise(reader, text)).not.toThrow();
    }
  }
});

function parseNoise(reader: LogReader, text: string): unknown {
  switch (reader.growth) {
    case "byRecords":
      return reader.parse(Buffer.from(text), { offset: 0, firstRecord: 0, carry: text, isEnd: true });
    case "byFolder":
      return reader.parse([{ path: "metrics/loss", text, firstLine: 0 }], text);
    case "byQueries":
      return reader.read({ all: () => [{ run_uuid: "a", metrics: text, key: text }] }, { run: null, carry: text });
    case "byLines":
    case "byReplacement":
      return reader.parse(text, { firstLine: 0, carry: text });
  }
}
