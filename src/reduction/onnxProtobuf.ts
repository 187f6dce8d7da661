/** Writes the few Protocol Buffers wire types that an ONNX model needs (protobuf.dev, "Encoding"). */

/** One encoded field; a message is its fields one after the other. */
export type Field = readonly number[];

const VARINT = 0;
const LENGTH_DELIMITED = 2;

export function integerField(number: number, value: number): Field {
  return [...varint(number * 8 + VARINT), ...varint(value)];
}

export function textField(number: number, text: string): Field {
  return bytesField(number, new TextEncoder().encode(text));
}

export function messageField(number: number, fields: readonly Field[]): Field {
  return bytesField(number, fields.flat());
}

function bytesField(number: number, bytes: Iterable<number>): Field {
  const content = Array.from(bytes);
  return [...varint(number * 8 + LENGTH_DELIMITED), ...varint(content.length), ...content];
}

/** Seven bits a byte, lowest first, the top bit set on all but the last. Non-negative integers only. */
function varint(value: number): number[] {
  const bytes = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}
