import type { PbfReader } from "pbf";
import { t } from "@vscode/l10n";

/** Where a field's bytes lie; `end` is 0 for a field that is missing. */
export interface FieldPlace {
  start: number;
  end: number;
}

/** TensorFlow's Event: when, at which step, and what. One object is used for all events of a read. */
export interface EventFields {
  wallTime: number;
  step: number;
  /** Where the two lie. */
  readonly time: FieldPlace;
  readonly stepPlace: FieldPlace;
  readonly summary: FieldPlace;
}

/** TensorFlow's Summary.Value: a tag and one of several ways to say its value. */
export interface ValueFields {
  readonly tag: FieldPlace;
  /** Undefined when the value is no plain number. */
  scalar: number | undefined;
  readonly scalarPlace: FieldPlace;
  readonly histogram: FieldPlace;
  readonly tensor: FieldPlace;
  readonly metadata: FieldPlace;
}

export function createEventFields(): EventFields {
  return { wallTime: 0, step: 0, time: nowhere(), stepPlace: nowhere(), summary: nowhere() };
}

export function createValueFields(): ValueFields {
  return {
    tag: nowhere(),
    scalar: undefined,
    scalarPlace: nowhere(),
    histogram: nowhere(),
    tensor: nowhere(),
    metadata: nowhere(),
  };
}

export function nowhere(): FieldPlace {
  return { start: 0, end: 0 };
}

/** What protobuf leaves out is its default: step 0 above all. */
export function readEvent(pbf: PbfReader, end: number, event: EventFields): void {
  event.wallTime = 0;
  event.step = 0;
  event.time.end = 0;
  event.stepPlace.end = 0;
  event.summary.end = 0;
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    if (field === 1) {
      event.time.start = pbf.pos;
      event.wallTime = pbf.readDouble();
      event.time.end = pbf.pos;
    } else if (field === 2) {
      event.stepPlace.start = pbf.pos;
      event.step = pbf.readVarint(true);
      event.stepPlace.end = pbf.pos;
    } else if (field === 5) {
      passOver(pbf, event.summary);
    }
  }
}

export function readValue(pbf: PbfReader, end: number, value: ValueFields): void {
  value.scalar = undefined;
  value.tag.start = 0;
  value.tag.end = 0;
  value.histogram.end = 0;
  value.tensor.end = 0;
  value.metadata.end = 0;
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    if (field === 2) {
      value.scalarPlace.start = pbf.pos;
      value.scalar = pbf.readFloat();
      value.scalarPlace.end = pbf.pos;
    } else {
      const place = placeOf(value, field);
      if (place !== null) {
        passOver(pbf, place);
      }
    }
  }
}

function placeOf(value: ValueFields, field: number): FieldPlace | null {
  switch (field) {
    case 1:
      return value.tag;
    case 5:
      return value.histogram;
    case 8:
      return value.tensor;
    case 9:
      return value.metadata;
  }
  return null;
}

/**
 * The number of the next field, 0 at the end. Throws when the one before reached over it, for what it held was read from
 * what is behind: a length in a record may be wrong though its checksum is right.
 */
export function nextField(pbf: PbfReader, end: number): number {
  const field = pbf.nextField(end);
  if (field === 0) {
    checkWithin(pbf.pos, end);
  }
  return field;
}

export function checkWithin(place: number, end: number): void {
  if (place > end) {
    throw new RangeError(t("a field is longer than what it is in"));
  }
}

export function passOver(pbf: PbfReader, place: FieldPlace): void {
  const length = pbf.readVarint();
  place.start = pbf.pos;
  place.end = pbf.pos + length;
  pbf.pos = place.end;
}

/** The L2 norm that a HistogramProto tells exactly. Undefined for one of nothing, null without its sum of squares. */
export function readHistogramNorm(pbf: PbfReader, { start, end }: FieldPlace): number | null | undefined {
  let [count, squares, largest] = [0, 0, 0];
  pbf.pos = start;
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    if (field === 1 || field === 2) {
      largest = Math.max(largest, Math.abs(pbf.readDouble()));
    } else if (field === 3) {
      count = pbf.readDouble();
    } else if (field === 5) {
      squares = pbf.readDouble();
    }
  }
  if (count === 0) {
    return undefined;
  }
  return squares === 0 && largest > 0 ? null : Math.sqrt(squares);
}

export interface ValueMetadata {
  readonly plugin: string;
  readonly content: FieldPlace;
}

/** Which plugin of TensorBoard a tag belongs to. */
export function readMetadata(pbf: PbfReader, { start, end }: FieldPlace): ValueMetadata {
  const plugin = nowhere();
  pbf.pos = start;
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    if (field === 1) {
      passOver(pbf, plugin);
    }
  }
  const content = nowhere();
  let name = "";
  pbf.pos = plugin.start;
  for (let field = nextField(pbf, plugin.end); field !== 0; field = nextField(pbf, plugin.end)) {
    if (field === 1) {
      name = pbf.readString();
    } else if (field === 2) {
      passOver(pbf, content);
    }
  }
  return { plugin: name, content };
}
