import { concat } from "./safetensors.ts";
import { u32 } from "./zip.ts";

/** A value to pickle: arrays are tuples, plain objects and maps are dicts, numbers are whole. */
export type Pickled =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Pickled[]
  | { readonly [name: string]: Pickled }
  | ReadonlyMap<Pickled, Pickled>
  | Written;

/** Opcodes that leave one value on the stack. */
export class Written {
  readonly bytes: Uint8Array;

  constructor(...parts: readonly (string | Uint8Array)[]) {
    this.bytes = concat(parts.map((part) => (typeof part === "string" ? latin1(part) : part)));
  }
}

/** A whole pickle of protocol 2. */
export function pickle(value: Pickled): Uint8Array {
  return concat([Uint8Array.of(0x80, 2), bytesOfValue(value), latin1(".")]);
}

/** Characters up to U+00FF as bytes: opcodes as they are written. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
}

export function name(module: string, own: string): Written {
  return new Written(`c${module}\n${own}\n`);
}

export function list(items: readonly Pickled[]): Written {
  return new Written("](", ...items.map(bytesOfValue), "e");
}

export function call(callable: Written, args: readonly Pickled[]): Written {
  return new Written(callable.bytes, bytesOfValue(args), "R");
}

export function built(object: Written, state: Pickled): Written {
  return new Written(object.bytes, bytesOfValue(state), "b");
}

export function persistent(id: Pickled): Written {
  return new Written(bytesOfValue(id), "Q");
}

export function float(value: number): Written {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return new Written("G", bytes);
}

function bytesOfValue(value: Pickled): Uint8Array {
  if (value instanceof Written) {
    return value.bytes;
  }
  if (value === null || typeof value === "boolean") {
    return latin1(value === null ? "N" : value ? "\x88" : "\x89");
  }
  if (typeof value === "number") {
    return Math.abs(value) < 2 ** 31 ? concat([latin1("J"), u32(value)]) : latin1(`L${value}L\n`);
  }
  if (typeof value === "string") {
    const text = new TextEncoder().encode(value);
    return concat([latin1("X"), u32(text.length), text]);
  }
  if (value instanceof Uint8Array) {
    return concat([latin1("B"), u32(value.length), value]);
  }
  return bytesOfContainer(value);
}

function bytesOfContainer(
  value: readonly Pickled[] | { readonly [name: string]: Pickled } | ReadonlyMap<Pickled, Pickled>,
): Uint8Array {
  if (isTuple(value)) {
    return concat([latin1("("), ...value.map(bytesOfValue), latin1("t")]);
  }
  const pairs = value instanceof Map ? Array.from(value) : Object.entries(value);
  return concat([latin1("}("), ...pairs.flat().map((item: Pickled) => bytesOfValue(item)), latin1("u")]);
}

function isTuple(value: Pickled): value is readonly Pickled[] {
  return Array.isArray(value);
}
