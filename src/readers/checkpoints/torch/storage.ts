import type { DType } from "#core/dtype.ts";

import { countOf, globalNameOf, isRecord, itemsOf, textOf } from "../pickle/access.ts";
import type { PickleValue } from "../pickle/values.ts";
import type { StorageReference } from "./strided.ts";

/**
 * `('storage', type, key, location, elements)`, and in old files a view or nothing: `(key of the view, offset, elements)`.
 * Undefined when a value is no such reference.
 */
export function storageOf(value: PickleValue | undefined): StorageReference | undefined {
  return isRecord(value) && value.kind === "persistent" ? (value.storage ?? parseId(value.id)) : parseId(value);
}

function parseId(id: PickleValue | undefined): StorageReference | undefined {
  const [word, type, keyValue, , elementsValue, view = null] = itemsOf(id) ?? [];
  const element = elementOf(globalNameOf(type) ?? "");
  const key = keyOf(keyValue);
  const elements = countOf(elementsValue);
  if (textOf(word) !== "storage" || element === undefined || key === undefined || elements === undefined) {
    return undefined;
  }
  const { dtype, width } = element;
  const reference = { key, dtype, width, elements, offset: 0 };
  return view === null ? reference : inView(reference, view);
}

function keyOf(value: PickleValue | undefined): string | undefined {
  return typeof value === "number" ? String(value) : textOf(value);
}

/** `(key of the view, offset, elements)`. */
function inView(whole: StorageReference, view: PickleValue): StorageReference | undefined {
  const [, offset, elements] = (itemsOf(view) ?? []).map(countOf);
  return offset === undefined || elements === undefined || !(offset + elements <= whole.elements)
    ? undefined
    : { ...whole, offset };
}

/** Of `torch.FloatStorage`, `torch.cuda.HalfStorage` and their like. */
export function elementOf(type: string): { readonly dtype: DType | undefined; readonly width: number } | undefined {
  return ELEMENTS.get(/^torch\.(?:\w+\.)?(\w+)Storage$/.exec(type)?.[1] ?? "");
}

const ELEMENTS: ReadonlyMap<string, { readonly dtype: DType | undefined; readonly width: number }> = new Map([
  ["Double", { dtype: "F64", width: 8 }],
  ["Float", { dtype: "F32", width: 4 }],
  ["Half", { dtype: "F16", width: 2 }],
  ["BFloat16", { dtype: "BF16", width: 2 }],
  ["ComplexDouble", { dtype: "C128", width: 16 }],
  ["ComplexFloat", { dtype: "C64", width: 8 }],
  ["ComplexHalf", { dtype: "C32", width: 4 }],
  ["Long", { dtype: "I64", width: 8 }],
  ["Int", { dtype: "I32", width: 4 }],
  ["Short", { dtype: "I16", width: 2 }],
  ["Char", { dtype: "I8", width: 1 }],
  ["Byte", { dtype: "U8", width: 1 }],
  ["Bool", { dtype: "BOOL", width: 1 }],
  ["QInt32", { dtype: undefined, width: 4 }],
  ["QInt8", { dtype: undefined, width: 1 }],
  ["QUInt8", { dtype: undefined, width: 1 }],
  ["QUInt4x2", { dtype: undefined, width: 1 }],
  ["QUInt2x4", { dtype: undefined, width: 1 }],
  ["Untyped", { dtype: undefined, width: 1 }],
]);

/** Of `torch.float8_e4m3fn` and its like, which tensors in bytes without a type name. */
export function dtypeNamed(name: string): DType | undefined {
  return DTYPES.get(name);
}

const DTYPES: ReadonlyMap<string, DType> = new Map([
  ["torch.float64", "F64"],
  ["torch.float32", "F32"],
  ["torch.float16", "F16"],
  ["torch.bfloat16", "BF16"],
  ["torch.complex128", "C128"],
  ["torch.complex64", "C64"],
  ["torch.complex32", "C32"],
  ["torch.float8_e4m3fn", "F8_E4M3"],
  ["torch.float8_e5m2", "F8_E5M2"],
  ["torch.float8_e4m3fnuz", "F8_E4M3FNUZ"],
  ["torch.float8_e5m2fnuz", "F8_E5M2FNUZ"],
  ["torch.float8_e8m0fnu", "F8_E8M0"],
  ["torch.int64", "I64"],
  ["torch.int32", "I32"],
  ["torch.int16", "I16"],
  ["torch.int8", "I8"],
  ["torch.uint64", "U64"],
  ["torch.uint32", "U32"],
  ["torch.uint16", "U16"],
  ["torch.uint8", "U8"],
  ["torch.bool", "BOOL"],
]);
