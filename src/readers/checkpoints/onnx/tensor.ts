import { malformed } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import {
  type MessageRange,
  type FileField,
  readField,
  readText,
  type Step,
  type Walk,
  walkMessage,
} from "./messageWalk.ts";
import { varintAt } from "../shared/protobuf.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

/** A TensorProto as it stands in the file. */
export interface OnnxTensor {
  readonly at: number;
  name: string;
  readonly dims: number[];
  type: number;
  raw: MessageRange | undefined;
  /** In the order of the file; more than one only where a writer cut its lists. */
  readonly lists: OnnxList[];
  /** Values lie in another file. */
  isExternal: boolean;
  /** location, offset, length as text. */
  readonly external: Map<string, string>;
}

/** A run of items of one list field. */
export interface OnnxList extends MessageRange {
  readonly field: number;
  readonly wire: "varint" | "fixed32" | "fixed64";
  /** A tag of one byte stands before each item. */
  readonly isTagged: boolean;
  /** Items, where they were counted: those that are tagged. */
  readonly items: number | undefined;
}

/** Reads all of a TensorProto but its values. */
export async function readTensor(walk: Walk, range: MessageRange, tensor: OnnxTensor): Promise<Step> {
  return walkMessage(walk, range, (field) => readTensorField(walk, field, tensor));
}

export function startTensor(at: number): OnnxTensor {
  return { at, name: "", dims: [], type: 0, raw: undefined, lists: [], isExternal: false, external: new Map() };
}

function readTensorField(walk: Walk, field: FileField, tensor: OnnxTensor): Step | Promise<Step> {
  switch (field.number) {
    case 1:
      return readDims(walk, field, tensor);
    case 2:
      tensor.type = field.value ?? 0;
      return undefined;
    case 8:
      return readText(walk, field).then((name) => {
        tensor.name = name;
        return undefined;
      });
    case 9:
      tensor.raw = field;
      return undefined;
    case 13:
      return readExternal(walk, field, tensor);
    case 14:
      tensor.isExternal = field.value === 1;
      return undefined;
    default:
      return LIST_WIRES[field.number] === undefined ? undefined : addList(field, tensor);
  }
}

const MAX_RANK = 64;
const MAX_DIM_BYTES = 10;

function readDims(walk: Walk, field: FileField, tensor: OnnxTensor): Step | Promise<Step> {
  if (field.wire === "varint") {
    return addDim(field.value, field.at, tensor);
  }
  return readField(walk, field, MAX_RANK * MAX_DIM_BYTES).then((bytes) => {
    if (bytes === undefined) {
      return malformed(
        field.at,
        t("{0}: more than {1} dimensions. Save the file again.", tensorLabel(tensor.name), MAX_RANK),
      );
    }
    for (let at = 0; at < bytes.length;) {
      const varint = varintAt(bytes, at);
      const failure =
        typeof varint === "string"
          ? malformed(
              field.at,
              t("{0}: its shape ends inside a number. Save the file again.", tensorLabel(tensor.name)),
            )
          : addDim(varint.value, field.at, tensor);
      if (failure !== undefined || typeof varint === "string") {
        return failure;
      }
      at = varint.end;
    }
    return undefined;
  });
}

function addDim(size: number | undefined, at: number, tensor: OnnxTensor): Step {
  if (size === undefined || tensor.dims.length === MAX_RANK) {
    const fault = size === undefined ? t("a negative or huge dimension") : t("more than {0} dimensions", MAX_RANK);
    return malformed(at, t("{0}: {1}. Save the file again.", tensorLabel(tensor.name), fault));
  }
  tensor.dims.push(size);
  return undefined;
}

// Each run is a part of the tensor; whole lists are one run.
const MAX_LISTS = 1000;

function addList(field: FileField, tensor: OnnxTensor): Step {
  const { lists } = tensor;
  const wire = LIST_WIRES[field.number] ?? "varint";
  const last = lists.at(-1);
  if (field.wire === "bytes") {
    lists.push({ ...rangeOf(field), field: field.number, wire, isTagged: false, items: undefined });
  } else if (field.wire !== wire || field.start !== field.at + 1) {
    return malformed(
      field.at,
      t("{0}: a value of another kind is in its list. Save it again.", tensorLabel(tensor.name)),
    );
  } else if (last?.isTagged === true && last.end === field.at && last.field === field.number) {
    lists[lists.length - 1] = { ...last, end: field.end, items: (last.items ?? 0) + 1 };
  } else {
    lists.push({ start: field.at, end: field.end, field: field.number, wire, isTagged: true, items: 1 });
  }
  return lists.length > MAX_LISTS
    ? malformed(field.at, t("{0}: its values are cut into more than {1} lists.", tensorLabel(tensor.name), MAX_LISTS))
    : undefined;
}

/** float_data, int32_data, int64_data, double_data, uint64_data. */
const LIST_WIRES: Readonly<Record<number, OnnxList["wire"]>> = {
  4: "fixed32",
  5: "varint",
  7: "varint",
  10: "fixed64",
  11: "varint",
};

function rangeOf({ start, end }: MessageRange): MessageRange {
  return { start, end };
}

const MAX_EXTERNAL_ENTRIES = 100;

/** StringStringEntryProto: key 1, value 2. */
async function readExternal(walk: Walk, range: MessageRange, { external, name }: OnnxTensor): Promise<Step> {
  const texts = new Map<number, string>();
  const failure = await walkMessage(walk, range, async (field) => {
    texts.set(field.number, await readText(walk, field));
    return undefined;
  });
  external.set(texts.get(1) ?? "", texts.get(2) ?? "");
  return external.size > MAX_EXTERNAL_ENTRIES
    ? malformed(
        range.start,
        t("{0}: external_data has more than {1} entries.", tensorLabel(name), MAX_EXTERNAL_ENTRIES),
      )
    : failure;
}
