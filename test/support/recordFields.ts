/** Fields of a protobuf message, written as its specification says. Messages are fields joined with `message`. */
export function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

export function varintField(field: number, value: number | bigint): Buffer {
  return Buffer.concat([key(field, 0), varint(BigInt(value))]);
}

export function bytesField(field: number, value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([key(field, 2), varint(BigInt(bytes.length)), bytes]);
}

export function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, 5), bytes]);
}

export function doubleField(field: number, value: number): Buffer {
  return Buffer.concat([key(field, 1), doubles([value])]);
}

export function doubles(values: readonly number[]): Buffer {
  return Buffer.from(Float64Array.from(values).buffer);
}

export function varints(values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => varint(BigInt(value))));
}

function key(field: number, wireType: number): Buffer {
  return varint((BigInt(field) << 3n) | BigInt(wireType));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
  return Buffer.from([...bytes, Number(rest)]);
}
