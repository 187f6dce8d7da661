import type { ByteSource } from "#core/byteSource.ts";
import type { CheckpointIndex, NotRead } from "#core/checkpoint.ts";
import { ok, type Outcome } from "#core/outcome.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { type FlaxArray, MAX_RANK, readFlaxArray } from "./array.ts";
import { failMsgpack, jumpTo, type MsgpackCursor, readToken, startMsgpack, type Token } from "./msgpack.ts";
import { checkedProduct } from "../shared/product.ts";
import type { FileReader, Probe } from "../reader.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { type TreeLeaf, withKinds } from "../shared/treeKind.ts";

export const flax: FileReader = {
  format: "flax",
  recognises: looksLikeFlax,
  readIndex: readFlax,
};

/** MessagePack has no signature: a map whose first key is a name, or the file's own name. */
function looksLikeFlax({ source, head }: Probe): boolean {
  const text = Buffer.from(head.subarray(0, 64)).toString("latin1");
  return source.name.endsWith(".msgpack") || MAP_WITH_NAME.test(text);
}

/** A map of one to fifteen entries, or one with a count; a short text; two printable letters, or one and a value. */
const MAP_WITH_NAME =
  /^(?:[\x81-\x8f]|\xde[^]{2}|\xdf\0[^]{3})(?:\xa1[ -~][\x80-\x8f\xc0-\xdf]|(?:[\xa2-\xbf]|\xd9[^])[ -~]{2})/;

/** Lists the arrays of a tree that `flax.serialization` wrote. Reads names and heads, never the elements. */
export async function readFlax(source: ByteSource): Promise<Outcome<CheckpointIndex>> {
  const cursor = startMsgpack(source);
  const draft: Draft = { cursor, leaves: new Map(), metadata: new Map(), notRead: [] };
  await readValue(draft, ROOT_NAME, 0);
  if (cursor.failure !== undefined) {
    return cursor.failure;
  }
  const spare = source.size - cursor.position;
  return ok({
    format: "flax",
    tensors: withKinds(Array.from(draft.leaves.values()), source.name),
    metadata: Object.fromEntries(draft.metadata),
    notRead: draft.notRead,
    notes: spare === 0 ? [] : [t("{0}: {1} bytes follow the end of the tree; they were not read.", source.name, spare)],
  });
}

interface Draft {
  readonly cursor: MsgpackCursor;
  readonly leaves: Map<string, TreeLeaf>;
  readonly metadata: Map<string, string>;
  readonly notRead: NotRead[];
}

/** A file that is one array has a name too. */
const ROOT_NAME = "";
const ROOT_LABEL = "(root)";

const MAX_DEPTH = 200;
const MAX_TENSORS = 2_000_000;
// Plain values beside the arrays are few; more are data.
const MAX_PLAIN = 10_000;

// Extension types of flax.serialization.
const ARRAY = 1;
const COMPLEX = 2;
const SCALAR = 3;

const CHUNKED = "__msgpack_chunked_array__";

async function readValue(draft: Draft, name: string, depth: number): Promise<void> {
  const { cursor } = draft;
  const start = cursor.position;
  const token = await readToken(cursor);
  if (depth > MAX_DEPTH) {
    failMsgpack(cursor, t("The tree is nested deeper than {0} levels. The file is damaged.", MAX_DEPTH), start);
  }
  switch (token.kind) {
    case "plain":
      addPlain(draft, name, String(token.value));
      break;
    case "bin":
      addNotRead(draft, name, "bytes");
      jumpTo(cursor, token.end);
      break;
    case "ext":
      await readExtension(draft, name, token);
      break;
    case "array":
      for (let index = 0; index < token.count && cursor.failure === undefined; index += 1) {
        await readValue(draft, join(name, String(index)), depth + 1);
      }
      break;
    case "map":
      await readMap(draft, { name, depth, count: token.count });
      break;
  }
}

interface MapStart {
  readonly name: string;
  readonly depth: number;
  readonly count: number;
}

async function readMap(draft: Draft, { name, depth, count }: MapStart): Promise<void> {
  const { cursor } = draft;
  for (let entry = 0; entry < count && cursor.failure === undefined; entry += 1) {
    const key = await readKey(cursor);
    if (entry === 0 && key === CHUNKED) {
      await readChunked(draft, name, count - 1);
      return;
    }
    await readValue(draft, join(name, key), depth + 1);
  }
}

/** Flax writes texts; numbers are what other writers of MessagePack allow. */
async function readKey(cursor: MsgpackCursor): Promise<string> {
  const start = cursor.position;
  const key = await readToken(cursor);
  if (key.kind === "plain" && (typeof key.value === "string" || typeof key.value === "number")) {
    return String(key.value);
  }
  failMsgpack(cursor, t("A name in a map is no text. The file is damaged, or not one of Flax."), start);
  return "";
}

function join(path: string, key: string): string {
  return path === ROOT_NAME ? key : `${path}/${key}`;
}

