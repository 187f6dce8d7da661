import { expect, test } from "vitest";
import { wandb } from "#readers/logs/wandb/wandb.ts";
import { bytesField, message } from "../../../support/recordFields.ts";
import {
  configRecord,
  consoleRecord,
  exitRecord,
  fragment,
  historyRecord,
  runRecord,
  wandbLog,
} from "../../../support/wandb.ts";
import { samplesOf } from "../parsed.ts";
import { parseRecords, readGrowing, readInBatches } from "../parsedRecords.ts";

const BLOCK_BYTES = 32_768;

test.each([
  { json: "0.5", number: 0.5 },
  { json: "0", number: 0 },
  { json: "1.7818547879525793e+09", number: 1.7818547879525793e9 },
  { json: "NaN", number: Number.NaN },
  { json: "Infinity", number: Infinity },
  { json: "-Infinity", number: -Infinity },
  { json: '"NaN"', number: Number.NaN },
  { json: '"3.5"', number: 3.5 },
  { json: "null", number: undefined },
  { json: "[1, 2]", number: undefined },
  { json: "Nothing", number: undefined },
])("a logged $json is read as $number", ({ json, number }) => {
  const { chunks } = parseRecords(wandb, wandbLog(historyRecord(0, [["grad_norm", json]])));
  expect(chunks[0]?.values[0]).toBe(number);
});

test("a row's step is the trainer's where it logs one, else the count of rows, 0 included", () => {
  const log = wandbLog(
    historyRecord(0, [
      ["train/grad_norm", "2"],
      ["train/global_step", "10"],
    ]),
    historyRecord(0, [["mine/loss", "3"]]),
    historyRecord(7, [["mine/loss", "4"]]),
  );
  expect(samplesOf(parseRecords(wandb, log))).toEqual({
    "train/grad_norm": [[10, 2, 0]],
    "mine/loss": [
      [0, 3, 1],
      [7, 4, 2],
    ],
  });
});

test("samples have the kind of their key and the time of their row", () => {
  const { chunks } = parseRecords(wandb, wandbLog(historyRecord(3, [["train/loss", "2"]])));
  expect(chunks).toEqual([
    {
      kind: "loss",
      name: "train/loss",
      tensor: null,
      steps: Float64Array.of(3),
      values: Float64Array.of(2),
      lines: Float64Array.of(0),
      wallTimes: Float64Array.of(1_700_000_003),
    },
  ]);
});

test("nested values are joined with a slash, whether nested in keys or in JSON", () => {
  const log = wandbLog(
    historyRecord(1, [[["grad_norm", "a.weight"], "2"]]),
    historyRecord(2, [["grad_norm", '{"b": 3}']]),
  );
  const { chunks } = parseRecords(wandb, log);
  expect(chunks.map(({ kind, name, tensor, values }) => [kind, name, tensor, ...values])).toEqual([
    ["tensorNorm", "grad_norm/a.weight", "a.weight", 2],
    ["tensorNorm", "grad_norm/b", "b", 3],
  ]);
});

test.each([
  {
    stored: "as items of the row, in any order",
    items: [
      [["gradients/w", "bins"], "[-1, 1, 7, 9]"],
      [["gradients/w", "_type"], '"histogram"'],
      [["gradients/w", "values"], "[5, 0, 1]"],
    ],
    norm: 8,
  },
  {
    stored: "with packed bins as items",
    items: [
      [["gradients/w", "packedBins", "min"], "2"],
      [["gradients/w", "packedBins", "size"], "2"],
      [["gradients/w", "packedBins", "count"], "2"],
      [["gradients/w", "values"], "[1, 0]"],
      [["gradients/w", "_type"], '"histogram"'],
    ],
    norm: 3,
  },
  {
    stored: "as one JSON",
    items: [["gradients/w", '{"_type": "histogram", "values": [1], "bins": [4, 6]}']],
    norm: 5,
  },
  {
    stored: "as one JSON with packed bins",
    items: [
      ["gradients/w", '{"_type": "histogram", "values": [1, 0], "packedBins": {"min": 2, "size": 2, "count": 2}}'],
    ],
    norm: 3,
  },
] as const)("a histogram $stored gives an estimate of the tensor's norm", ({ items, norm }) => {
  const { chunks } = parseRecords(wandb, wandbLog(historyRecord(1, items)));
  expect(chunks.map(({ kind, tensor, isEstimate, values }) => [kind, tensor, isEstimate, ...values])).toEqual([
    ["tensorNorm", "w", true, norm],
  ]);
});

