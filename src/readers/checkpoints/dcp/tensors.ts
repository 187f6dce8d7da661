import type { NotRead } from "#core/checkpoint.ts";
import type { DType } from "#core/dtype.ts";
import { ok, type Outcome, unsupported } from "#core/outcome.ts";
import { type Box, elementsOf, type TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import type { PickledTensor } from "../pickle/pickledTensor.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { coverageFault } from "./coverage.ts";
import type { OpenedItem } from "./items.ts";
import type { DcpItem, DcpTensor } from "./metadata.ts";

export interface DcpEntry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly elements: number;
  readonly file: string;
  readonly parts: readonly TensorPart[];
}

/** What was found for each item; a phrase about the tensor where one could not be read. */
export type FoundItems = ReadonlyMap<string, Outcome<OpenedItem>>;

export function keyOf({ name, start }: Pick<DcpItem, "name" | "start">): string {
  return start === undefined ? name : `${name}\0${start.join(",")}`;
}

export interface JoinedChunks {
  readonly tensors: readonly DcpEntry[];
  readonly notRead: readonly NotRead[];
}

/** Each tensor of its chunks, each of them once; those with a chunk that is missing, damaged or doubled are not read. */
export function joinChunks(tensors: readonly DcpTensor[], found: FoundItems): JoinedChunks {
  const entries: DcpEntry[] = [];
  const notRead: NotRead[] = [];
  for (const tensor of tensors) {
    const entry = joinTensor(tensor, found);
    if (entry.kind === "ok") {
      entries.push(entry.value);
    } else if (entry.kind === "unsupported") {
      notRead.push({ name: tensorLabel(tensor.name), what: entry.what });
    }
  }
  return { tensors: entries, notRead };
}

function joinTensor(tensor: DcpTensor, found: FoundItems): Outcome<DcpEntry> {
  const { name, dtype, shape } = tensor;
  if (dtype === undefined) {
    return unsupported(t("a tensor of {0}", tensorLabel(tensor.dtypeName)));
  }
  // Ranks that hold the same chunk may all have listed it.
  const chunks = new Map(tensor.chunks.filter((box) => !box.shape.includes(0)).map((box) => [String(box.start), box]));
  const boxes = Array.from(chunks.values());
  const fault = coverageFault(shape, boxes);
  if (fault !== undefined) {
    return unsupported(t("a tensor with {0}", fault));
  }
  const parts: TensorPart[] = [];
  for (const box of boxes) {
    const part = partOf(tensor, { box, dtype }, found.get(keyOf({ name, start: box.start })));
    if (part.kind !== "ok") {
      return part;
    }
    parts.push(part.value);
  }
  return ok({ name, dtype, shape, elements: elementsOf(shape), file: parts[0]?.file ?? "", parts });
}

interface Chunk {
  readonly box: Box;
  readonly dtype: DType;
}

function partOf({ shape }: DcpTensor, { box, dtype }: Chunk, item: FoundItem): Outcome<TensorPart> {
  const start = box.start.join(", ");
  if (item === undefined) {
    return unsupported(t("a tensor whose chunk from [{0}] on lies in no file", start));
  }
  if (item.kind !== "ok") {
    return unsupported(
      item.kind === "unsupported" ? item.what : t("a tensor whose chunk from [{0}] on cannot be read", start),
    );
  }
  const tensor = item.value.kind === "tensor" ? item.value.tensor : undefined;
  const [part, ...others] = tensor?.parts ?? [];
  if (tensor === undefined || part === undefined || others.length > 0) {
    return unsupported(t("a tensor whose chunk from [{0}] on is no tensor in its file", start));
  }
  if (!isSame(tensor, { box, dtype })) {
    return unsupported(
      t(
        "a tensor whose chunk from [{0}] on is {1} of [{2}], and in its file {3} of [{4}]",
        start,
        dtype,
        box.shape.join(", "),
        tensor.dtype,
        tensor.shape.join(", "),
      ),
    );
  }
  return ok(String(box.shape) === String(shape) ? part : { ...part, box });
}

type FoundItem = ReturnType<FoundItems["get"]>;

function isSame(tensor: PickledTensor, { box, dtype }: Chunk): boolean {
  return tensor.dtype === dtype && String(tensor.shape) === String(box.shape);
}
