import { t } from "@vscode/l10n";

import { argsOf, classNameOf, globalNameOf, isObject, isRecord, itemsOf, textOf, valueAt } from "../pickle/access.ts";
import type { PickleObject, PicklePersistent, PickleValue } from "../pickle/values.ts";
import { dtypeNamed, storageOf } from "./storage.ts";
import type { StridedRecord } from "./strided.ts";

/** Codes of one byte, with the table that they are places in and the scales of their blocks. */
export interface CodebookRecord {
  readonly kind: "codebook";
  readonly codes: StridedRecord;
  readonly table: StridedRecord;
  readonly scales: StridedRecord;
}

export type TensorRecord =
  | StridedRecord
  | CodebookRecord
  /** A tensor that Gradlens cannot read, and what it is. */
  | { readonly kind: "notRead"; readonly what: string }
  /** A call that makes a tensor, of arguments that cannot make one. */
  | { readonly kind: "broken"; readonly what: string }
  /** A tensor that another part of the file describes. */
  | { readonly kind: "persistent"; readonly record: PicklePersistent };

/** The tensor that a call would have made; undefined for other calls. */
export function tensorRecordOf(object: PickleObject): TensorRecord | undefined {
  if (object.tensor !== undefined) {
    return object.tensor;
  }
  const name = classNameOf(object);
  const read = CALLS.get(name);
  return read === undefined && isTensorCall(name) ? { kind: "notRead", what: name } : read?.(argsOf(object));
}

/** `_rebuild_nested_tensor`, `_rebuild_wrapper_subclass`, `_rebuild_meta_tensor_no_storage`, … */
function isTensorCall(name: string): boolean {
  return name.startsWith("torch._utils._rebuild_") || name.startsWith("torch._tensor._rebuild_");
}

type Arguments = readonly PickleValue[];

const CALLS: ReadonlyMap<string, (args: Arguments) => TensorRecord> = new Map([
  ["torch._utils._rebuild_tensor", strided],
  ["torch._utils._rebuild_tensor_v2", strided],
  ["torch._utils._rebuild_tensor_v3", strided],
  ["torch._utils._rebuild_parameter", inner],
  ["torch._utils._rebuild_parameter_with_state", inner],
  ["torch.nn.parameter.Parameter", inner],
  ["torch.nn.parameter.Buffer", inner],
  ["torch._tensor._rebuild_from_type", fromType],
  ["torch._tensor._rebuild_from_type_v2", fromType],
  ["torch._utils._rebuild_sparse_tensor", sparse],
  ["torch._utils._rebuild_sparse_csr_tensor", sparse],
  ["torch._utils._rebuild_qtensor", quantised],
]);

function strided([storageValue, offset, size, stride, , , dtypeValue]: Arguments): TensorRecord {
  const storage = storageOf(storageValue);
  const shape = numbersOf(size);
  const strides = numbersOf(stride);
  if (storage === undefined || typeof offset !== "number" || shape === undefined || strides === undefined) {
    return { kind: "broken", what: t("its storage, offset, size or stride are not what torch writes") };
  }
  const named = globalNameOf(dtypeValue);
  const dtype = named === undefined ? storage.dtype : dtypeNamed(named);
  return dtype === undefined
    ? { kind: "notRead", what: t("a tensor of {0}", named ?? t("quantised numbers")) }
    : { kind: "strided", storage, dtype, offset, shape, strides };
}

function numbersOf(value: PickleValue | undefined): readonly number[] | undefined {
  const items = itemsOf(value);
  return items?.every((item) => typeof item === "number") === true ? items : undefined;
}

function inner([data]: Arguments): TensorRecord {
  if (isRecord(data) && data.kind === "persistent") {
    return { kind: "persistent", record: data };
  }
  const record = isObject(data) ? tensorRecordOf(data) : undefined;
  return record ?? { kind: "notRead", what: t("a parameter without a tensor of torch's own") };
}

/** A subclass of torch's tensor: the call that makes the tensor in it, the class, the arguments, the attributes. */
function fromType([callable = null, type, args = null, state]: Arguments): TensorRecord {
  const codebook = globalNameOf(type)?.endsWith(".OptimState8bit") === true ? codebookOf(state) : undefined;
  if (codebook !== undefined) {
    return codebook;
  }
  const record = tensorRecordOf({ kind: "object", callable, args });
  return record === undefined || record.kind === "notRead"
    ? { kind: "notRead", what: globalNameOf(type) ?? t("a tensor of a class of its own") }
    : record;
}

/** The state of one of torchao's optimizers. */
function codebookOf(state: PickleValue | undefined): CodebookRecord | undefined {
  const [codes, table, scales] = ["codes", "qmap", "scale"].map((name) => {
    const value = valueAt(state, name);
    return isObject(value) ? tensorRecordOf(value) : undefined;
  });
  return codes?.kind === "strided" && table?.kind === "strided" && scales?.kind === "strided"
    ? { kind: "codebook", codes, table, scales }
    : undefined;
}

/** The norm of a sparse tensor is that of its values, when no element is named twice. */
function sparse([layout, data]: Arguments): TensorRecord {
  const name = isObject(layout) ? (textOf(argsOf(layout)[0]) ?? "") : (globalNameOf(layout) ?? "");
  const parts = itemsOf(data) ?? [];
  const isList = name === "torch.sparse_coo";
  const values = isList ? parts[1] : parts[2];
  if (isList && parts[3] !== true) {
    return {
      kind: "notRead",
      what: t("a sparse tensor that may hold an element twice; call coalesce() before it is saved"),
    };
  }
  const record = isObject(values) ? tensorRecordOf(values) : undefined;
  return record?.kind === "strided"
    ? { ...record, isSparse: true }
    : { kind: "notRead", what: t("a tensor of {0}", name) };
}

function quantised([, , , , parameters]: Arguments): TensorRecord {
  const scheme = globalNameOf(itemsOf(parameters)?.[0]) ?? t("an unknown scheme");
  return { kind: "notRead", what: t("a quantised tensor ({0})", scheme) };
}