test("images and tables are no samples", () => {
  const items = [
    [["picture", "_type"], '"image-file"'],
    [["picture", "width"], "28"],
    ["table", '{"_type": "table-file", "nrows": 3}'],
  ] as const;
  expect(parseRecords(wandb, wandbLog(historyRecord(1, items))).chunks).toEqual([]);
});

test.each([
  { where: "the run's record", record: runRecord([["max_grad_norm", "0.5"]]), source: "max_grad_norm (record 1)" },
  {
    where: "a later configuration",
    record: configRecord([["training", '{"clip": {"max_grad_norm": 0.5}}']]),
    source: "training/clip/max_grad_norm (record 1)",
  },
])("$where tells the clip threshold", ({ record, source }) => {
  expect(parseRecords(wandb, wandbLog(record)).clipThreshold).toEqual({ value: 0.5, source });
});

test("a run that ends without history is told, one with history is not", () => {
  const without = parseRecords(wandb, wandbLog(consoleRecord("{'loss': 1}\n"), exitRecord()));
  const log = wandbLog(historyRecord(0, [["loss", "1"]]), exitRecord());
  const withHistory = readGrowing(wandb, log, [...log.keys()]);
  expect([without.problems, withHistory.problems]).toEqual([
    [{ line: 1, reason: expect.stringMatching(/^The run ended without a row of history/) as string }],
    [],
  ]);
});

test("a row without any step is told", () => {
  const row = bytesField(2, bytesField(1, message(bytesField(2, "loss"), bytesField(16, "1.5"))));
  const { chunks, problems } = parseRecords(wandb, wandbLog(row));
  expect([chunks, problems]).toEqual([[], [{ line: 0, reason: "The row has no step and was left out." }]]);
});

const SMALL = wandbLog(
  runRecord([["max_grad_norm", "1"]]),
  historyRecord(0, [["loss", "3"]]),
  consoleRecord("{'loss': 3}\n"),
  historyRecord(1, [["loss", "NaN"]]),
  historyRecord(2, [["loss", "1"]]),
);
const SMALL_SAMPLES = samplesOf(parseRecords(wandb, SMALL));

test("a log that is cut anywhere while it grows gives the same samples and no problem", () => {
  for (let cut = 0; cut <= SMALL.length; cut += 1) {
    const { samples, problems } = readGrowing(wandb, SMALL, [cut]);
    expect([cut, samples, problems]).toEqual([cut, SMALL_SAMPLES, []]);
  }
});

test("a log that grows byte by byte gives the same samples and no problem", () => {
  const { samples, problems } = readGrowing(wandb, SMALL, [...SMALL.keys()]);
  expect([samples, problems]).toEqual([SMALL_SAMPLES, []]);
});

test("NUL bytes at the end, as network file systems show them, wait for their data", () => {
  for (let cut = 0; cut <= SMALL.length; cut += 1) {
    const early = Buffer.concat([SMALL.subarray(0, cut), Buffer.alloc(SMALL.length - cut)]);
    const { consumed, carry, records, problems } = parseRecords(wandb, early);
    const later = wandb.parse(SMALL.subarray(consumed), { offset: consumed, firstRecord: records, carry, isEnd: true });
    expect([cut, problems, consumed + later.consumed, records + later.records]).toEqual([cut, [], SMALL.length, 5]);
  }
});

test("a damaged length that reaches into NUL bytes at the end hides no record", () => {
  const [one, two] = [0, 1].map((step) => wandbLog(historyRecord(step, [["loss", String(step)]])).subarray(7));
  const damaged = Buffer.from(one ?? []);
  damaged[5] = 1; // 256 bytes more.
  const early = Buffer.concat([wandbLog(), damaged, two ?? Buffer.alloc(0), Buffer.alloc(400)]);
  expect(samplesOf(parseRecords(wandb, early))).toEqual({ loss: [[1, 1, 0]] });
});

test("one bit flipped anywhere after the file's header costs one record at most, and is told when others follow", () => {
  const log = wandbLog(...Array.from({ length: 6 }, (_, step) => historyRecord(step, [["loss", String(step)]])));
  for (let bit = 7 * 8; bit < log.length * 8; bit += 1) {
    const damaged = Buffer.from(log);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const { problems, ...parsed } = parseRecords(wandb, damaged);
    const steps = (samplesOf(parsed)["loss"] ?? []).map(([step, value]) => [step, value]);
    const kept = Array.from({ length: 6 }, (_, step) => [step, step]).filter(([step]) =>
      steps.some(([found]) => found === step),
    );
    expect([bit, steps]).toEqual([bit, kept]);
    expect(steps.length, `bit ${bit}`).toBeGreaterThanOrEqual(5);
    expect(problems.length === 1 || steps.length === 5, `bit ${bit}`).toBe(true);
    expect(problems.length === 1 || steps.at(-1)?.[0] === 4, `bit ${bit}`).toBe(true);
  }
});

