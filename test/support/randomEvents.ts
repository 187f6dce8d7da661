import type { Random } from "./random.ts";
import { bytesField, doubleField, doubles, floatField, message, varintField } from "./recordFields.ts";
import {
  histogram,
  pluginMetadata,
  scalar,
  tensorOf,
  tensorValue,
  text,
  tfRecord,
  VERSION_RECORD,
} from "./tfEvents.ts";

/**
 * An event file whose writers log the same tags again and again, each in a way of its own, mostly in the same order; with
 * what else such files have between them, and sometimes a value that is stored or told otherwise than before.
 */
export function randomEvents(random: Random, events: number): Buffer[] {
  const writers = Array.from({ length: 1 + random.below(9) }, (_, index) => createWriter(random, index));
  const firstStep = random.pick([0, 1, 120, 16_380, 2 ** 28 - 3, 2 ** 33, 2 ** 49 - 2]);
  const records = Array.from({ length: events }, (_, index) => {
    const writer = random.below(12) === 0 ? random.pick(writers) : writers[index % writers.length];
    const step = firstStep + Math.floor(index / writers.length);
    return writer?.(step) ?? Buffer.alloc(0);
  });
  return [VERSION_RECORD, ...records];
}

type WriteEvent = (step: number) => Buffer;

function createWriter(random: Random, index: number): WriteEvent {
  const count = random.pick([1, 1, 1, 2, 5]);
  const tags = Array.from({ length: count }, (_, value) => `${"ab/".repeat(random.below(30))}${index}.${value}`);
  const values = tags.map((tag) => [tag, random.pick(VALUES)] as const);
  const frame = random.pick(FRAMES);
  return (step) => {
    const written = values.map(([tag, value]) => (random.below(30) === 0 ? random.pick(VALUES) : value)(tag, random));
    const summary = bytesField(5, message(...written.map((value) => bytesField(1, value))));
    return tfRecord(message(...frame(step, random).map((field) => field ?? summary)));
  };
}

type WriteFields = (step: number, random: Random) => readonly (Buffer | null)[];

// Null stands for the summary.
const FRAMES: readonly WriteFields[] = [
  (step, random) => [wallTime(random), varintField(2, step), null],
  (step, random) => [wallTime(random), varintField(2, step), null],
  (step) => [varintField(2, step), null],
  (_, random) => [wallTime(random), null],
  (step, random) => [null, varintField(2, step), wallTime(random)],
  (step, random) => [wallTime(random), varintField(2, -step), null],
  (step, random) => [varintField(2, 7), wallTime(random), varintField(2, step), null, bytesField(77, "more")],
];

function wallTime(random: Random): Buffer {
  return random.below(40) === 0 ? doubleField(1, Number.NaN) : doubleField(1, 1.7e9 + random.below(1e6) / 7);
}

type WriteValue = (tag: string, random: Random) => Buffer;

const VALUES: readonly WriteValue[] = [
  (tag, random) => scalar(tag, numberOf(random)),
  (tag, random) => scalar(tag, numberOf(random)),
  (tag, random) => message(floatField(2, numberOf(random)), bytesField(1, tag)),
  (tag, random) => message(bytesField(1, tag), floatField(2, 1), floatField(2, numberOf(random))),
  (tag, random) => tensorValue(tag, float(random), pluginMetadata("scalars")),
  (tag, random) => tensorValue(tag, float(random)),
  (tag, random) => tensorValue(tag, float(random), pluginMetadata("another")),
  (tag, random) => tensorValue(tag, tensorOf(1, [], packed(random)), pluginMetadata("scalars")),
  (tag, random) => tensorValue(tag, tensorOf(2, [], doubleField(6, numberOf(random)))),
  (tag, random) => tensorValue(tag, tensorOf(2, [1], bytesField(4, doubles([numberOf(random)]))), SCALARS),
  (tag, random) => tensorValue(tag, tensorOf(1, [1], bytesField(4, random.bytes(7)))),
  (tag, random) => tensorValue(tag, tensorOf(1, [2], bytesField(5, random.bytes(8))), SCALARS),
  (tag, random) => tensorValue(tag, tensorOf(19, [], varintField(13, random.below(3) * 0x3c00)), SCALARS),
  (tag, random) => tensorValue(tag, tensorOf(3, [], varintField(7, random.below(2))), SCALARS),
  (tag, random) => tensorValue(tag, tensorOf(2, [1, 3], bytesField(6, doubles([1, 2, numberOf(random)])))),
  (tag, random) => histogram(tag, [numberOf(random), 1]),
  (tag, random) => text(tag, `{"max_grad_norm": ${1 + random.below(3)}}`),
  (tag) => message(bytesField(1, tag)),
];

const SCALARS = pluginMetadata("scalars");

function float(random: Random): Buffer {
  return tensorOf(1, [], floatField(5, numberOf(random)));
}

function packed(random: Random): Buffer {
  return bytesField(5, floatField(0, numberOf(random)).subarray(1));
}

function numberOf(random: Random): number {
  return random.pick([0, -0, Number.NaN, Infinity, -Infinity, random.below(1e6) / 1e5, 10 ** -random.below(50)]);
}
