import { expect, test } from "vitest";
import type { EventKernel } from "#readers/logs/tensorBoard/eventKernel.ts";
import { eventKernel } from "#readers/logs/tensorBoard/eventKernel.ts";
import type { ParsedRecords, RecordReader } from "#readers/logs/reader.ts";
import { parseEvents, tensorBoard } from "#readers/logs/tensorBoard/tensorBoard.ts";
import { createRandom } from "../../../support/random.ts";
import type { Random } from "../../../support/random.ts";
import { randomEvents } from "../../../support/randomEvents.ts";
import { bytesField, floatField, message } from "../../../support/recordFields.ts";
import {
  eventRecord,
  pluginMetadata,
  scalar,
  tensorOf,
  tensorValue,
  tfRecord,
  VERSION_RECORD,
} from "../../../support/tfEvents.ts";
import { samplesOf } from "../parsed.ts";
import { parseRecords, readInBatches } from "../parsedRecords.ts";

/** Decodes every event. */
const DECODING: RecordReader = { ...tensorBoard, parse: (bytes, start) => parseEvents(bytes, start, null) };

/** What was parsed, and how many records were not decoded for it. */
function parseCounting(bytes: Uint8Array): { readonly parsed: ParsedRecords; readonly passed: number } {
  const kernel = eventKernel() as EventKernel;
  let passed = 0;
  const counting: EventKernel = {
    ...kernel,
    passed() {
      passed += kernel.passed();
      return kernel.passed();
    },
  };
  const parsed = parseEvents(bytes, { offset: 0, firstRecord: 0, carry: "", isEnd: true }, counting);
  return { parsed, passed };
}

test("of events that repeat their tags none is decoded once what follows each is known", () => {
  const tags = ["loss", "grad_norm", "gradients/a.very.long.name.of.a.tensor", "lr"];
  const events = Array.from({ length: 400 }, (_, index) => {
    const value = index % 2 === 0 ? scalar : scalarTensor;
    return eventRecord({ step: 200 + (index >> 2) }, value(tags[index % 4] ?? "", index / 3));
  });
  const { parsed, passed } = parseCounting(Buffer.concat([VERSION_RECORD, ...events]));
  expect([passed, parsed.records, parsed.problems]).toEqual([395, 401, []]);
  expect(parsed).toEqual(parseRecords(DECODING, Buffer.concat([VERSION_RECORD, ...events])));
});

function scalarTensor(tag: string, value: number): Buffer {
  return tensorValue(tag, tensorOf(1, [], floatField(5, value)), pluginMetadata("scalars"));
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))("random events %i are read as each alone is", (seed) => {
  const random = createRandom(seed);
  const log = Buffer.concat(randomEvents(random, 30 + random.below(300)));
  const decoded = parseRecords(DECODING, log);
  expect(parseRecords(tensorBoard, log)).toEqual(decoded);
  const batchBytes = 3000 + random.below(log.length);
  expect(readInBatches(tensorBoard, log, batchBytes)).toEqual(readInBatches(DECODING, log, batchBytes));
});

test.each(Array.from({ length: 120 }, (_, seed) => seed))("damaged events %i are read as each alone is", (seed) => {
  const random = createRandom(1000 + seed);
  const log = damaged(random, Buffer.concat(randomEvents(random, 30 + random.below(100))));
  expect(parseRecords(tensorBoard, log)).toEqual(parseRecords(DECODING, log));
});

/** Some bits flipped, bytes lost, doubled or put to zero, and perhaps the end cut off. */
function damaged(random: Random, log: Buffer): Buffer {
  let bytes = Buffer.from(log);
  for (let damages = 1 + random.below(6); damages > 0; damages -= 1) {
    const at = random.below(bytes.length);
    const length = 1 + random.below(random.pick([3, 20, 200]));
    const [before, within, after] = [
      bytes.subarray(0, at),
      bytes.subarray(at, at + length),
      bytes.subarray(at + length),
    ];
    const changed = random.pick([
      () => [before, flipped(random, within), after],
      () => [before, after],
      () => [before, within, within, after],
      () => [before, Buffer.alloc(within.length), after],
      () => [before, within],
    ]);
    bytes = Buffer.concat(changed());
  }
  return bytes;
}