/** Rows that end at every distance from a block's end, and one that spans three blocks. */
const LONG = wandbLog(
  ...Array.from({ length: 90 }, (_, step) =>
    historyRecord(step, [
      ["text", `"${"x".repeat(2300 + (step % 17))}"`],
      ["loss", String(step)],
    ]),
  ),
  historyRecord(90, [
    ["text", `"${"y".repeat(2.5 * BLOCK_BYTES)}"`],
    ["loss", "90"],
  ]),
  historyRecord(91, [["loss", "91"]]),
);
const LONG_SAMPLES = { loss: Array.from({ length: 92 }, (_, step) => [step, step, step]) };

test("records across blocks are put together, wherever a read ends", () => {
  expect(samplesOf(parseRecords(wandb, LONG))).toEqual(LONG_SAMPLES);
  for (
    let cut = 0;
    cut <= LONG.length;
    cut += cut % BLOCK_BYTES > BLOCK_BYTES - 20 || cut % BLOCK_BYTES < 20 ? 1 : 997
  ) {
    const { samples, problems } = readGrowing(wandb, LONG, [cut]);
    expect([cut, samples, problems]).toEqual([cut, LONG_SAMPLES, []]);
  }
});

test.each([0, 1, 6, 7, 8, 20])("a record begins where %i bytes are left of a block", (left) => {
  const filler = BLOCK_BYTES - wandbLog(consoleRecord("")).length - left;
  // The lengths of the line and of the record take a byte more each than those of nothing, and that twice.
  const before = wandbLog(consoleRecord("x".repeat(filler - 4)));
  const log = wandbLog(consoleRecord("x".repeat(filler - 4)), historyRecord(1, [["loss", "1"]]));
  expect(BLOCK_BYTES - before.length).toBe(left);
  const { problems, ...parsed } = parseRecords(wandb, log);
  expect([samplesOf(parsed), problems]).toEqual([{ loss: [[1, 1, 1]] }, []]);
});

test("batches give the same samples, and a record that is longer than one is told", () => {
  const whole = readInBatches(wandb, LONG, 4 * BLOCK_BYTES);
  expect([whole.samples, whole.problems]).toEqual([LONG_SAMPLES, []]);
  const { samples, problems } = readInBatches(wandb, LONG, 2 * BLOCK_BYTES);
  expect([samples["loss"]?.map(([step]) => step), problems.map(({ reason }) => reason)]).toEqual([
    [...Array.from({ length: 90 }, (_, step) => step), 91],
    [expect.stringMatching(/^The record at byte \d+ has [\d.]+ kB and was passed over/)],
  ]);
});

test("what a fragment without its beginning belongs to is told, and the next record is read", () => {
  const log = Buffer.concat([
    wandbLog(),
    fragment(4, Buffer.from("rest")),
    fragment(1, historyRecord(5, [["loss", "5"]])),
  ]);
  const { problems, ...parsed } = parseRecords(wandb, log);
  expect([samplesOf(parsed), problems]).toEqual([
    { loss: [[5, 5, 0]] },
    [{ line: 0, reason: "From byte 7 on 11 B are damaged and were passed over." }],
  ]);
});

test("a damaged block costs its records, and the next block is read", () => {
  const damaged = Buffer.from(LONG);
  damaged.fill(0xff, BLOCK_BYTES + 10, 2 * BLOCK_BYTES);
  const { problems, ...parsed } = parseRecords(wandb, damaged);
  const steps = (samplesOf(parsed)["loss"] ?? []).map(([step]) => step);
  expect([problems.length, steps.length > 70, steps.at(0), steps.at(-1)]).toEqual([1, true, 0, 91]);
});

test.each([
  { file: "a transaction log", bytes: SMALL, isKnown: true },
  { file: "its header alone", bytes: wandbLog(), isKnown: true },
  { file: "another format", bytes: Buffer.from(":W&Bxyz"), isKnown: false },
  { file: "an empty file", bytes: Buffer.alloc(0), isKnown: false },
])("$file is recognised: $isKnown", ({ bytes, isKnown }) => {
  expect(wandb.recognises({ name: "run-abc.wandb", bytes })).toBe(isKnown);
});
