import { expect, test } from "vitest";
import { tensorBoard } from "#readers/logs/tensorBoard/tensorBoard.ts";
import {
  bytesField,
  doubleField,
  doubles,
  floatField,
  message,
  varintField,
  varints,
} from "../../../support/recordFields.ts";
import {
  eventRecord,
  histogram,
  pluginMetadata,
  scalar,
  tensorOf,
  tensorValue,
  text,
  tfRecord,
  VERSION_RECORD,
} from "../../../support/tfEvents.ts";
import { samplesOf } from "../parsed.ts";
import { parseRecords, readGrowing, readInBatches } from "../parsedRecords.ts";

const SCALARS = pluginMetadata("scalars");
const HISTOGRAMS = pluginMetadata("histograms");

function logOf(...records: readonly Buffer[]): Buffer {
  return Buffer.concat([VERSION_RECORD, ...records]);
}

/** The values under a tag `a` of one event. */
function valuesOf(...values: readonly Buffer[]): readonly number[] | undefined {
  const { chunks } = parseRecords(tensorBoard, logOf(eventRecord({ step: 1 }, ...values)));
  return chunks[0] === undefined ? undefined : Array.from(chunks[0].values);
}

function scalarTensor(type: number, values: Buffer): Buffer {
  return tensorValue("a", tensorOf(type, [], values), SCALARS);
}

test.each([
  { stored: "a plain number", value: scalar("a", 0.1), number: Math.fround(0.1) },
  { stored: "a zero", value: scalar("a", 0), number: 0 },
  { stored: "NaN", value: scalar("a", Number.NaN), number: Number.NaN },
  { stored: "-Infinity", value: scalar("a", -Infinity), number: -Infinity },
  { stored: "a float of a tensor", value: scalarTensor(1, floatField(5, 0.1)), number: Math.fround(0.1) },
  { stored: "a packed float", value: scalarTensor(1, bytesField(5, floatField(0, 0.5).subarray(1))), number: 0.5 },
  { stored: "a double", value: scalarTensor(2, doubleField(6, 0.1)), number: 0.1 },
  { stored: "a double's bytes", value: scalarTensor(2, bytesField(4, doubles([0.1]))), number: 0.1 },
  { stored: "a half", value: scalarTensor(19, varintField(13, 0x3e00)), number: 1.5 },
  { stored: "the smallest half", value: scalarTensor(19, varintField(13, 1)), number: 2 ** -24 },
  { stored: "an infinite half", value: scalarTensor(19, varintField(13, 0xfc00)), number: -Infinity },
  { stored: "a half's bytes", value: scalarTensor(19, bytesField(4, Buffer.from([0, 0x3e]))), number: 1.5 },
  { stored: "a bfloat16", value: scalarTensor(14, bytesField(13, varints([0xbfc0]))), number: -1.5 },
  { stored: "an int32", value: scalarTensor(3, varintField(7, -3)), number: -3 },
  { stored: "an int64", value: scalarTensor(9, varintField(10, 2 ** 40)), number: 2 ** 40 },
  { stored: "a uint8's byte", value: scalarTensor(4, bytesField(4, Buffer.from([200]))), number: 200 },
  { stored: "a bool", value: scalarTensor(10, varintField(11, 1)), number: 1 },
  {
    stored: "a tensor of one element",
    value: tensorValue("a", tensorOf(1, [1], floatField(5, 2)), SCALARS),
    number: 2,
  },
  { stored: "a tensor without metadata", value: tensorValue("a", tensorOf(1, [], floatField(5, 2))), number: 2 },
])("$stored is read as $number", ({ value, number }) => {
  expect(valuesOf(value)).toEqual([number]);
});

test.each([
  { stored: "a tensor of several numbers", value: tensorValue("a", tensorOf(1, [2], bytesField(5, Buffer.alloc(8)))) },
  {
    stored: "another plugin's number",
    value: tensorValue("a", tensorOf(1, [], floatField(5, 2)), pluginMetadata("x")),
  },
  { stored: "a text", value: text("a", "hello") },
  { stored: "an image", value: message(bytesField(1, "a"), bytesField(4, message(varintField(1, 8)))) },
  { stored: "an empty histogram", value: tensorValue("a", tensorOf(2, [0, 3], Buffer.alloc(0)), HISTOGRAMS) },
])("$stored is no sample", ({ value }) => {
  expect(valuesOf(value)).toBeUndefined();
});

