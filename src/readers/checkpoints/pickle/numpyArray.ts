import type { Coding } from "#core/coding.ts";
import { bitsOf, type DType } from "#core/dtype.ts";
import { elementsOf } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { argsOf, classNameOf, countOf, globalNameOf, isBytes, isObject, isText, itemsOf, textOf } from "./access.ts";
import type { PickleObject, PickleValue } from "./values.ts";

/** A NumPy array whose bytes lie in the pickle. */
export interface NumpyArray {
  readonly kind: "array";
  readonly dtype: DType;
  readonly isBigEndian: boolean;
  readonly shape: readonly number[];
  readonly isColumnMajor: boolean;
  /** Its bytes' range in the pickle, and what was done to them. */
  readonly offset: number;
  readonly byteLength: number;
  readonly codings: readonly Coding[];
}

export type NumpyRecord =
  | NumpyArray
  | { readonly kind: "notRead"; readonly what: string }
  | { readonly kind: "broken"; readonly what: string };

/** The array that a call of NumPy's would have made; undefined for other calls. */
export function numpyArrayOf(object: PickleObject): NumpyRecord | undefined {
  const name = classNameOf(object).replace(/^numpy\._core\./, "numpy.core.");
  if (name === "numpy.core.multiarray._reconstruct") {
    const [, shape, dtype, isColumnMajor, data] = itemsOf(object.state) ?? [];
    return arrayFrom({ shape, dtype, data, isColumnMajor: isColumnMajor === true });
  }
  if (name === "numpy.core.numeric._frombuffer") {
    const [data, dtype, shape, order] = argsOf(object);
    return arrayFrom({ shape, dtype, data, isColumnMajor: textOf(order) === "F" });
  }
  return undefined;
}

interface ArrayFields {
  readonly shape: PickleValue | undefined;
  readonly dtype: PickleValue | undefined;
  readonly data: PickleValue | undefined;
  readonly isColumnMajor: boolean;
}

function arrayFrom({ shape: shapeValue, dtype: dtypeValue, data, isColumnMajor }: ArrayFields): NumpyRecord {
  const shape = itemsOf(shapeValue)?.map((size) => countOf(size) ?? -1);
  const element = elementOf(dtypeValue);
  if (shape === undefined || shape.some((size) => size < 0)) {
    return { kind: "broken", what: t("its shape is not what NumPy writes") };
  }
  if (element.dtype === undefined) {
    return { kind: "notRead", what: t("a NumPy array of {0}", element.name) };
  }
  const bytes = (elementsOf(shape) * bitsOf(element.dtype)) / 8;
  const stored = storedBytes(data, bytes);
  if (stored === undefined) {
    return { kind: "notRead", what: t("a NumPy array whose elements are written as text") };
  }
  if (stored.codings.length === 0 && stored.byteLength !== bytes) {
    return { kind: "broken", what: t("its shape takes {0} bytes, but {1} are there", bytes, stored.byteLength) };
  }
  return { kind: "array", dtype: element.dtype, isBigEndian: element.isBigEndian, shape, isColumnMajor, ...stored };
}

type StoredBytes = Pick<NumpyArray, "offset" | "byteLength" | "codings">;

/** Bytes as they are, or as text that `_codecs.encode` was to turn into them. */
function storedBytes(data: PickleValue | undefined, decodedBytes: number): StoredBytes | undefined {
  if (isBytes(data)) {
    return { offset: data.offset, byteLength: data.byteLength, codings: [] };
  }
  const [text, encoding] = isObject(data) && classNameOf(data) === "_codecs.encode" ? argsOf(data) : [];
  if (decodedBytes === 0) {
    return { offset: 0, byteLength: 0, codings: [] };
  }
  return isText(text) && (textOf(encoding) ?? "latin1") === "latin1"
    ? { offset: text.offset, byteLength: text.byteLength, codings: [{ kind: "latin1AsUtf8", decodedBytes }] }
    : undefined;
}

interface Element {
  readonly name: string;
  readonly dtype: DType | undefined;
  readonly isBigEndian: boolean;
}

/** `numpy.dtype('f4', …)` with its byte order in its state. */
function elementOf(value: PickleValue | undefined): Element {
  if (!isObject(value) || classNameOf(value) !== "numpy.dtype") {
    return { name: t("elements of an unknown kind"), dtype: undefined, isBigEndian: false };
  }
  const [given] = argsOf(value);
  const name = textOf(given) ?? globalNameOf(given) ?? t("elements of a kind of its own");
  const order = textOf(itemsOf(value.state)?.[1]);
  return { name, dtype: DTYPES.get(name.replace(/^[<>=|]/, "")), isBigEndian: name.startsWith(">") || order === ">" };
}

const DTYPES: ReadonlyMap<string, DType> = new Map([
  ["f8", "F64"],
  ["f4", "F32"],
  ["f2", "F16"],
  ["c16", "C128"],
  ["c8", "C64"],
  ["i8", "I64"],
  ["i4", "I32"],
  ["i2", "I16"],
  ["i1", "I8"],
  ["u8", "U64"],
  ["u4", "U32"],
  ["u2", "U16"],
  ["u1", "U8"],
  ["b1", "BOOL"],
]);
