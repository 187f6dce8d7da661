import { t } from "@vscode/l10n";
import {
  asUtf8,
  type BodyCursor,
  failBody,
  latin1Of,
  startBody,
  takeByte,
  takeBytes,
  takeColumn,
  takeCount,
  takePrefixed,
  takeVarint,
} from "./ocdbtCursor.ts";

/** Where a record or a value lies. */
export interface Location {
  readonly file: string;
  readonly offset: number;
  readonly byteLength: number;
  /** Folder of the database that wrote the file; files it names are below it. */
  readonly base: string;
}

export interface Leaf {
  readonly kind: "leaf";
  /** A value that lies in the node is its bytes as Latin-1. */
  readonly values: readonly { readonly key: string; readonly value: Location | string }[];
}

export interface Interior {
  readonly kind: "interior";
  readonly height: number;
  /** Keys below a child start with its prefix, of which they store nothing. */
  readonly children: readonly { readonly prefix: string; readonly place: Location }[];
}

/** The latest version's root; none in a database that is empty or keeps its versions in other files. */
export interface Manifest {
  readonly root: { readonly place: Location; readonly height: number } | undefined;
  /** Versions lie in `manifest.<16 hexadecimal digits>`. */
  readonly isNumbered: boolean;
}

/** The body of a manifest; a text says what is wrong with it. Older versions of the tree are not looked at. */
export function parseManifest(body: Uint8Array): Manifest | string {
  const cursor = startBody(body);
  takeBytes(cursor, UUID_BYTES);
  const isNumbered = takeVarint(cursor) === 1;
  takeColumn(cursor, 2); // Limits on values and nodes.
  takeByte(cursor); // Arity of the version tree.
  if (takeVarint(cursor) === 1) {
    takeBytes(cursor, ZSTD_LEVEL_BYTES);
  }
  if (isNumbered && cursor.position === body.length && cursor.failure === undefined) {
    return { root: undefined, isNumbered };
  }
  const files = takeFiles(cursor, "");
  const count = takeCount(cursor);
  takeColumn(cursor, count); // Generations, ascending.
  const height = takeBytes(cursor, count).at(-1) ?? 0;
  const places = takeLocations(cursor, files, count);
  const root = places.at(-1);
  return cursor.failure ?? { root: root && { place: root, height }, isNumbered };
}

const UUID_BYTES = 16;
const ZSTD_LEVEL_BYTES = 4;

/** The body of a node of the B-tree; a text says what is wrong with it. */
export function parseNode(body: Uint8Array, base: string, prefix: string): Leaf | Interior | string {
  const cursor = startBody(body);
  const height = takeByte(cursor);
  const files = takeFiles(cursor, base);
  const count = takeCount(cursor);
  const prefixes = takeColumn(cursor, Math.max(0, count - 1));
  const suffixes = takeColumn(cursor, count);
  const node =
    height === 0
      ? takeLeaf(cursor, { files, keys: takeKeys(cursor, { prefixes, suffixes, prefix }) })
      : takeInterior(cursor, { files, height, prefix, common: takeColumn(cursor, count), prefixes, suffixes });
  if (cursor.position < body.length) {
    failBody(cursor, t("{0} bytes follow the end of a node", body.length - cursor.position));
  }
  return cursor.failure ?? node;
}

interface Keys {
  readonly prefixes: readonly number[];
  readonly suffixes: readonly number[];
  readonly prefix: string;
}

function takeKeys(cursor: BodyCursor, { prefix, ...lengths }: Keys): string[] {
  return takePrefixed(cursor, lengths).map((key) => prefix + key);
}

interface LeafColumns {
  readonly files: readonly DataFile[];
  readonly keys: readonly string[];
}

function takeLeaf(cursor: BodyCursor, { files, keys }: LeafColumns): Leaf {
  const lengths = takeColumn(cursor, keys.length);
  const kinds = takeColumn(cursor, keys.length);
  const isIndirect = kinds.map((kind) => kind === 1);
  if (kinds.some((kind) => kind > 1)) {
    failBody(cursor, t("a value is neither in its node nor in a file"));
  }
  const indirect = isIndirect.filter(Boolean).length;
  const ids = takeColumn(cursor, indirect);
  const offsets = takeColumn(cursor, indirect);
  let next = 0;
  const values = keys.map((key, at) => {
    const byteLength = lengths[at] ?? 0;
    if (isIndirect[at] !== true) {
      return { key: asUtf8(key), value: latin1Of(takeBytes(cursor, byteLength)) };
    }
    const file = fileAt(cursor, files, ids[next]);
    const offset = offsets[next] ?? 0;
    next += 1;
    return { key: asUtf8(key), value: { ...file, offset, byteLength } };
  });
  return { kind: "leaf", values };
}

interface InteriorColumns extends Keys {
  readonly files: readonly DataFile[];
  readonly height: number;
  /** Of each child: letters of its key that all keys below it start with. */
  readonly common: readonly number[];
}

function takeInterior(cursor: BodyCursor, { files, height, common, ...columns }: InteriorColumns): Interior {
  const keys = takePrefixed(cursor, columns);
  const ids = takeColumn(cursor, keys.length);
  const offsets = takeColumn(cursor, keys.length);
  const lengths = takeColumn(cursor, keys.length);
  takeColumn(cursor, STATISTICS * keys.length);
  const children = keys.map((key, at) => {
    const place = { ...fileAt(cursor, files, ids[at]), offset: offsets[at] ?? 0, byteLength: lengths[at] ?? 0 };
    return { prefix: columns.prefix + key.slice(0, common[at] ?? 0), place };
  });
  return { kind: "interior", height, children };
}

/** Keys, bytes of nodes and bytes of values below a node. */
const STATISTICS = 3;

function takeLocations(cursor: BodyCursor, files: readonly DataFile[], count: number): Location[] {
  const ids = takeColumn(cursor, count);
  const offsets = takeColumn(cursor, count);
  const lengths = takeColumn(cursor, count);
  if (offsets.at(-1) === Number.POSITIVE_INFINITY && lengths.at(-1) === Number.POSITIVE_INFINITY) {
    return []; // So an empty tree is written.
  }
  return ids.slice(-1).map((id) => {
    return { ...fileAt(cursor, files, id), offset: offsets.at(-1) ?? 0, byteLength: lengths.at(-1) ?? 0 };
  });
}

interface DataFile {
  readonly file: string;
  readonly base: string;
}

function fileAt(cursor: BodyCursor, files: readonly DataFile[], id = 0): DataFile {
  const file = files[id];
  if (file === undefined) {
    failBody(cursor, t("file {0} is not in a list of {1}", id, files.length));
  }
  return file ?? { file: "", base: "" };
}

/** Names of data files: a folder, which goes on to what the file names, and a path below it. */
function takeFiles(cursor: BodyCursor, base: string): DataFile[] {
  const count = takeCount(cursor);
  const prefixes = takeColumn(cursor, Math.max(0, count - 1));
  const suffixes = takeColumn(cursor, count);
  const baseLengths = takeColumn(cursor, count);
  return takePrefixed(cursor, { prefixes, suffixes }).map((path, at) => {
    return { file: base + asUtf8(path), base: base + asUtf8(path.slice(0, baseLengths[at] ?? 0)) };
  });
}
