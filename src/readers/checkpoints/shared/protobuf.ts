/** A field of a protobuf message: its number, and where its value lies in the bytes. */
export interface ProtobufField {
  readonly number: number;
  readonly wire: "varint" | "fixed64" | "bytes" | "fixed32";
  /** Of a varint, if it is 0 to 2^53 - 1; negative ones are larger. */
  readonly value: number | undefined;
  /** After tag and length, in the bytes. */
  readonly start: number;
  /** May be past the bytes. */
  readonly end: number;
}

/** `cut`: the bytes end inside the field's head. `wrong`: this is no protobuf. */
export type FieldOutcome = ProtobufField | "cut" | "wrong";

/** The most bytes that a tag and a length take. */
export const MAX_FIELD_HEAD = 20;

/** The field whose tag starts at a byte. */
export function fieldAt(bytes: Uint8Array, at: number): FieldOutcome {
  const tag = varintAt(bytes, at);
  if (typeof tag === "string") {
    return tag;
  }
  const { value = 0, end: start } = tag;
  const number = Math.floor(value / 8);
  const wire = WIRES[value % 8];
  if (wire === undefined || number === 0 || number > MAX_NUMBER) {
    return "wrong";
  }
  switch (wire) {
    case "fixed32":
      return { number, wire, value: undefined, start, end: start + 4 };
    case "fixed64":
      return { number, wire, value: undefined, start, end: start + 8 };
    case "varint": {
      const varint = varintAt(bytes, start);
      return typeof varint === "string" ? varint : { number, wire, value: varint.value, start, end: varint.end };
    }
    case "bytes":
      return bytesField(number, varintAt(bytes, start));
  }
}

function bytesField(number: number, length: Varint | "cut" | "wrong"): FieldOutcome {
  if (typeof length === "string") {
    return length;
  }
  const { value: size = MAX_MESSAGE_BYTES + 1, end: start } = length;
  return size > MAX_MESSAGE_BYTES ? "wrong" : { number, wire: "bytes", value: undefined, start, end: start + size };
}

/** Protobuf's own limit: sizes are signed numbers of 32 bits. */
export const MAX_MESSAGE_BYTES = 2 ** 31 - 1;
const MAX_NUMBER = 2 ** 29 - 1;

const WIRES: readonly (ProtobufField["wire"] | undefined)[] = [
  "varint",
  "fixed64",
  "bytes",
  undefined,
  undefined,
  "fixed32",
];

export interface Varint {
  /** Undefined past 2^53 - 1. */
  readonly value: number | undefined;
  readonly end: number;
}

const MAX_VARINT_BYTES = 10;

/** The base-128 number that starts at a byte, lowest digits first. */
export function varintAt(bytes: Uint8Array, at: number): Varint | "cut" | "wrong" {
  let value = 0;
  let place = 1;
  for (let index = at; index < at + MAX_VARINT_BYTES; index += 1) {
    const byte = bytes[index];
    if (byte === undefined) {
      return "cut";
    }
    value += (byte & 0x7f) * place;
    place *= 128;
    if (byte < 0x80) {
      return { value: Number.isSafeInteger(value) ? value : undefined, end: index + 1 };
    }
  }
  return "wrong";
}

/** All fields of a message in memory; undefined when it is not one. */
export function parseMessage(bytes: Uint8Array): readonly ProtobufField[] | undefined {
  const fields: ProtobufField[] = [];
  for (let at = 0; at < bytes.length;) {
    const field = fieldAt(bytes, at);
    if (typeof field === "string" || field.end > bytes.length) {
      return undefined;
    }
    fields.push(field);
    at = field.end;
  }
  return fields;
}