async function readExtension(draft: Draft, name: string, token: Extract<Token, { kind: "ext" }>): Promise<void> {
  const { cursor } = draft;
  if (token.type === ARRAY || token.type === SCALAR) {
    const array = await readFlaxArray(cursor, name, token);
    if (typeof array === "string") {
      addNotRead(draft, name, t("an array of {0}", tensorLabel(array)));
    } else if (array !== undefined) {
      addLeaf(draft, name, { array, parts: [array], isScalar: token.type === SCALAR });
    }
    return;
  }
  addNotRead(draft, name, token.type === COMPLEX ? t("a complex number") : t("an extension of type {0}", token.type));
  jumpTo(cursor, token.end);
}

/** An array above a gibibyte: its shape, and its elements row-major in flat pieces. */
async function readChunked(draft: Draft, name: string, entries: number): Promise<void> {
  const { cursor } = draft;
  const start = cursor.position;
  await readToken(cursor);
  let shape: readonly number[] | undefined;
  let chunks: readonly FlaxArray[] | undefined;
  for (let entry = 0; entry < entries && cursor.failure === undefined; entry += 1) {
    const key = await readKey(cursor);
    if (key === "shape") {
      shape = await readShape(cursor);
    } else if (key === "chunks") {
      chunks = await readChunks(draft, name);
    } else {
      failMsgpack(cursor, t('{0}: "{1}" is no part of an array in pieces.', tensorLabel(name), tensorLabel(key)));
    }
  }
  const [first] = chunks ?? [];
  const elements = checkedProduct(shape ?? []);
  if (
    shape === undefined ||
    chunks?.some(({ dtype }) => dtype !== first?.dtype) !== false ||
    chunks.reduce((total, chunk) => total + chunk.elements, 0) !== elements
  ) {
    failMsgpack(cursor, t("{0}: its pieces do not make up its shape. Save the file again.", tensorLabel(name)), start);
  } else if (first !== undefined) {
    addLeaf(draft, name, { array: { ...first, shape, elements }, parts: chunks, isScalar: false });
  }
}

/** A tuple has become a map with the keys 0, 1, 2. */
async function readShape(cursor: MsgpackCursor): Promise<number[] | undefined> {
  const sizes: number[] = [];
  const map = await readToken(cursor);
  if (map.kind !== "map" || map.count > MAX_RANK) {
    return undefined;
  }
  for (let axis = 0; axis < map.count && cursor.failure === undefined; axis += 1) {
    const key = await readKey(cursor);
    const size = await readToken(cursor);
    if (key !== String(axis) || size.kind !== "plain" || typeof size.value !== "number" || size.value < 0) {
      return undefined;
    }
    sizes.push(size.value);
  }
  return sizes;
}

async function readChunks(draft: Draft, name: string): Promise<readonly FlaxArray[] | undefined> {
  const { cursor } = draft;
  const chunks: FlaxArray[] = [];
  const map = await readToken(cursor);
  for (let at = 0; map.kind === "map" && at < map.count && cursor.failure === undefined; at += 1) {
    const key = await readKey(cursor);
    const token = await readToken(cursor);
    const isNext = key === String(at) && token.kind === "ext" && token.type === ARRAY;
    const chunk = isNext ? await readFlaxArray(cursor, name, token) : undefined;
    if (chunk === undefined || typeof chunk === "string") {
      failMsgpack(cursor, t("{0}: piece {1} is no array that can be read.", tensorLabel(name), at));
      return undefined;
    }
    chunks.push(chunk);
  }
  return chunks;
}

interface Leaf {
  readonly array: Omit<FlaxArray, "offset" | "byteLength">;
  readonly parts: readonly Pick<TensorPart, "offset" | "byteLength">[];
  readonly isScalar: boolean;
}

function addLeaf({ cursor, leaves }: Draft, path: string, { array, parts, isScalar }: Leaf): void {
  const name = path === ROOT_NAME ? ROOT_LABEL : path;
  const file = cursor.source.name;
  if (leaves.has(name)) {
    failMsgpack(cursor, t("{0}: listed twice. Save the file again with unique names.", tensorLabel(name)));
  }
  if (leaves.size >= MAX_TENSORS) {
    failMsgpack(cursor, t("The file lists more than {0} arrays.", MAX_TENSORS));
  }
  const { dtype, shape, elements } = array;
  const ranges = parts.map(({ offset, byteLength }) => ({ file, offset, byteLength }));
  leaves.set(name, { name, dtype, shape, elements, file, parts: ranges, isScalar });
}

function addPlain({ cursor, metadata }: Draft, path: string, value: string): void {
  if (cursor.failure === undefined && metadata.size < MAX_PLAIN && path !== ROOT_NAME) {
    metadata.set(path, tensorLabel(value));
  }
}

function addNotRead({ notRead }: Draft, path: string, what: string): void {
  if (notRead.length < MAX_PLAIN) {
    notRead.push({ name: path === ROOT_NAME ? ROOT_LABEL : tensorLabel(path), what });
  }
}
