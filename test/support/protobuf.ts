import { concat } from "./safetensors.ts";

/** A protobuf message of fields, in the order given. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  return concat(fields);
}

export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) {
    bytes.push(Number(rest & 127n) | 128);
  }
  return Uint8Array.of(...bytes, Number(rest));
}

export function varintField(number: number, value: number | bigint): Uint8Array {
  return concat([varint(number * 8), varint(value)]);
}

export function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function textField(number: number, text: string): Uint8Array {
  return bytesField(number, new TextEncoder().encode(text));
}

export function fixed32Field(number: number, bytes: Uint8Array): Uint8Array {
  return concat([varint(number * 8 + 5), bytes]);
}
