import { concat } from "./safetensors.ts";

/** A value of MessagePack as a test writes it; bytes stand for themselves. */
export type Packed =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Packed[]
  | { readonly [key: string]: Packed };

/** The shortest form of numbers and texts, and the long one of maps and lists. */
export function pack(value: Packed): Uint8Array {
  if (value === null || typeof value === "boolean") {
    return Uint8Array.of(value === null ? 0xc0 : value ? 0xc3 : 0xc2);
  }
  if (typeof value === "number") {
    return packNumber(value);
  }
  if (typeof value === "string") {
    const text = new TextEncoder().encode(value);
    return concat([text.length < 32 ? Uint8Array.of(0xa0 + text.length) : lead(0xdb, 4, text.length), text]);
  }
  if (value instanceof Uint8Array) {
    return value;
  }
  if (Array.isArray(value)) {
    const items: readonly Packed[] = value;
    return concat([lead(0xdd, 4, items.length), ...items.map(pack)]);
  }
  return packMap(Object.entries(value));
}

/** A map whose keys may come twice. */
export function packMap(entries: readonly (readonly [string, Packed])[]): Uint8Array {
  const start = entries.length < 16 ? Uint8Array.of(0x80 + entries.length) : lead(0xdf, 4, entries.length);
  return concat([start, ...entries.flatMap(([key, item]) => [pack(key), pack(item)])]);
}

function packNumber(value: number): Uint8Array {
  const bytes = new Uint8Array(9);
  const view = new DataView(bytes.buffer);
  if (!Number.isInteger(value)) {
    bytes[0] = 0xcb;
    view.setFloat64(1, value);
    return bytes;
  }
  if (value >= 0 && value < 128) {
    return Uint8Array.of(value);
  }
  bytes[0] = 0xd3;
  view.setBigInt64(1, BigInt(value));
  return bytes;
}

export function packBin(bytes: Uint8Array): Uint8Array {
  return concat([lead(0xc6, 4, bytes.length), bytes]);
}

export function packExt(type: number, payload: Uint8Array): Uint8Array {
  return concat([lead(0xc9, 4, payload.length), Uint8Array.of(type), payload]);
}

/** An array as flax.serialization writes it; extension 3 is a NumPy scalar. */
export function packArray(shape: readonly number[], dtype: string, data: Uint8Array, type = 1): Uint8Array {
  return packExt(type, pack([shape, dtype, packBin(data)]));
}

function lead(code: number, width: 1 | 2 | 4, value: number): Uint8Array {
  const bytes = new Uint8Array(1 + width);
  bytes[0] = code;
  new DataView(bytes.buffer).setUint32(1, value);
  return bytes;
}
