import type { EventFields, FieldPlace } from "../shared/eventProto.ts";
import type { SampleColumn, SamplePlace } from "../shared/sampleColumns.ts";
import { createPatternTable } from "./patterns.ts";
import type { Pattern } from "./patterns.ts";
import { CHECK_BYTES, HEADER_BYTES, hasCheck } from "./tfRecords.ts";

/** Reads events that differ from one before in their time, step and numbers only, which most events do. */
export interface KnownEvents {
  /** Adds the samples of the record that begins at a place and gives its end, or 0 when it must be decoded. */
  readonly pass: (at: number, record: number) => number;
  /** Learns from an event that was decoded, whose data lie at a place, and in which nothing but scalars was found. */
  readonly learn: (data: FieldPlace, event: EventFields, scalars: readonly ScalarPlace[]) => void;
  /** What was learned holds no more. */
  readonly forget: () => void;
}

/** Where the number of a scalar lies, as float32 or float64, and the samples that it belongs to. */
export interface ScalarPlace extends FieldPlace {
  readonly column: SampleColumn;
}

/** Places count from where the record begins. */
interface KnownEvent {
  /** Of the header and the data, without the data's check. The header's is a part of it. */
  readonly pattern: Pattern;
  readonly dataEnd: number;
  readonly time: FieldPlace;
  readonly step: FieldPlace;
  readonly scalars: readonly ScalarPlace[];
  /** What came after it the last time: most logs repeat their tags in the same order. */
  next: KnownEvent | null;
}

// Longer ones hold more than scalars.
const MAX_DATA_BYTES = 2 ** 14;
// Of so many bytes of a varint a float64 holds every bit.
const MAX_STEP_BYTES = 7;

export function createKnownEvents(view: DataView): KnownEvents {
  const patterns = createPatternTable(view);
  const byColumn = new Map<SampleColumn, KnownEvent>();
  const place: SamplePlace = { step: 0, record: 0, wallTime: 0 }; // Reused, so that no sample makes an object.
  let last: KnownEvent | null = null;

  function isLike({ pattern, dataEnd }: KnownEvent, at: number): boolean {
    return at + dataEnd + CHECK_BYTES <= view.byteLength && patterns.isLike(pattern, at);
  }

  function forget(): void {
    patterns.clear();
    byColumn.clear();
    last = null;
  }

  function add({ time, step, scalars }: KnownEvent, at: number, record: number): void {
    place.record = record;
    place.wallTime = time.end === 0 ? 0 : view.getFloat64(at + time.start, true);
    place.step = varintIn(view, at + step.start, at + step.end);
    for (const { start, end, column } of scalars) {
      column.add(end - start === 4 ? view.getFloat32(at + start, true) : view.getFloat64(at + start, true), place);
    }
  }

  /** Null when there is no room for more. */
  function createKnown(data: FieldPlace, event: EventFields, found: readonly ScalarPlace[]): KnownEvent | null {
    const at = data.start - HEADER_BYTES;
    const [time, step] = [placeFrom(at, event.time), placeFrom(at, event.stepPlace)];
    const scalars = found.map((scalar) => ({ ...placeFrom(at, scalar), column: scalar.column }));
    const dataEnd = data.end - at;
    const pattern = patterns.add(at, { length: dataEnd, numbers: [time, ...scalars], varint: step });
    return pattern === null ? null : { pattern, dataEnd, time, step, scalars, next: null };
  }

  return {
    pass(at, record) {
      const known = last?.next ?? null;
      if (known === null || !isLike(known, at) || !hasCheck(view, at + HEADER_BYTES, at + known.dataEnd)) {
        return 0;
      }
      add(known, at, record);
      last = known;
      return at + known.dataEnd + CHECK_BYTES;
    },
    learn(data, event, scalars) {
      const column = scalars[0]?.column;
      if (column === undefined || !isLearnable(data, event)) {
        return;
      }
      const before = byColumn.get(column);
      const isBefore = before !== undefined && isLike(before, data.start - HEADER_BYTES);
      const known = isBefore ? before : createKnown(data, event, scalars);
      if (known === null) {
        forget();
        return;
      }
      byColumn.set(column, known);
      if (last !== null) {
        last.next = known;
      }
      last = known;
    },
    forget,
  };
}

function isLearnable(data: FieldPlace, { stepPlace }: EventFields): boolean {
  return data.end - data.start <= MAX_DATA_BYTES && stepPlace.end - stepPlace.start <= MAX_STEP_BYTES;
}

/** A place of the bytes, counted from where the record begins; a missing one stays missing. */
function placeFrom(at: number, { start, end }: FieldPlace): FieldPlace {
  return end === 0 ? { start: 0, end: 0 } : { start: start - at, end: end - at };
}

/** 0 when it is missing. */
function varintIn(view: DataView, start: number, end: number): number {
  let value = 0;
  for (let at = end - 1; at >= start; at -= 1) {
    value = value * 128 + (view.getUint8(at) & 0x7f);
  }
  return value;
}
