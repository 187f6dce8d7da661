import type { Coding } from "#core/coding.ts";
import { bitsOf, type DType } from "#core/dtype.ts";
import { t } from "@vscode/l10n";

/** NumPy's element type as ours, and what is to be undone; undefined when there is none. */
export interface ElementType {
  readonly dtype: DType;
  readonly codings: readonly Coding[];
}

/** `<f4`, `>i8`, `|b1`: byte order, kind, bytes. */
export function parseElementType(descr: string): ElementType | undefined {
  const [, order = "", code = ""] = /^([<>|=]?)(\w+)$/.exec(descr) ?? [];
  const name = NAMES.get(code);
  if (name === undefined) {
    return undefined;
  }
  // Complex numbers are turned around part by part.
  const bytes = bitsOf(name) / (name.startsWith("C") ? 16 : 8);
  const codings: readonly Coding[] = order === ">" && bytes > 1 ? [{ kind: "bigEndian", bytes }] : [];
  return { dtype: name, codings };
}

/** A kind of element that has no norm, in words. */
export function describeElementType(descr: string): string {
  const code = /^[<>|=]?(\w)/.exec(descr)?.[1] ?? "";
  const meaning = MEANINGS.get(code)?.();
  const type = descr.slice(0, 40);
  return meaning === undefined ? t("elements of type {0}", type) : t("elements of type {0} ({1})", type, meaning);
}

/** bfloat16 has no code of its own; NumPy writes what it does not know as V, and two bytes of it are bfloat16 in practice. */
const NAMES: ReadonlyMap<string, DType> = new Map(
  Object.entries<DType>({
    f8: "F64",
    f4: "F32",
    f2: "F16",
    V2: "BF16",
    bfloat16: "BF16",
    c8: "C64",
    c16: "C128",
    i8: "I64",
    i4: "I32",
    i2: "I16",
    i1: "I8",
    u8: "U64",
    u4: "U32",
    u2: "U16",
    u1: "U8",
    b1: "BOOL",
  }),
);

const MEANINGS: ReadonlyMap<string, () => string> = new Map(
  Object.entries<() => string>({
    O: () => t("pickled Python objects"),
    f: () => t("wider than float64"),
    c: () => t("wider than two float64"),
    V: () => t("bytes without a meaning"),
    S: () => t("text"),
    U: () => t("text"),
    M: () => t("dates"),
    m: () => t("times"),
  }),
);
