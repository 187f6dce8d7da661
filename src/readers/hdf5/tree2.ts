import { t } from "@vscode/l10n";
import {
  bytesFor,
  type Cursor,
  expectSignature,
  type Hdf5File,
  readRecord,
  skip,
  takeAddress,
  takeLength,
  takeNumber,
  takePart,
  takeSetAddress,
} from "./records.ts";
import { damaged } from "./refusal.ts";

/** The records of a B-tree of version 2; each cursor has one of them. A node met twice is damage. */
export async function* readTree2(file: Hdf5File, address: number): AsyncGenerator<Cursor, void, undefined> {
  const tree = await readHeader(file, address);
  const seen = new Set<number>();
  const stack: Node[] =
    tree.root === undefined ? [] : [{ address: tree.root, records: tree.rootRecords, depth: tree.depth }];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node.address)) {
      throw damaged(file.base + node.address, t("A tree of the file refers to one of its nodes twice."));
    }
    seen.add(node.address);
    const { records, children } = await readNode(file, node, tree);
    yield* records;
    children.toReversed().forEach((child) => stack.push(child));
  }
}

interface Tree {
  readonly nodeBytes: number;
  readonly recordBytes: number;
  readonly depth: number;
  readonly root: number | undefined;
  readonly rootRecords: number;
  /** How wide numbers of records are in a node, and by depth those of all records below a child. */
  readonly countBytes: number;
  readonly totalBytes: readonly number[];
}

interface Node {
  readonly address: number;
  readonly records: number;
  readonly depth: number;
}

const HEADER_BYTES = 16;
// Signature, version, type and checksum.
const NODE_FRAME_BYTES = 10;
// Of at least two children each, so many levels would hold more than any file.
const MAX_TREE_DEPTH = 32;

async function readHeader(file: Hdf5File, address: number): Promise<Tree> {
  const cursor = await readRecord(file, address, HEADER_BYTES + file.addressBytes + 2 + file.lengthBytes);
  expectSignature(cursor, "BTHD");
  skip(cursor, 2); // Version, type.
  const nodeBytes = takeNumber(cursor, 4);
  const recordBytes = takeNumber(cursor, 2);
  const depth = takeNumber(cursor, 2);
  skip(cursor, 2); // When nodes are split and joined.
  const root = takeAddress(cursor);
  const rootRecords = takeNumber(cursor, 2);
  takeLength(cursor);
  if (depth > MAX_TREE_DEPTH || recordBytes === 0 || nodeBytes <= NODE_FRAME_BYTES) {
    throw damaged(file.base + address, t("A tree of the file has sizes that cannot be."));
  }
  const mostInLeaf = Math.floor((nodeBytes - NODE_FRAME_BYTES) / recordBytes);
  const countBytes = bytesFor(mostInLeaf);
  const totalBytes = [0];
  let most = mostInLeaf;
  for (let level = 1; level < depth; level += 1) {
    const pointerBytes = file.addressBytes + countBytes + (totalBytes[level - 1] ?? 0);
    const own = Math.floor((nodeBytes - NODE_FRAME_BYTES - pointerBytes) / (recordBytes + pointerBytes));
    most = (own + 1) * most + own;
    totalBytes.push(bytesFor(most));
  }
  return { nodeBytes, recordBytes, depth, root, rootRecords, countBytes, totalBytes };
}

async function readNode(
  file: Hdf5File,
  { address, records: count, depth }: Node,
  { nodeBytes, recordBytes, countBytes, totalBytes }: Tree,
): Promise<{ readonly records: readonly Cursor[]; readonly children: readonly Node[] }> {
  const cursor = await readRecord(file, address, nodeBytes);
  expectSignature(cursor, depth === 0 ? "BTLF" : "BTIN");
  skip(cursor, 2);
  if (count * recordBytes > nodeBytes) {
    throw damaged(
      file.base + address,
      t("A tree of the file has a node with {0} records, more than it has room for.", count),
    );
  }
  const records = Array.from({ length: count }, () => takePart(cursor, recordBytes));
  const children = Array.from({ length: depth === 0 ? 0 : count + 1 }, () => {
    const child = { address: takeSetAddress(cursor), records: takeNumber(cursor, countBytes), depth: depth - 1 };
    skip(cursor, totalBytes[depth - 1] ?? 0);
    return child;
  });
  return { records, children };
}
