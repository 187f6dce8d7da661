import { deflateSync } from "node:zlib";

import { concat } from "./safetensors.ts";
import { u16, u32, u64 } from "./zip.ts";

export interface TestDataset {
  /** `<f4`, `>f8`, `|i1` …, `bfloat16`, `opaque2`, `text4`, or the bytes of a datatype message. */
  readonly type: string | Uint8Array;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
  /** Of the chunks; missing: in one piece. */
  readonly chunk?: readonly number[];
  readonly filters?: readonly ("shuffle" | "deflate")[];
  /** Places in the grid of chunks that are left out. */
  readonly missing?: readonly string[];
  readonly fillValue?: Uint8Array;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Where its one piece is said to be, instead of its data. */
  readonly claims?: { readonly address: number; readonly bytes: number };
  /** Messages of any kind besides. */
  readonly messages?: readonly Uint8Array[];
}

export interface TestGroup {
  readonly children: Readonly<Record<string, TestNode>>;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A link within the file has no target of its own; `alias` is a second name for another node. */
export type TestNode = TestDataset | TestGroup | { readonly soft: string } | { readonly alias: string };

const NOWHERE = new Uint8Array(8).fill(255);

/** A file as HDF5's first version lays it out, which is what Keras has: superblock 0, symbol tables, old headers. */
export function hdf5File(root: TestGroup): Uint8Array {
  const file = createFile();
  const address = writeGroup(file, root, "");
  file.patch(0, superblock(address, file.length()));
  return file.bytes();
}

interface Draft {
  readonly add: (bytes: Uint8Array) => number;
  readonly patch: (at: number, bytes: Uint8Array) => void;
  readonly length: () => number;
  readonly bytes: () => Uint8Array;
  /** Addresses by path. */
  readonly known: Map<string, number>;
}

function createFile(): Draft {
  const pieces: Uint8Array[] = [new Uint8Array(SUPERBLOCK_BYTES)];
  let length = SUPERBLOCK_BYTES;
  return {
    known: new Map(),
    length: () => length,
    bytes: () => concat(pieces),
    add(bytes) {
      const address = length;
      const piece = padded(bytes);
      pieces.push(piece);
      length += piece.length;
      return address;
    },
    patch: (at, bytes) => pieces[0]?.set(bytes, at),
  };
}

const SUPERBLOCK_BYTES = 96;
const SIGNATURE = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

function superblock(root: number, end: number): Uint8Array {
  return concat([
    SIGNATURE,
    Uint8Array.of(0, 0, 0, 0, 0, 8, 8, 0),
    u16(4),
    u16(16),
    u32(0),
    u64(0),
    NOWHERE,
    u64(end),
    NOWHERE,
    u64(0),
    u64(root),
    u32(0),
    u32(0),
    new Uint8Array(16),
  ]);
}

function writeGroup(file: Draft, { children, attributes = {} }: TestGroup, path: string): number {
  const names: Uint8Array[] = [new Uint8Array(8)];
  const symbols: Uint8Array[] = [];
  let nameAt = 8;
  for (const [name, node] of Object.entries(children)) {
    const text = padded(new TextEncoder().encode(`${name}\0`));
    const address = writeNode(file, node, path === "" ? name : `${path}/${name}`);
    const cached = address === undefined ? 2 : 0;
    symbols.push(
      concat([u64(nameAt), address === undefined ? NOWHERE : u64(address), u32(cached), new Uint8Array(20)]),
    );
    names.push(text);
    nameAt += text.length;
  }
  const heapData = file.add(concat(names));
  const heap = file.add(concat([ascii("HEAP"), u32(0), u64(nameAt), u64(1), u64(heapData)]));
  const table = file.add(concat([ascii("SNOD"), Uint8Array.of(1, 0), u16(symbols.length), ...symbols]));
  const tree = file.add(treeNode({ type: 0, level: 0, entries: [{ key: u64(0), child: table }] }, u64(0)));
  return writeHeader(file, [message(0x11, concat([u64(tree), u64(heap)])), ...attributeMessages(attributes)]);
}

function writeNode(file: Draft, node: TestNode, path: string): number | undefined {
  if ("soft" in node) {
    return undefined;
  }
  if ("alias" in node) {
    return file.known.get(node.alias);
  }
  const address = "children" in node ? writeGroup(file, node, path) : writeDataset(file, node);
  file.known.set(path, address);
  return address;
}

export interface TestTree {
  readonly type: number;
  readonly level: number;
  readonly entries: readonly { readonly key: Uint8Array; readonly child: number }[];
}

/** A node of a B-tree of version 1. */
export function treeNode({ type, level, entries }: TestTree, lastKey: Uint8Array): Uint8Array {
  const pairs = entries.flatMap(({ key, child }) => [key, u64(child)]);
  return concat([ascii("TREE"), Uint8Array.of(type, level), u16(entries.length), NOWHERE, NOWHERE, ...pairs, lastKey]);
}

function writeDataset(file: Draft, dataset: TestDataset): number {
  const { type, shape, filters = [], fillValue, attributes = {}, messages = [] } = dataset;
  const datatype = typeof type === "string" ? datatypeOf(type) : type;
  const elementBytes = new DataView(datatype.buffer, datatype.byteOffset).getUint32(4, true);
  const layout = dataset.chunk === undefined ? contiguous(file, dataset) : chunked(file, dataset, elementBytes);
  return writeHeader(file, [
    message(1, concat([Uint8Array.of(1, shape.length, 0, 0), u32(0), ...shape.map(u64)])),
    message(3, datatype),
    ...(fillValue === undefined
      ? []
      : [message(5, concat([Uint8Array.of(2, 2, 2, 1), u32(fillValue.length), fillValue]))]),
    message(8, layout),
    ...(filters.length === 0 ? [] : [message(0x0b, pipeline(filters, elementBytes))]),
    ...attributeMessages(attributes),
    ...messages,
  ]);
}

function contiguous(file: Draft, { data, claims }: TestDataset): Uint8Array {
  const address = data.length === 0 ? NOWHERE : u64(claims?.address ?? file.add(data));
  return concat([Uint8Array.of(3, 1), address, u64(claims?.bytes ?? data.length)]);
}

function chunked(file: Draft, dataset: TestDataset, elementBytes: number): Uint8Array {
  const { shape, chunk = [], missing = [] } = dataset;
  const grid = shape.map((size, axis) => Math.ceil(size / (chunk[axis] ?? 1)));
  const entries = placesIn(grid)
    .filter((at) => !missing.includes(at.join()))
    .map((at) => {
      const first = at.map((place, axis) => place * (chunk[axis] ?? 1));
      const bytes = filtered(cut(dataset, first, elementBytes), dataset.filters ?? [], elementBytes);
      return { key: concat([u32(bytes.length), u32(0), ...first.map(u64), u64(0)]), child: file.add(bytes) };
    });
  const last = concat([u32(0), u32(0), ...shape.map(u64), u64(0)]);
  const tree = entries.length === 0 ? NOWHERE : u64(file.add(treeNode({ type: 1, level: 0, entries }, last)));
  return concat([Uint8Array.of(3, 2, chunk.length + 1), tree, ...chunk.map(u32), u32(elementBytes)]);
}

/** Row-major. */
function placesIn(grid: readonly number[]): number[][] {
  return grid.reduce<number[][]>(
    (places, count) => places.flatMap((place) => Array.from({ length: count }, (_, at) => [...place, at])),
    [[]],
  );
}

/** The elements of a chunk; beyond the edge of the dataset 0x55, which must not be counted. */
function cut({ shape, data, chunk = [] }: TestDataset, first: readonly number[], elementBytes: number): Uint8Array {
  return concat(
    placesIn(chunk).map((inside) => {
      const at = inside.map((place, axis) => place + (first[axis] ?? 0));
      const index = at.reduce((sum, place, axis) => sum * (shape[axis] ?? 1) + place, 0);
      const isInside = at.every((place, axis) => place < (shape[axis] ?? 0));
      const start = index * elementBytes;
      return isInside ? data.subarray(start, start + elementBytes) : new Uint8Array(elementBytes).fill(0x55);
    }),
  );
}

function filtered(bytes: Uint8Array, filters: readonly string[], elementBytes: number): Uint8Array {
  return filters.reduce(
    (done, filter) => (filter === "deflate" ? deflateSync(done) : shuffled(done, elementBytes)),
    bytes,
  );
}

/** All first bytes of the elements, then all second ones. */
export function shuffled(bytes: Uint8Array, elementBytes: number): Uint8Array {
  const elements = bytes.length / elementBytes;
  return bytes.map((_, at) => bytes[(at % elements) * elementBytes + Math.floor(at / elements)] ?? 0);
}

function pipeline(filters: readonly string[], elementBytes: number): Uint8Array {
  const encoded = filters.map((filter) =>
    concat([
      u16(filter === "deflate" ? 1 : 2),
      u16(0),
      u16(0),
      u16(1),
      u32(filter === "deflate" ? 4 : elementBytes),
      u32(0),
    ]),
  );
  return concat([Uint8Array.of(1, filters.length), new Uint8Array(6), ...encoded]);
}

/** Class, version, flags, size, then what the class adds. */
function datatypeOf(type: string): Uint8Array {
  const bytes = type.endsWith("bfloat16") ? 2 : Number(/\d+$/.exec(type)?.[0]);
  const isBig = type.startsWith(">") ? 1 : 0;
  if (type.startsWith("opaque")) {
    return concat([Uint8Array.of(0x15, 0, 0, 0), u32(bytes)]);
  }
  if (type.startsWith("text")) {
    return concat([Uint8Array.of(0x13, 0, 0, 0), u32(bytes)]);
  }
  const form = FLOATS[type.replace(/[<>]/, "")];
  if (form !== undefined) {
    const [sign, exponentAt, exponentBits, fractionBits, bias] = form;
    const places = Uint8Array.of(exponentAt, exponentBits, 0, fractionBits);
    return concat([Uint8Array.of(0x11, 0x20 | isBig, sign, 0), u32(bytes), u16(0), u16(8 * bytes), places, u32(bias)]);
  }
  const isSigned = type.includes("i") ? 8 : 0;
  return concat([Uint8Array.of(0x10, isBig | isSigned, 0, 0), u32(bytes), u16(0), u16(8 * bytes)]);
}

type FloatForm = readonly [sign: number, exponentAt: number, exponentBits: number, fractionBits: number, bias: number];

const FLOATS: Readonly<Record<string, FloatForm>> = {
  f8: [63, 52, 11, 52, 1023],
  f4: [31, 23, 8, 23, 127],
  f2: [15, 10, 5, 10, 15],
  bfloat16: [15, 7, 8, 7, 127],
};

function attributeMessages(attributes: Readonly<Record<string, string>>): Uint8Array[] {
  return Object.entries(attributes).map(([name, text]) => {
    const value = new TextEncoder().encode(text);
    const title = new TextEncoder().encode(`${name}\0`);
    const [type, space] = [datatypeOf(`text${value.length}`), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0)];
    const head = concat([Uint8Array.of(1, 0), u16(title.length), u16(type.length), u16(space.length)]);
    return message(0x0c, concat([head, padded(title), padded(type), space, value]));
  });
}

/** A message of an old object header. */
export function message(type: number, body: Uint8Array, flags = 0): Uint8Array {
  const bytes = padded(body);
  return concat([u16(type), u16(bytes.length), Uint8Array.of(flags, 0, 0, 0), bytes]);
}

function writeHeader(file: Draft, messages: readonly Uint8Array[]): number {
  const body = concat(messages);
  return file.add(concat([Uint8Array.of(1, 0), u16(messages.length), u32(1), u32(body.length), u32(0), body]));
}

function padded(bytes: Uint8Array): Uint8Array {
  return concat([bytes, new Uint8Array((8 - (bytes.length % 8)) % 8)]);
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
