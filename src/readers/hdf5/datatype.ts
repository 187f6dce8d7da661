import { type DType, isDType } from "#core/dtype.ts";
import { t } from "@vscode/l10n";

import { type Cursor, skip, takeBytes, takeNumber } from "./records.ts";
import { damaged, notSupported } from "./refusal.ts";

/** What the elements of a dataset are. */
export type Datatype =
  | {
      readonly kind: "number";
      readonly dtype: DType;
      /** Bytes of an element. */
      readonly bytes: number;
      /** Bytes of the numbers in it that are the other way round; 0 for none. */
      readonly bigEndianBytes: number;
      /** Dimensions of an element that is an array itself. */
      readonly shape: readonly number[];
    }
  | {
      readonly kind: "text";
      readonly bytes: number;
      /** The text lies in a heap, and the element says where. */
      readonly isInHeap: boolean;
    }
  /** Bytes that the file gives no meaning, such as bfloat16 as h5py writes it. */
  | { readonly kind: "opaque"; readonly bytes: number }
  | { readonly kind: "other"; readonly bytes: number; readonly what: string };

const OTHERS: ReadonlyMap<number, () => string> = new Map([
  [2, () => t("times")],
  [4, () => t("bit fields")],
  [7, () => t("references")],
]);

// Arrays of records of arrays: nobody nests them deeper, and a bomb would overflow the stack.
const MAX_DEPTH = 16;

export function parseDatatype(cursor: Cursor, depth = 0): Datatype {
  const classAndVersion = takeNumber(cursor, 1);
  const bits = takeNumber(cursor, 3);
  const bytes = takeNumber(cursor, 4);
  const head: TypeHead = { version: classAndVersion >> 4, bits, bytes };
  if (depth > MAX_DEPTH) {
    throw damaged(cursor.offset, t("A type is nested deeper than {0}.", MAX_DEPTH));
  }
  const parse = CLASSES.get(classAndVersion & 0xf);
  return parse === undefined
    ? { kind: "other", bytes, what: OTHERS.get(classAndVersion & 0xf)?.() ?? t("elements of an unknown class") }
    : parse(cursor, head, depth);
}

type ParseClass = (cursor: Cursor, head: TypeHead, depth: number) => Datatype;

const CLASSES: ReadonlyMap<number, ParseClass> = new Map<number, ParseClass>([
  [0, integer],
  [1, float],
  [3, (_, { bytes }) => ({ kind: "text", bytes, isInHeap: false })],
  [5, (_, { bytes }) => ({ kind: "opaque", bytes })],
  [6, compound],
  [8, enumeration],
  [9, variable],
  [10, array],
  [11, (cursor, { bytes }, depth) => complexOf(parseDatatype(cursor, depth + 1), bytes)],
]);

function variable(_: Cursor, { bits, bytes }: TypeHead): Datatype {
  return (bits & 0xf) === 1
    ? { kind: "text", bytes, isInHeap: true }
    : { kind: "other", bytes, what: t("lists of different lengths") };
}

interface TypeHead {
  readonly version: number;
  /** The class's own 24 flags. */
  readonly bits: number;
  readonly bytes: number;
}

function numberOf(name: string, { bytes, bits }: TypeHead): Datatype {
  const bigEndianBytes = (bits & 1) === 1 && bytes > 1 ? bytes : 0;
  return isDType(name)
    ? { kind: "number", dtype: name, bytes, bigEndianBytes, shape: [] }
    : { kind: "other", bytes, what: t("numbers of type {0}", name) };
}

function integer(cursor: Cursor, head: TypeHead): Datatype {
  const { bytes, bits } = head;
  const firstBit = takeNumber(cursor, 2);
  const precision = takeNumber(cursor, 2);
  return firstBit === 0 && precision === 8 * bytes
    ? numberOf(`${(bits & 8) === 0 ? "U" : "I"}${8 * bytes}`, head)
    : { kind: "other", bytes, what: t("integers of {0} bits in {1} bytes", precision, bytes) };
}

/** Sign, exponent and fraction by their places, as IEEE 754 and the machine learning types have them. */
const FLOATS: ReadonlyMap<string, string> = new Map([
  ["64: 52+11, 0+52, 1023", "F64"],
  ["32: 23+8, 0+23, 127", "F32"],
  ["16: 10+5, 0+10, 15", "F16"],
  ["16: 7+8, 0+7, 127", "BF16"],
  ["8: 3+4, 0+3, 7", "F8_E4M3"],
  ["8: 2+5, 0+2, 15", "F8_E5M2"],
]);