test.each([
  { missing: "a scalar's number", value: scalarTensor(1, Buffer.alloc(0)), reason: /a: the scalar's tensor holds 0/ },
  {
    missing: "a histogram's bins",
    value: tensorValue("a", tensorOf(2, [2, 3], bytesField(6, doubles([1, 2, 3]))), HISTOGRAMS),
    reason: /a: the histogram's tensor holds 3 numbers/,
  },
  {
    missing: "a histogram's sum of squares",
    value: message(bytesField(1, "a"), bytesField(5, message(doubleField(2, 1), doubleField(3, 5)))),
    reason: /a: the histogram has no sum of squares/,
  },
])("without $missing there is a problem and no sample", ({ value, reason }) => {
  const { chunks, problems } = parseRecords(tensorBoard, logOf(eventRecord({ step: 1 }, value)));
  expect([chunks, problems]).toEqual([[], [{ line: 1, reason: expect.stringMatching(reason) as string }]]);
});

test("samples have their steps, records and times, and keep a step 0 that protobuf leaves out", () => {
  const log = logOf(
    eventRecord({ step: 0, wallTime: 5.25 }, scalar("train/loss", 3), scalar("train/grad_norm", 1)),
    eventRecord({ step: 2 ** 33, wallTime: 6.5 }, scalar("train/loss", 2)),
    eventRecord({ step: -1, wallTime: 7 }, scalar("train/loss", 1)),
  );
  const [loss, norm] = parseRecords(tensorBoard, log).chunks;
  expect([loss, norm?.kind]).toEqual([
    {
      kind: "loss",
      name: "train/loss",
      tensor: null,
      steps: Float64Array.of(0, 2 ** 33, -1),
      values: Float64Array.of(3, 2, 1),
      lines: Float64Array.of(1, 2, 3),
      wallTimes: Float64Array.of(5.25, 6.5, 7),
    },
    "globalNorm",
  ]);
});

test.each([
  { tag: "gradients/fc1.weight", kind: "tensorNorm", tensor: "fc1.weight" },
  { tag: "grads/fc1.weight", kind: "tensorNorm", tensor: "fc1.weight" },
  { tag: "grad/hist/blocks/0/w", kind: "tensorNorm", tensor: "blocks/0/w" },
  { tag: "fc1.weight.grad", kind: "tensorNorm", tensor: "fc1.weight" },
  { tag: "fc1.weight/grad", kind: "tensorNorm", tensor: "fc1.weight" },
  { tag: "gradients/layers.0.input_layernorm.weight", kind: "tensorNorm", tensor: "layers.0.input_layernorm.weight" },
  { tag: "gradients/norm", kind: "other", tensor: null },
  { tag: "weights/fc1.weight", kind: "weightNorm", tensor: null },
  { tag: "fc1.bias", kind: "weightNorm", tensor: null },
  { tag: "activations/fc1", kind: "other", tensor: null },
])("the histogram $tag gives the norm 5 exactly, as $kind", ({ tag, kind, tensor }) => {
  const { chunks } = parseRecords(tensorBoard, logOf(eventRecord({ step: 1 }, histogram(tag, [3, -4]))));
  expect(chunks.map((chunk) => [chunk.kind, chunk.tensor, chunk.isEstimate, ...chunk.values])).toEqual([
    [kind, tensor, undefined, 5],
  ]);
});

test("a histogram of bins gives an estimate: every value is taken for the middle of its bin", () => {
  const rows = [-1, 1, 7, 2, 4, 1, 3, 5, 1];
  const value = tensorValue("gradients/w", tensorOf(2, [3, 3], bytesField(4, doubles(rows))), HISTOGRAMS);
  const { chunks } = parseRecords(tensorBoard, logOf(eventRecord({ step: 1 }, value)));
  expect(chunks.map((chunk) => [chunk.kind, chunk.tensor, chunk.isEstimate, ...chunk.values])).toEqual([
    ["tensorNorm", "w", true, 5],
  ]);
});

test("the arguments of Hugging Face's Trainer tell the clip threshold", () => {
  const args = text("args/text_summary", '{\n  "lr_end": NaN,\n  "max_grad_norm": 0.5\n}');
  const { clipThreshold } = parseRecords(tensorBoard, logOf(eventRecord({ step: 0 }, args)));
  expect(clipThreshold).toEqual({ value: 0.5, source: "max_grad_norm (record 2)" });
});

test.each([
  { writer: "PyTorch, with metadata alone", tensor: Buffer.alloc(0) },
  { writer: "TensorFlow, with a tensor of nothing", tensor: bytesField(8, tensorOf(1, [], Buffer.alloc(0))) },
])("hyperparameters of $writer, tell the clip threshold", ({ tensor }) => {
  const entry = message(bytesField(1, "gradient_clip_val"), bytesField(2, doubleField(2, 0.25)));
  const metadata = pluginMetadata("hparams", bytesField(3, message(bytesField(1, entry))));
  const value = message(bytesField(1, "_hparams_/session_start_info"), tensor, bytesField(9, metadata));
  const { clipThreshold, chunks, problems } = parseRecords(tensorBoard, logOf(eventRecord({ step: 0 }, value)));
  expect([clipThreshold, chunks, problems]).toEqual([{ value: 0.25, source: "gradient_clip_val (record 2)" }, [], []]);
});

const GROWING = logOf(
  eventRecord({ step: 0 }, text("args/text_summary", '{"max_grad_norm": 1}')),
  eventRecord({ step: 1 }, tensorValue("odd", tensorOf(1, [], floatField(5, 9)), pluginMetadata("custom"))),
  eventRecord({ step: 1 }, tensorValue("one", tensorOf(1, [1], floatField(5, 1)), SCALARS)),
  eventRecord({ step: 1 }, scalar("loss", 3), scalar("grad_norm", Number.NaN)),
  // What plugins these belong to was told once.
  eventRecord({ step: 2 }, tensorValue("odd", tensorOf(1, [], floatField(5, 9)))),
  eventRecord({ step: 2 }, tensorValue("one", tensorOf(1, [1], floatField(5, 2)))),
  eventRecord({ step: 2 }, scalar("loss", 2), histogram("gradients/w", [3, 4])),
);
const WHOLE = readGrowing(tensorBoard, GROWING, []);

test("a plugin that was told once holds for the tag's later values", () => {
  expect(WHOLE.samples).toEqual({
    one: [
      [1, 1, 3],
      [2, 2, 6],
    ],
    loss: [
      [1, 3, 4],
      [2, 2, 7],
    ],
    grad_norm: [[1, Number.NaN, 4]],
    "gradients/w": [[2, 5, 7]],
  });
});

test("a log that is cut anywhere while it grows gives the same samples and no problem", () => {
  for (let cut = 0; cut <= GROWING.length; cut += 1) {
    const { samples, problems } = readGrowing(tensorBoard, GROWING, [cut]);
    expect([cut, samples, problems]).toEqual([cut, WHOLE.samples, []]);
  }
});

test("a log that grows byte by byte gives the same samples and no problem", () => {
  const { samples, problems } = readGrowing(tensorBoard, GROWING, [...GROWING.keys()]);
  expect([samples, problems]).toEqual([WHOLE.samples, []]);
});

test("a log read in batches of any size gives the same samples", () => {
  for (let batchBytes = 300; batchBytes <= GROWING.length; batchBytes += 1) {
    expect([batchBytes, readInBatches(tensorBoard, GROWING, batchBytes).samples]).toEqual([batchBytes, WHOLE.samples]);
  }
});

test("NUL bytes at the end, as network file systems show them, wait for their data", () => {
  for (let cut = 0; cut <= GROWING.length; cut += 1) {
    const early = Buffer.concat([GROWING.subarray(0, cut), Buffer.alloc(GROWING.length - cut)]);
    const { consumed, carry, records, problems } = parseRecords(tensorBoard, early);
    const from = { offset: consumed, firstRecord: records, carry, isEnd: true };
    const later = tensorBoard.parse(GROWING.subarray(consumed), from);
    expect([cut, problems, consumed + later.consumed, records + later.records]).toEqual([cut, [], GROWING.length, 8]);
  }
});

function eventsOf(count: number): Buffer {
  return logOf(...Array.from({ length: count }, (_, step) => eventRecord({ step }, scalar("loss", step))));
}

test("one bit flipped anywhere costs one record at most, and is told", () => {
  const log = eventsOf(6);
  for (let bit = 0; bit < log.length * 8; bit += 1) {
    const damaged = Buffer.from(log);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const { problems, ...parsed } = parseRecords(tensorBoard, damaged);
    const steps = (samplesOf(parsed)["loss"] ?? []).map(([step, value]) => [step, value]);
    const kept = Array.from({ length: 6 }, (_, step) => [step, step]).filter(([step]) =>
      steps.some(([found]) => found === step),
    );
    expect([bit, steps]).toEqual([bit, kept]);
    expect(steps.length, `bit ${bit}`).toBeGreaterThanOrEqual(5);
    expect(problems.length, `bit ${bit}`).toBe(1);
  }
});

test("damage is told with its place and length, also when records were lost within it", () => {
  const log = eventsOf(20);
  const damaged = Buffer.concat([log.subarray(0, 200), log.subarray(261)]);
  const { problems, chunks } = parseRecords(tensorBoard, damaged);
  const [reason] = problems.map((problem) => problem.reason);
  expect([chunks[0]?.steps.length, problems.length, reason]).toEqual([
    17,
    1,
    expect.stringMatching(/^From byte \d+ on \d+ B are damaged and were passed over\.$/),
  ]);
});

test("a record that is longer than a batch is passed over and told, the ones after it are read", () => {
  const log = Buffer.concat([
    eventsOf(3),
    tfRecord(Buffer.alloc(5000, 1)),
    eventRecord({ step: 9 }, scalar("loss", 9)),
  ]);
  for (const batchBytes of [300, 1000, 4999]) {
    const { samples, problems } = readInBatches(tensorBoard, log, batchBytes);
    expect([samples["loss"]?.map(([step]) => step), problems.map(({ reason }) => reason)]).toEqual([
      [0, 1, 2, 9],
      [expect.stringMatching(/^The record at byte \d+ has 5.02 kB and was passed over/)],
    ]);
  }
});

test("data that check but are no event are told and passed over", () => {
  const log = logOf(tfRecord(Buffer.from([0x2a, 0x05, 0x0a])), tfRecord(Buffer.from([0xff])), eventRecord({ step: 1 }));
  const { records, problems } = parseRecords(tensorBoard, log);
  expect([records, problems.map(({ line }) => line)]).toEqual([4, [1, 2]]);
});

test("a value that is longer than its summary gives no sample of what is behind", () => {
  const summary = Buffer.from([0x0a, 40, 0x15, 0, 0, 0x20]); // Its number is cut.
  const cut = tfRecord(message(varintField(2, 1), bytesField(5, summary)));
  const { problems, chunks } = parseRecords(tensorBoard, logOf(cut, eventRecord({ step: 2 }, scalar("b", 2))));
  expect([chunks.map(({ name }) => name), problems.map(({ line }) => line)]).toEqual([["b"], [1]]);
});

test("a value without a tag is the same behind one that has a tag", () => {
  const untagged = message(floatField(2, 5));
  const log = logOf(eventRecord({ step: 1 }, scalar("a", 1), untagged), eventRecord({ step: 2 }, untagged));
  const { problems, chunks } = parseRecords(tensorBoard, log);
  expect([samplesOf({ chunks }), problems]).toEqual([
    {
      a: [[1, 1, 1]],
      "": [
        [1, 5, 1],
        [2, 5, 2],
      ],
    },
    [],
  ]);
});

test.each([
  { field: "a tag", value: Buffer.concat([floatField(2, 5), Buffer.from([0x0a, 90, 0x61])]) },
  { field: "a tensor", value: Buffer.concat([bytesField(1, "a"), Buffer.from([0x42, 90, 0x08, 0x01])]) },
  { field: "a number of a tensor", value: tensorValue("a", Buffer.from([0x08, 1, 0x2a, 90, 1])) },
  { field: "a histogram", value: Buffer.concat([bytesField(1, "a"), Buffer.from([0x2a, 90, 0x19])]) },
  { field: "a count of a histogram", value: message(bytesField(1, "a"), bytesField(5, Buffer.from([0x19, 1]))) },
])("$field that reaches over its value is told and gives no sample of what is behind", ({ value }) => {
  const log = logOf(eventRecord({ step: 1 }, value), eventRecord({ step: 2 }, scalar("b", 2), scalar("b", 3)));
  const { problems, chunks } = parseRecords(tensorBoard, log);
  expect([chunks.map(({ name, steps }) => [name, Array.from(steps)]), problems]).toEqual([
    [["b", [2, 2]]],
    [{ line: 1, reason: "The record's data are no event: RangeError: a field is longer than what it is in" }],
  ]);
});

test.each([
  { file: "a log by its content", name: "a.log", bytes: VERSION_RECORD, isKnown: true },
  { file: "a log by its name", name: "events.out.tfevents.1.host.2.3", bytes: eventRecord({ step: 1 }), isKnown: true },
  { file: "a text of that name", name: "tfevents.md", bytes: Buffer.from("# About brain.Event:2"), isKnown: false },
  { file: "other TFRecords", name: "train.tfrecord", bytes: eventRecord({ step: 1 }), isKnown: false },
  { file: "an empty file", name: "events.out.tfevents.1", bytes: Buffer.alloc(0), isKnown: false },
])("$file is recognised: $isKnown", ({ name, bytes, isKnown }) => {
  expect(tensorBoard.recognises({ name, bytes })).toBe(isKnown);
});
