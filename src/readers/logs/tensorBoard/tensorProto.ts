import type { PbfReader } from "pbf";
import { checkWithin, nextField, nowhere } from "../shared/eventProto.ts";
import type { FieldPlace } from "../shared/eventProto.ts";

/** A tensor of TensorFlow's TensorProto, as far as logs use it: its numbers, or a text. */
export interface LoggedTensor extends StoredNumbers {
  readonly shape: readonly number[];
  /** The first text's bytes, null when it holds none. */
  readonly text: Uint8Array | null;
}

export interface StoredNumbers {
  readonly numbers: readonly number[];
  /** Where the last one lies, when it is stored as a float32 or float64. */
  readonly place: Readonly<FieldPlace>;
}

type ReadElement = (view: DataView, at: number) => number;

interface ElementType {
  readonly bytes: number;
  readonly read: ReadElement;
}

// Numbers of TensorFlow's DataType.
const FLOAT = 1;
const DOUBLE = 2;
const BFLOAT16 = 14;
const HALF = 19;
const ELEMENT_TYPES: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [FLOAT, { bytes: 4, read: (view, at) => view.getFloat32(at, true) }],
  [DOUBLE, { bytes: 8, read: (view, at) => view.getFloat64(at, true) }],
  [3, { bytes: 4, read: (view, at) => view.getInt32(at, true) }],
  [4, { bytes: 1, read: (view, at) => view.getUint8(at) }],
  [5, { bytes: 2, read: (view, at) => view.getInt16(at, true) }],
  [6, { bytes: 1, read: (view, at) => view.getInt8(at) }],
  [9, { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) }],
  [10, { bytes: 1, read: (view, at) => view.getUint8(at) }],
  [BFLOAT16, { bytes: 2, read: (view, at) => bfloat16(view.getUint16(at, true)) }],
  [17, { bytes: 2, read: (view, at) => view.getUint16(at, true) }],
  [HALF, { bytes: 2, read: (view, at) => float16(view.getUint16(at, true)) }],
  [22, { bytes: 4, read: (view, at) => view.getUint32(at, true) }],
  [23, { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) }],
]);

// Histograms have some 30 bins, at most thousands; what is larger is an image or an embedding.
const MAX_NUMBERS = 100_000;

/** The tensor at a place. Throws what the protobuf reader throws. */
export function readTensor(pbf: PbfReader, { start, end }: FieldPlace): LoggedTensor {
  pbf.pos = start;
  let type = 0;
  let shape: number[] = [];
  let content: Uint8Array | null = null;
  const fields: FoundNumbers = { numbers: [], place: nowhere() };
  let text: Uint8Array | null = null;
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    if (field === 1) {
      type = pbf.readVarint();
    } else if (field === 2) {
      shape = readShape(pbf, pbf.readVarint() + pbf.pos);
    } else if (field === 4) {
      content = pbf.readBytes();
    } else if (field === 8) {
      text ??= pbf.readBytes();
    } else {
      readValues(pbf, { field, end }, fields);
    }
  }
  const stored = content === null || content.length === 0 ? widened(fields, type) : numbersIn(pbf, content, type);
  return { shape, ...stored, text };
}

/** `TensorShapeProto`: the size of each dimension. */
function readShape(pbf: PbfReader, end: number): number[] {
  const shape: number[] = [];
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    if (field === 2) {
      shape.push(readSize(pbf, pbf.readVarint() + pbf.pos));
    }
  }
  return shape;
}

function readSize(pbf: PbfReader, end: number): number {
  let size = 0;
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    if (field === 1) {
      size = pbf.readVarint(true);
    }
  }
  return size;
}

interface FoundNumbers {
  readonly numbers: number[];
  readonly place: FieldPlace;
}

/** A field of numbers, packed or one by one. */
function readValues(pbf: PbfReader, { field, end }: { field: number; end: number }, found: FoundNumbers): void {
  const read = VALUE_FIELDS.get(field);
  if (read === undefined) {
    return;
  }
  const valuesEnd = pbf.readPackedEnd();
  checkWithin(valuesEnd, end);
  while (pbf.pos < valuesEnd && found.numbers.length < MAX_NUMBERS) {
    found.place.start = pbf.pos;
    found.numbers.push(read(pbf));
    found.place.end = field === FLOATS || field === DOUBLES ? pbf.pos : 0;
  }
  pbf.pos = Math.max(pbf.pos, pbf.type === 2 ? valuesEnd : pbf.pos);
}

const varint = (pbf: PbfReader): number => pbf.readVarint(true);
const unsigned = (pbf: PbfReader): number => pbf.readVarint();

const FLOATS = 5;
const DOUBLES = 6;
// float, double, int, int64, bool, half, uint32 and uint64 of TensorProto.
const VALUE_FIELDS: ReadonlyMap<number, (pbf: PbfReader) => number> = new Map([
  [FLOATS, (pbf) => pbf.readFloat()],
  [DOUBLES, (pbf) => pbf.readDouble()],
  [7, varint],
  [10, varint],
  [11, unsigned],
  [13, unsigned],
  [16, unsigned],
  [17, unsigned],
]);

function numbersIn(pbf: PbfReader, content: Uint8Array, type: number): StoredNumbers {
  const element = ELEMENT_TYPES.get(type);
  if (element === undefined) {
    return { numbers: [], place: nowhere() };
  }
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const length = Math.min(MAX_NUMBERS, Math.floor(content.length / element.bytes));
  const numbers = Array.from({ length }, (_, index) => element.read(view, index * element.bytes));
  const end = content.byteOffset - pbf.buf.byteOffset + length * element.bytes;
  return { numbers, place: type === FLOAT || type === DOUBLE ? { start: end - element.bytes, end } : nowhere() };
}

/** Halves are stored as integers. */
function widened({ numbers, place }: FoundNumbers, type: number): StoredNumbers {
  return type === BFLOAT16 || type === HALF
    ? { numbers: numbers.map(type === HALF ? float16 : bfloat16), place: nowhere() }
    : { numbers, place };
}

function bfloat16(bits: number): number {
  WORD.setUint32(0, (bits << 16) >>> 0);
  return WORD.getFloat32(0);
}

const WORD = new DataView(new ArrayBuffer(4));

function float16(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) {
    return fraction === 0 ? sign * Infinity : Number.NaN;
  }
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