function float(cursor: Cursor, head: TypeHead): Datatype {
  const firstBit = takeNumber(cursor, 2);
  const precision = takeNumber(cursor, 2);
  const [exponentAt = 0, exponentBits = 0, fractionAt = 0, fractionBits = 0] = takeBytes(cursor, 4);
  const bias = takeNumber(cursor, 4);
  const form = `${precision}: ${exponentAt}+${exponentBits}, ${fractionAt}+${fractionBits}, ${bias}`;
  const name = FLOATS.get(form);
  // Bit 6 with bit 0 is the byte order of the VAX, neither one nor the other.
  return name !== undefined && firstBit === 0 && precision === 8 * head.bytes && (head.bits & 0x40) === 0
    ? numberOf(name, head)
    : {
        kind: "other",
        bytes: head.bytes,
        what: t("floating-point numbers of {0} bits in a form of their own", precision),
      };
}

/** Complex numbers are records of two equal floats, as h5py writes them; other records are none of ours. */
function compound(cursor: Cursor, { version, bits, bytes }: TypeHead, depth: number): Datatype {
  const members: { readonly offset: number; readonly type: Datatype }[] = [];
  for (let count = bits & 0xffff; count > 0; count -= 1) {
    skipName(cursor, version);
    const offset = takeNumber(cursor, version >= 3 ? widthOf(bytes) : 4);
    skip(cursor, version === 1 ? OLD_ARRAY_BYTES : 0);
    members.push({ offset, type: parseDatatype(cursor, depth + 1) });
  }
  const [first, second] = members;
  const isPair = members.length === 2 && first?.offset === 0 && second?.offset === bytes / 2;
  return isPair && JSON.stringify(first.type) === JSON.stringify(second.type)
    ? complexOf(first.type, bytes)
    : { kind: "other", bytes, what: t("records of several fields") };
}

// Members of version 1 could be arrays: rank, reserved, order, four sizes.
const OLD_ARRAY_BYTES = 28;

function complexOf(part: Datatype, bytes: number): Datatype {
  const isPair = part.kind === "number" && part.shape.length === 0 && part.bytes * 2 === bytes;
  const name = isPair ? COMPLEX.get(part.dtype) : undefined;
  return isPair && name !== undefined && isDType(name)
    ? { ...part, dtype: name, bytes }
    : { kind: "other", bytes, what: t("records of several fields") };
}

const COMPLEX: ReadonlyMap<DType, string> = new Map([
  ["F32", "C64"],
  ["F64", "C128"],
]);

/** h5py writes booleans as an enumeration of FALSE and TRUE; other enumerations are numbers. */
function enumeration(cursor: Cursor, { version, bits, bytes }: TypeHead, depth: number): Datatype {
  const base = parseDatatype(cursor, depth + 1);
  const names = Array.from({ length: Math.min(bits & 0xffff, 2) }, () => skipName(cursor, version));
  const isBoolean = (bits & 0xffff) === 2 && names.join() === "FALSE,TRUE" && bytes === 1;
  return isBoolean && base.kind === "number" ? { ...base, dtype: "BOOL" } : base;
}

function array(cursor: Cursor, { version, bytes }: TypeHead, depth: number): Datatype {
  const rank = takeNumber(cursor, 1);
  skip(cursor, version < 3 ? 3 : 0);
  const shape = Array.from({ length: rank }, () => takeNumber(cursor, 4));
  skip(cursor, version < 3 ? 4 * rank : 0);
  const base = parseDatatype(cursor, depth + 1);
  if (base.kind !== "number") {
    return { kind: "other", bytes, what: t("arrays of elements that are no numbers") };
  }
  if (shape.reduce((product, size) => product * size, base.bytes) !== bytes) {
    throw notSupported(t("arrays in elements, of a size that is not theirs"));
  }
  return { ...base, bytes, shape: [...shape, ...base.shape] };
}

/** A name that ends with a zero; before version 3 filled up to a multiple of eight bytes. */
function skipName(cursor: Cursor, version: number): string {
  const end = cursor.bytes.indexOf(0, cursor.position);
  if (end < 0) {
    throw damaged(cursor.offset + cursor.position, t("A name in a type does not end."));
  }
  const length = end - cursor.position + 1;
  const name = takeBytes(cursor, version < 3 ? Math.ceil(length / 8) * 8 : length);
  return String.fromCodePoint(...name.subarray(0, Math.min(length - 1, SHOWN_NAME)));
}

const SHOWN_NAME = 16;

/** The fewest bytes a member's place takes. */
function widthOf(bytes: number): number {
  return Math.floor(Math.log2(Math.max(1, bytes)) / 8) + 1;
}
