import { t } from "@vscode/l10n";
import {
  type Cursor,
  expectSignature,
  type Hdf5File,
  readRecord,
  skip,
  takeAddress,
  takeNumber,
  takeSetAddress,
} from "./records.ts";
import { damaged } from "./refusal.ts";

/** What kind of B-tree of version 1, and how long its keys are. */
export interface TreeKind {
  readonly type: "groups" | "chunks";
  readonly keyBytes: number;
}

export interface TreeLeaf {
  /** Before the child; its position is the key's start. */
  readonly key: Cursor;
  readonly child: number;
}

/** The leaves of a tree in their order. A node that is met twice would make the tree endless, or exponential. */
export async function* readTree(
  file: Hdf5File,
  root: number,
  kind: TreeKind,
): AsyncGenerator<TreeLeaf, void, undefined> {
  const seen = new Set<number>();
  const stack: Node[] = [{ address: root, level: undefined }];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node.address)) {
      throw damaged(file.base + node.address, t("A tree of the file refers to one of its nodes twice."));
    }
    seen.add(node.address);
    const { level, leaves } = await readNode(file, node, kind);
    if (level === 0) {
      yield* leaves;
    } else {
      leaves.toReversed().forEach(({ child }) => stack.push({ address: child, level: level - 1 }));
    }
  }
}

interface Node {
  readonly address: number;
  /** As its parent says; the root says itself. */
  readonly level: number | undefined;
}

const TYPES = { groups: 0, chunks: 1 };
const HEAD_BYTES = 8;

async function readNode(
  file: Hdf5File,
  { address, level: expected }: Node,
  { type, keyBytes }: TreeKind,
): Promise<{ readonly level: number; readonly leaves: readonly TreeLeaf[] }> {
  const head = await readRecord(file, address, HEAD_BYTES);
  expectSignature(head, "TREE");
  const nodeType = takeNumber(head, 1);
  const level = takeNumber(head, 1);
  const entries = takeNumber(head, 2);
  if (nodeType !== TYPES[type] || level !== (expected ?? level)) {
    throw damaged(file.base + address, t("A tree of the file has a node that does not belong to it."));
  }
  const { addressBytes } = file;
  const body = await readRecord(file, address + HEAD_BYTES, 2 * addressBytes + entries * (keyBytes + addressBytes));
  takeAddress(body); // Its neighbours.
  takeAddress(body);
  const leaves = Array.from({ length: entries }, () => {
    const key = { ...body };
    skip(body, keyBytes);
    return { key, child: takeSetAddress(body) };
  });
  return { level, leaves };
}
