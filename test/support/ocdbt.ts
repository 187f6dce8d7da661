import { zstdCompressSync } from "node:zlib";

import { crc32c } from "#readers/crc32c.ts";
import { MANIFEST_MAGIC, NODE_MAGIC } from "#readers/checkpoints/orbax/ocdbtRecord.ts";

import { concat } from "./safetensors.ts";

/** A value in a node, or where it lies in a file. */
export type Value = Uint8Array | { readonly file: string; readonly offset: number; readonly length: number };

export interface Child {
  readonly key: string;
  /** Letters of the key that all keys below start with; the child does not store them. */
  readonly common?: number;
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** A record with its frame: magic, length, version, compression, body, checksum. */
export function record(magic: number, body: Uint8Array, isCompressed = false): Uint8Array {
  const stored = isCompressed ? zstdCompressSync(body) : body;
  const head = new DataView(new ArrayBuffer(14));
  head.setUint32(0, magic);
  head.setBigUint64(4, BigInt(stored.length + 18), true);
  head.setUint8(13, isCompressed ? 1 : 0);
  const bytes = concat([new Uint8Array(head.buffer), stored]);
  const checksum = new DataView(new ArrayBuffer(4));
  checksum.setUint32(0, crc32c(bytes), true);
  return concat([bytes, new Uint8Array(checksum.buffer)]);
}

export interface Root {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  readonly height?: number;
  /** Letters of the file's name that are its folder, from where the files it names are. */
  readonly base?: number;
}

/** A manifest with one version before the given one, which must not be looked at. */
export function manifest(root: Root, isNumbered = false): Uint8Array {
  const { file, offset, length, height = 0, base = 0 } = root;
  return record(
    MANIFEST_MAGIC,
    concat([
      config(isNumbered),
      files([{ name: file, base }]),
      varints([2, 1, 2]),
      Uint8Array.of(0, height),
      varints([0, 0, 1e9, offset, 99, length, 5, 5, 5, 5, 5, 5]),
      new Uint8Array(16),
      varints([0]),
    ]),
    true,
  );
}

/** A manifest that only says where the numbered ones are. */
export function manifestOfNumbered(): Uint8Array {
  return record(MANIFEST_MAGIC, config(true));
}

function config(isNumbered: boolean): Uint8Array {
  return concat([new Uint8Array(16), varints([isNumbered ? 1 : 0, 1024, 1e8, 4, 1]), Uint8Array.of(3, 0, 0, 0)]);
}

/** The body of a leaf; keys are relative to its place in the tree and in order. */
export function leafBody(values: Readonly<Record<string, Value>>): Uint8Array {
  const keys = Object.keys(values).map(inBytes);
  const all = Object.values(values);
  const indirect = all.flatMap((value) => (value instanceof Uint8Array ? [] : [value]));
  const names = [...new Set(indirect.map(({ file }) => file))];
  return concat([
    Uint8Array.of(0),
    files(names.map((name) => ({ name, base: 0 }))),
    prefixed(keys),
    Buffer.from(suffixesOf(keys).join(""), "latin1"),
    varints(all.map(({ length }) => length)),
    varints(all.map((value) => (value instanceof Uint8Array ? 0 : 1))),
    varints(indirect.map(({ file }) => names.indexOf(file))),
    varints(indirect.map(({ offset }) => offset)),
    ...all.filter((value) => value instanceof Uint8Array),
  ]);
}

export function interiorBody(height: number, children: readonly Child[]): Uint8Array {
  const keys = children.map(({ key }) => inBytes(key));
  const names = [...new Set(children.map(({ file }) => file))];
  return concat([
    Uint8Array.of(height),
    files(names.map((name) => ({ name, base: 0 }))),
    prefixed(keys),
    varints(children.map(({ common = 0 }) => common)),
    Buffer.from(suffixesOf(keys).join(""), "latin1"),
    varints(children.map(({ file }) => names.indexOf(file))),
    varints(children.map(({ offset }) => offset)),
    varints(children.map(({ length }) => length)),
    varints(children.flatMap(() => [1, 1, 1])),
  ]);
}

export function node(body: Uint8Array, isCompressed = true): Uint8Array {
  return record(NODE_MAGIC, body, isCompressed);
}

export function varints(values: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (const value of values) {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) {
      bytes.push((rest % 128) + 128);
    }
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

function files(list: readonly { readonly name: string; readonly base: number }[]): Uint8Array {
  const names = list.map(({ name }) => name);
  return concat([
    varints([list.length]),
    lengths(names),
    varints(list.map(({ base }) => base)),
    new TextEncoder().encode(suffixesOf(names).join("")),
  ]);
}

/** A letter for each byte of UTF-8: lengths are in bytes. */
function inBytes(key: string): string {
  return Buffer.from(key).toString("latin1");
}

function prefixed(keys: readonly string[]): Uint8Array {
  return concat([varints([keys.length]), lengths(keys)]);
}

function lengths(texts: readonly string[]): Uint8Array {
  const prefixes = texts.slice(1).map((text, at) => commonLength(texts[at] ?? "", text));
  return concat([varints(prefixes), varints(suffixesOf(texts).map(({ length }) => length))]);
}

function suffixesOf(texts: readonly string[]): string[] {
  return texts.map((text, at) => text.slice(at === 0 ? 0 : commonLength(texts[at - 1] ?? "", text)));
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) {
    length += 1;
  }
  return length;
}