function flipped(random: Random, bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const at = random.below(bytes.length);
  changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
  return changed;
}

test("one bit flipped anywhere in events that are known gives what each alone gives", () => {
  const events = Array.from({ length: 12 }, (_, step) => {
    return eventRecord({ step: step >> 1 }, (step % 2 === 0 ? scalar : scalarTensor)("a", step));
  });
  const log = Buffer.concat([VERSION_RECORD, ...events]);
  for (let bit = 0; bit < log.length * 8; bit += 1) {
    const changed = Buffer.from(log);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect([bit, parseRecords(tensorBoard, changed)]).toEqual([bit, parseRecords(DECODING, changed)]);
  }
});

test("a change that is not the number's is no known event, though its checksum is right", () => {
  const known = [1, 2, 3].map((step) => eventRecord({ step }, scalar("loss", step)));
  const another = tfRecord(message(bytesField(5, bytesField(1, message(bytesField(1, "lost"), floatField(2, 9))))));
  const { parsed, passed } = parseCounting(
    Buffer.concat([...known, another, eventRecord({ step: 4 }, scalar("lost", 4))]),
  );
  expect([passed, samplesOf(parsed)]).toEqual([
    1,
    {
      loss: [1, 2, 3].map((step) => [step, step, step - 1]),
      lost: [
        [0, 9, 3],
        [4, 4, 4],
      ],
    },
  ]);
});

test("an event whose step ends earlier is not known, though it is as long and its checksum is right", () => {
  const known = [200, 201, 202].map((step) => eventRecord({ step }, scalar("loss", step)));
  const data = Buffer.from(known[2]?.subarray(12, -4) ?? []);
  data.set([5, 0x28], 10); // Step 5, and a field 5 that is no summary.
  const { parsed, passed } = parseCounting(Buffer.concat([...known, tfRecord(data)]));
  expect([passed, samplesOf(parsed), parsed.problems.map(({ line }) => line)]).toEqual([
    1,
    { loss: [200, 201, 202].map((step, record) => [step, step, record]) },
    [3],
  ]);
});

test("a plugin that is told later holds for events that were known as scalars", () => {
  const untold = (step: number): Buffer =>
    eventRecord({ step }, tensorValue("a", tensorOf(1, [], floatField(5, step))), scalar("b", step));
  const told = eventRecord({ step: 4 }, tensorValue("a", tensorOf(1, [], floatField(5, 4)), pluginMetadata("another")));
  const log = Buffer.concat([untold(1), untold(2), untold(3), told, untold(5), untold(6)]);
  const { parsed, passed } = parseCounting(log);
  const steps = Object.entries(samplesOf(parsed)).map(([name, rows]) => [name, ...rows.map(([step]) => step)]);
  expect([passed, steps]).toEqual([
    1,
    [
      ["a", 1, 2, 3],
      ["b", 1, 2, 3, 5, 6],
    ],
  ]);
});

test("more tags than have room are read all the same", () => {
  const long = "x".repeat(7900);
  const tags = Array.from({ length: 1100 }, (_, tag) => `${tag}${long}`);
  const events = [...tags, ...tags.slice(-9), ...tags.slice(-9)].map((tag, step) =>
    eventRecord({ step }, scalar(tag, 1)),
  );
  const { parsed, passed } = parseCounting(Buffer.concat(events));
  const decoded = parseRecords(DECODING, Buffer.concat(events));
  expect([passed, decoded.chunks.length]).toEqual([17, 1100]);
  expect(parsed).toEqual(decoded);
});
