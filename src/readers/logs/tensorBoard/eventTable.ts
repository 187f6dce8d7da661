import type { FieldPlace } from "../shared/eventProto.ts";
import type { SampleColumn } from "../shared/sampleColumns.ts";
import {
  DATA_END,
  EVENTS,
  MEMORY_BYTES,
  NEXT,
  PATTERN_END,
  SCALAR_BYTES,
  SCALARS,
  SCALARS_END,
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
  const columns: SampleColumn[] = [];
  let free = EVENTS;

  function write(at: number, { time, step, scalars }: EventPlaces): number {
    view.setUint32(at + NEXT, 0, true);
    view.setUint32(at + TIME, time.start, true);
    view.setUint32(at + STEP, step.start, true);
    view.setUint32(at + STEP_END, step.end, true);
    let end = at + SCALARS;
    for (const { start, end: numberEnd, column } of scalars) {
      view.setUint32(end, columns.push(column) - 1, true);
      view.setUint32(end + 4, start, true);
      view.setUint32(end + 8, numberEnd - start, true);
      end += SCALAR_BYTES;
    }
    view.setUint32(at + SCALARS_END, end, true);
    return end;
  }

  /** Vectors of the record and of its mask, in turn. */
  function writePattern(at: number, record: Uint8Array, places: EventPlaces): number {
    const mask = maskOf(record.length, places);
    let end = at;
    for (let place = 0; place < record.length; place += VECTOR_BYTES) {
      for (const vector of [record, mask]) {
        const part = vector.subarray(place, place + VECTOR_BYTES);
        const target = new Uint8Array(memory, end, VECTOR_BYTES).fill(0);
        target.set(part);
        end += VECTOR_BYTES;
      }
    }
    return end;
  }

  return {
    add(record, places) {
      const event = free;
      const scalarsEnd = event + SCALARS + places.scalars.length * SCALAR_BYTES;
      if (scalarsEnd + 2 * (record.length + VECTOR_BYTES) > MEMORY_BYTES) {
        return null;
      }
      view.setUint32(event + DATA_END, record.length, true);
      free = writePattern(write(event, places), record, places);
      view.setUint32(event + PATTERN_END, free, true);
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

/** The bits that two events have in common that differ in their numbers alone. */
function maskOf(length: number, { time, step, scalars }: EventPlaces): Uint8Array {
  const mask = new Uint8Array(length).fill(ALL_BITS);
  mask.fill(MORE_FOLLOWS, step.start, step.end);
  for (const { start, end } of [time, ...scalars]) {
    mask.fill(0, start, end);
  }
  return mask;
}
