import { t } from "@vscode/l10n";
import { parseDataspace } from "./dataspace.ts";
import { type Datatype, parseDatatype } from "./datatype.ts";
import { openHeap } from "./fractalHeap.ts";
import { MESSAGE, messageOf, type ObjectHeader } from "./objectHeader.ts";
import {
  type Cursor,
  decodeText,
  expectSignature,
  type Hdf5File,
  readRecord,
  skip,
  takeAddress,
  takeBytes,
  takeLength,
  takeNumber,
  takePart,
} from "./records.ts";
import { damaged } from "./refusal.ts";
import { readTree2 } from "./tree2.ts";

/** The texts among an object's attributes that are one text each, by their names. */
export async function readTexts(file: Hdf5File, header: ObjectHeader): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const compact = header.filter(({ type }) => type === MESSAGE.attribute).map(({ open }) => open());
  for (const cursor of [...compact, ...(await readDense(file, header))]) {
    const { name, type, isOne } = parseAttribute(cursor);
    if (isOne && type.kind === "text") {
      const text = type.isInHeap ? await heapText(file, cursor) : decodeText(takeBytes(cursor, type.bytes));
      texts.set(name, text);
    }
  }
  return texts;
}

interface Attribute {
  readonly name: string;
  readonly type: Datatype;
  /** Not an array. */
  readonly isOne: boolean;
}

/** Leaves the cursor at its value. */
function parseAttribute(cursor: Cursor): Attribute {
  const version = takeNumber(cursor, 1);
  const flags = takeNumber(cursor, 1);
  const [nameBytes, typeBytes, spaceBytes] = [takeNumber(cursor, 2), takeNumber(cursor, 2), takeNumber(cursor, 2)];
  skip(cursor, version === 3 ? 1 : 0);
  const padded = (bytes: number): number => (version === 1 ? Math.ceil(bytes / 8) * 8 : bytes);
  const name = decodeText(takeBytes(cursor, padded(nameBytes)));
  const type = takePart(cursor, padded(typeBytes));
  const space = takePart(cursor, padded(spaceBytes));
  // Of a named type the header has only the place; no writer of checkpoints gives attributes one.
  const isNamed = version > 1 && (flags & 3) !== 0;
  return {
    name,
    type: isNamed ? { kind: "other", bytes: 0, what: t("a named type") } : parseDatatype(type),
    isOne: !isNamed && parseDataspace(space).shape.length === 0,
  };
}

/** Objects with many or long attributes have them in a heap. */
async function readDense(file: Hdf5File, header: ObjectHeader): Promise<readonly Cursor[]> {
  const info = messageOf(header, MESSAGE.attributeInfo);
  if (info === undefined) {
    return [];
  }
  skip(info, 1);
  const flags = takeNumber(info, 1);
  skip(info, (flags & 1) === 0 ? 0 : 2);
  const [heapAddress, treeAddress] = [takeAddress(info), takeAddress(info)];
  if (heapAddress === undefined || treeAddress === undefined) {
    return [];
  }
  const heap = await openHeap(file, heapAddress);
  const attributes: Cursor[] = [];
  for await (const record of readTree2(file, treeAddress)) {
    attributes.push(await heap.read(takeBytes(record, heap.idBytes)));
    if (attributes.length > MAX_ATTRIBUTES) {
      throw damaged(record.offset, t("An object has more than {0} attributes.", MAX_ATTRIBUTES));
    }
  }
  return attributes;
}

const MAX_ATTRIBUTES = 10_000;
// As one text of a checkpoint; a model's description may be that long.
const MAX_TEXT_BYTES = 1_000_000;
const MAX_HEAP_BYTES = 16 * 1024 * 1024;

/** A text in a heap of the file, where an element says: length, address of the heap, number of the object in it. */
async function heapText(file: Hdf5File, cursor: Cursor): Promise<string> {
  const length = takeNumber(cursor, 4);
  const address = takeAddress(cursor);
  const wanted = takeNumber(cursor, 4);
  if (length === 0 || address === undefined || length > MAX_TEXT_BYTES) {
    return "";
  }
  const head = await readRecord(file, address, 8 + file.lengthBytes);
  expectSignature(head, "GCOL");
  skip(head, 4);
  const bytes = takeLength(head);
  if (bytes > MAX_HEAP_BYTES) {
    throw damaged(head.offset, t("A heap of texts would have {0} bytes, more than {1}.", bytes, MAX_HEAP_BYTES));
  }
  const heap = await readRecord(file, address, bytes);
  skip(heap, head.position);
  for (;;) {
    const index = takeNumber(heap, 2);
    skip(heap, 6);
    const size = takeLength(heap);
    if (index === wanted) {
      return decodeText(takeBytes(heap, Math.min(size, length)));
    }
    if (index === 0) {
      throw damaged(heap.offset, t("A text is not in its heap."));
    }
    skip(heap, Math.ceil(size / 8) * 8);
  }
}
