import type { NotRead } from "#core/checkpoint.ts";
import type { Coding } from "#core/coding.ts";
import { bitsOf, blockOf, type DType, isQuantised, type QuantisedDType } from "#core/dtype.ts";
import { malformed, ok, type Outcome, type ReadFailure } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { inOnePiece } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { failGguf, type GgufCursor, readNumber, readSize, readText, sizeType } from "./cursor.ts";
import { checkRoom } from "./metadata.ts";
import { ggufDType, ggufTypeName } from "./types.ts";
import { tensorKind } from "../shared/tensorKind.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { describeTensor, sizeOf, trimmed } from "../shared/tensorSize.ts";

/** One row of the header's list. */
export interface GgufTensor {
  readonly name: string;
  /** Where its row starts, for messages. */
  readonly at: number;
  /** Slowest first, as everybody else writes it. */
  readonly shape: readonly number[];
  readonly type: number;
  /** Bytes from the start of the data. */
  readonly offset: number;
}

const MAX_TENSORS = 2_000_000;
const MAX_RANK = 64;
/** Name length and rank in version 1, type, offset. */
const MIN_TENSOR_BYTES = 20;

export async function readTensorList(cursor: GgufCursor, count: number): Promise<readonly GgufTensor[]> {
  const names = new Set<string>();
  const tensors: GgufTensor[] = [];
  if (count > MAX_TENSORS) {
    failGguf(cursor, t("The file says it has {0} tensors, more than {1}. It was not read.", count, MAX_TENSORS));
  }
  await checkRoom(cursor, count, MIN_TENSOR_BYTES);
  while (tensors.length < count && cursor.failure === undefined) {
    const tensor = await readTensorRow(cursor);
    if (names.has(tensor.name)) {
      failGguf(
        cursor,
        t("{0}: listed twice. Save the file again with unique names.", tensorLabel(tensor.name)),
        tensor.at,
      );
    }
    names.add(tensor.name);
    tensors.push(tensor);
  }
  return tensors;
}

async function readTensorRow(cursor: GgufCursor): Promise<GgufTensor> {
  const at = cursor.position;
  const name = await readText(cursor, () => t("a tensor's name"));
  const rank = await readNumber(cursor, "u32");
  if (rank > MAX_RANK) {
    failGguf(
      cursor,
      t("{0}: {1} dimensions, more than {2}. Fetch the file again.", tensorLabel(name), rank, MAX_RANK),
      at,
    );
  }
  const shape: number[] = [];
  while (shape.length < rank && cursor.failure === undefined) {
    shape.unshift(await readSize(cursor, sizeType(cursor), () => t("{0}: a dimension", tensorLabel(name))));
  }
  const type = await readNumber(cursor, "u32");
  const offset = await readSize(cursor, "u64", () => t("{0}: its offset", tensorLabel(name)));
  return { name, at, shape, type, offset };
}

export interface GgufData {
  readonly file: string;
  /** Where the data start in it. */
  readonly dataStart: number;
  readonly size: number;
  readonly alignment: number;
  readonly littleEndian: boolean;
}

export interface LocatedTensors {
  readonly tensors: readonly TensorEntry[];
  readonly notRead: readonly NotRead[];
}

/** Where the tensors' data lie, in the order of the header. They may have holes between them, but may not overlap. */
export function locateTensors(list: readonly GgufTensor[], data: GgufData): Outcome<LocatedTensors> {
  const tensors: TensorEntry[] = [];
  const notRead: NotRead[] = [];
  for (const tensor of list) {
    const located = locateTensor(tensor, data);
    if (located.kind !== "ok") {
      return located;
    }
    if ("what" in located.value) {
      notRead.push(located.value);
    } else {
      tensors.push(located.value);
    }
  }
  return checkPlaces(tensors, data) ?? ok({ tensors, notRead });
}

function locateTensor(
  { name, at, shape, type, offset }: GgufTensor,
  { file, dataStart, alignment, littleEndian }: GgufData,
): Outcome<TensorEntry | NotRead> {
  const dtype = ggufDType(type);
  if (dtype === undefined) {
    return ok({ name, what: t("a tensor of {0}", ggufTypeName(type)) });
  }
  const described = (): string => describeTensor(name, dtype, shape);
  const size = sizeOf(dtype, shape);
  if (size === undefined || !Number.isSafeInteger(dataStart + offset + size.bytes)) {
    return malformed(
      at,
      t("{0} at {1} ends past 2^53 bits. The file is damaged; fetch it again.", described(), offset),
    );
  }
  if (sizeOf(dtype, shape.slice(-1))?.isWhole !== true) {
    return malformed(at, t("{0} has rows that do not fill whole blocks. Save the file again.", described()));
  }
  if (offset % alignment !== 0) {
    return malformed(
      at,
      t("{0} is at {1}, which is no multiple of {2}. Save the file again.", described(), offset, alignment),
    );
  }
  const codings = littleEndian ? [] : swapsOf(dtype);
  if (codings === undefined) {
    return ok({ name, what: t("a tensor of {0} in a big-endian file", dtype) });
  }
  const parts = inOnePiece(file, dataStart + offset, size.bytes);
  return ok({
    name,
    kind: tensorKind({ name, dtype, file, declared: undefined }),
    dtype,
    shape: trimmed(shape),
    elements: size.elements,
    file,
    parts: codings.length === 0 ? parts : parts.map((part) => ({ ...part, codings })),
  });
}

/** What undoes big-endian bytes; undefined for blocks of which nobody writes such. */
function swapsOf(dtype: DType): readonly Coding[] | undefined {
  if (!isQuantised(dtype)) {
    const bytes = bitsOf(dtype) / 8;
    return bytes === 1 ? [] : [{ kind: "bigEndian", bytes }];
  }
  const pairs = PAIRS[dtype];
  const { bytes: blockBytes } = blockOf(dtype);
  if (pairs === undefined) {
    return undefined;
  }
  return pairs.length === 0 ? [] : [{ kind: "swapPairs", blockBytes, pairs }];
}

/** Where a block has its float16 scales, of the types that gguf-py's converter of byte orders knows. */
const PAIRS: Partial<Readonly<Record<QuantisedDType, readonly number[]>>> = {
  Q4_0: [0],
  Q8_0: [0],
  Q4_K: [0, 2],
  Q6_K: [208],
  MXFP4: [],
  NVFP4: [],
};

/** No byte belongs to two tensors: this stops headers that name the same bytes a million times. */
function checkPlaces(tensors: readonly TensorEntry[], { size }: GgufData): ReadFailure | undefined {
  const ranges = tensors.flatMap(({ name, parts }) => parts.map((part) => ({ ...part, name })));
  let end = 0;
  for (const { name, offset, byteLength } of ranges.toSorted((a, b) => a.offset - b.offset)) {
    if (offset < end && byteLength > 0) {
      return malformed(offset, t("{0}: its data overlap another tensor's. Save the file again.", tensorLabel(name)));
    }
    end = byteLength > 0 ? offset + byteLength : end;
  }
  return end > size ? { kind: "incomplete", have: size, need: end } : undefined;
}
