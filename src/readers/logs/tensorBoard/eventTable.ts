import type { FieldPlace } from "../shared/eventProto.ts";
import type { SampleColumn } from "../shared/sampleColumns.ts";
import {
  DATA_END,
  EVENTS,
  MASK,
  MEMORY_BYTES,
  NEXT,
  PATTERN,
  SCALAR_BYTES,
  SCALARS,
  STEP,
  STEP_END,
  TIME,
  VECTOR_BYTES,
} from "./assembly/layout.ts";

/** Where the number of a scalar lies, as float32 or float64, and the samples that it belongs to. */
export interface ScalarPlace extends FieldPlace {
  readonly column: SampleColumn;
}

/** Where the numbers of an event lie, counted from where its record begins. What is missing begins and ends at 0. */
export interface EventPlaces {
  readonly time: FieldPlace;
  readonly step: FieldPlace;
  readonly scalars: readonly ScalarPlace[];
}

/** Known events in the kernel's memory. */
export interface EventTable {
  /** Adds a record, given without the check of its data. Gives where it is in the memory, null when that is full. */
  readonly add: (record: Uint8Array, places: EventPlaces) => number | null;
  /** By the number that the kernel knows them by. */
  readonly columns: readonly SampleColumn[];
  readonly clear: () => void;
}

export function createEventTable(memory: ArrayBuffer): EventTable {
  const view = new DataView(memory);
  const bytes = new Uint8Array(memory);
  const columns: SampleColumn[] = [];
  let free = EVENTS;

  /** Gives where they end. */
  function writeScalars(at: number, scalars: readonly ScalarPlace[]): number {
    let next = at;
    for (const { start, end, column } of scalars) {
      view.setUint32(next, columns.push(column) - 1, true);
      view.setUint32(next + 4, start, true);
      view.setUint32(next + 8, end - start, true);
      next += SCALAR_BYTES;
    }
    return next;
  }

  /** The bits that two events have in common that differ in their numbers alone. */
  function writeMask(at: number, length: number, { time, step, scalars }: EventPlaces): void {
    bytes.fill(ALL_BITS, at, at + length);
    bytes.fill(0, at + length, at + wholeVectors(length));
    bytes.fill(MORE_FOLLOWS, at + step.start, at + step.end);
    bytes.fill(0, at + time.start, at + time.end);
    for (const { start, end } of scalars) {
      bytes.fill(0, at + start, at + end);
    }
  }

  return {
    add(record, places) {
      const { time, step, scalars } = places;
      const event = free;
      const patternBytes = wholeVectors(record.length);
      if (event + SCALARS + scalars.length * SCALAR_BYTES + 2 * patternBytes > MEMORY_BYTES) {
        return null;
      }
      view.setUint32(event + NEXT, 0, true);
      view.setUint32(event + DATA_END, record.length, true);
      view.setUint32(event + TIME, time.start, true);
      view.setUint32(event + STEP, step.start, true);
      view.setUint32(event + STEP_END, step.end, true);
      const pattern = writeScalars(event + SCALARS, scalars);
      const mask = pattern + patternBytes;
      view.setUint32(event + PATTERN, pattern, true);
      view.setUint32(event + MASK, mask, true);
      bytes.set(record, pattern);
      writeMask(mask, record.length, places);
      free = mask + patternBytes;
      return event;
    },
    columns,
    clear() {
      columns.length = 0;
      free = EVENTS;
    },
  };
}

const ALL_BITS = 0xff;
/** Of a varint's bytes only this bit tells how long it is. */
const MORE_FOLLOWS = 0x80;

function wholeVectors(length: number): number {
  return Math.ceil(length / VECTOR_BYTES) * VECTOR_BYTES;
}
