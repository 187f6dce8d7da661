import type { EventFields, FieldPlace } from "../shared/eventProto.ts";
import type { SampleColumn, SamplePlace } from "../shared/sampleColumns.ts";
import { MAX_RECORD_BYTES, ROW_BYTES, ROWS, ROWS_END } from "./assembly/layout.ts";
import type { EventKernel } from "./eventKernel.ts";
import { createEventTable } from "./eventTable.ts";
import type { EventPlaces, ScalarPlace } from "./eventTable.ts";
import { CHECK_BYTES, HEADER_BYTES } from "./tfRecords.ts";
import { createWindow } from "./window.ts";

/** Reads events that differ from one before in their time, step and numbers only, which most events do. */
export interface KnownEvents {
  /** Adds the samples of the records from a place on that need not be decoded. Gives where those end. */
  readonly pass: (at: number, record: number) => number;
  /** How many that were. */
  readonly passed: () => number;
  /** Learns from an event that was decoded, whose data lie at a place, and in which nothing but scalars was found. */
  readonly learn: (data: FieldPlace, event: EventFields, scalars: readonly ScalarPlace[]) => void;
  /** What was learned holds no more. */
  readonly forget: () => void;
}

/** Knows nothing without a kernel. */
export function createKnownEvents(bytes: Uint8Array, kernel: EventKernel | null): KnownEvents {
  return kernel === null ? NOTHING_KNOWN : createBook(bytes, kernel);
}

const NOTHING_KNOWN: KnownEvents = {
  pass: (at) => at,
  passed: () => 0,
  learn: () => undefined,
  forget: () => undefined,
};

function createBook(bytes: Uint8Array, kernel: EventKernel): KnownEvents {
  const table = createEventTable(kernel.memory);
  const window = createWindow(kernel.memory, bytes);
  const addSamples = createSampleReader(kernel, table.columns);
  // By the column of the first number: what each event was like the last time.
  const known = new Map<SampleColumn, number>();
  let passed = 0;

  function forget(): void {
    kernel.forget();
    table.clear();
    known.clear();
  }

  function passFrom(from: number, firstRecord: number): number {
    let at = from;
    passed = 0;
    for (let length = 1; length > 0;) {
      const begin = window.place(at);
      length = kernel.pass(begin, window.end()) - begin;
      addSamples(firstRecord + passed);
      passed += kernel.passed();
      at += length;
    }
    return at;
  }

  forget();
  return {
    pass: (from, firstRecord) => (known.size === 0 ? from : passFrom(from, firstRecord)),
    passed: () => passed,
    learn(data, event, scalars) {
      const column = scalars[0]?.column;
      if (column === undefined || !isFit(data, event, scalars)) {
        return;
      }
      const at = data.start - HEADER_BYTES;
      const before = known.get(column);
      const isBefore = before !== undefined && kernel.isLike(before, window.place(at), window.end()) === 1;
      const now = isBefore ? before : table.add(bytes.subarray(at, data.end), placesFrom(at, event, scalars));
      if (now === null) {
        forget();
      } else {
        known.set(column, now);
        kernel.follow(now);
      }
    },
    forget,
  };
}

/** Adds the samples that the kernel found, given the number of the first record that it passed. */
function createSampleReader(kernel: EventKernel, columns: readonly SampleColumn[]): (firstRecord: number) => void {
  const integers = new Uint32Array(kernel.memory, ROWS, (ROWS_END - ROWS) / 4);
  const floats = new Float64Array(kernel.memory, ROWS, (ROWS_END - ROWS) / 8);
  const place: SamplePlace = { step: 0, record: 0, wallTime: 0 }; // Reused, so that no sample makes an object.
  return (firstRecord) => {
    const end = (kernel.samples() * ROW_BYTES) / 8;
    for (let at = 0; at < end; at += ROW_BYTES / 8) {
      place.record = firstRecord + (integers[2 * at + 1] ?? 0);
      place.step = floats[at + 1] ?? Number.NaN;
      place.wallTime = floats[at + 3] ?? Number.NaN;
      columns[integers[2 * at] ?? 0]?.add(floats[at + 2] ?? Number.NaN, place);
    }
  };
}

// More scalars have no room among the kernel's rows; of more bytes a float64 does not hold every step.
const MAX_SCALARS = (ROWS_END - ROWS) / ROW_BYTES;
const MAX_STEP_BYTES = 7;

/** Whether the kernel can read such events. */
function isFit({ start, end }: FieldPlace, { stepPlace }: EventFields, scalars: readonly ScalarPlace[]): boolean {
  return (
    HEADER_BYTES + end - start + CHECK_BYTES <= MAX_RECORD_BYTES &&
    stepPlace.end - stepPlace.start <= MAX_STEP_BYTES &&
    scalars.length <= MAX_SCALARS
  );
}

function placesFrom(at: number, { time, stepPlace }: EventFields, scalars: readonly ScalarPlace[]): EventPlaces {
  return {
    time: placeFrom(at, time),
    step: placeFrom(at, stepPlace),
    scalars: scalars.map((scalar) => ({ ...placeFrom(at, scalar), column: scalar.column })),
  };
}

function placeFrom(at: number, { start, end }: FieldPlace): FieldPlace {
  return end === 0 ? { start: 0, end: 0 } : { start: start - at, end: end - at };
}
