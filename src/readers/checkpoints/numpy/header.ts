import type { Coding } from "#core/coding.ts";
import { bitsOf, type DType } from "#core/dtype.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { checkedProduct } from "../shared/product.ts";
import { describeElementType, parseElementType } from "./dtype.ts";
import { fieldOf, parsePythonLiteral, type PythonLiteral } from "./pythonLiteral.ts";

/** What a .npy file says before its elements. */
export interface NpyArray {
  readonly dtype: DType;
  /** What makes its elements' bytes other than ours; often nothing. */
  readonly codings: readonly Coding[];
  readonly shape: readonly number[];
  readonly elements: number;
  readonly isFortran: boolean;
  /** Bytes before the elements. */
  readonly headerBytes: number;
  /** Bytes of the elements. */
  readonly byteLength: number;
}

export const NPY_MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

/** Bytes that tell how long the header is: magic, two of version, two or four of length. */
export const NPY_PREFIX_BYTES = 12;

// np.load refuses texts of more than 10,000 characters; those that are longer describe records of many fields.
const MAX_HEADER_BYTES = 1_000_000;

// NumPy 2 has at most 64 dimensions.
const MAX_RANK = 64;

export function isNpy(head: Uint8Array): boolean {
  return NPY_MAGIC.every((byte, at) => head[at] === byte);
}

/** Bytes before the elements, from the first bytes of a file; `have` of them are at hand in all. */
export function npyHeaderBytes(head: Uint8Array, have: number): Outcome<number> {
  const [major = 0, minor = 0] = head.subarray(NPY_MAGIC.length);
  const start = major === 1 ? 10 : NPY_PREFIX_BYTES;
  if (!NPY_MAGIC.subarray(0, have).every((byte, at) => head[at] === byte)) {
    return malformed(0, t("This is not an array of NumPy: it does not start with its six bytes."));
  }
  if (have > NPY_MAGIC.length && (major < 1 || major > 3)) {
    return unsupported(
      t("The array has version {0}.{1} of NumPy's format; versions 1 to 3 are read. Update Gradlens.", major, minor),
    );
  }
  if (have < start) {
    return { kind: "incomplete", have, need: start };
  }
  const view = new DataView(head.buffer, head.byteOffset);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER_BYTES) {
    return malformed(
      8,
      t("The array's header would have {0} bytes, more than {1}. Save it again.", length, MAX_HEADER_BYTES),
    );
  }
  const need = start + length;
  return need > have ? { kind: "incomplete", have, need } : ok(need);
}

/** Takes all bytes before the elements. */
export function parseNpyHeader(header: Uint8Array): Outcome<NpyArray> {
  const start = header[NPY_MAGIC.length] === 1 ? 10 : NPY_PREFIX_BYTES;
  const text = new TextDecoder(header[NPY_MAGIC.length] === 3 ? "utf-8" : "latin1").decode(header.subarray(start));
  const literal = parsePythonLiteral(text);
  if (literal.kind !== "ok") {
    return literal.kind === "malformed" ? { ...literal, offset: start + literal.offset } : literal;
  }
  const [descr, isFortran, shape] = ["descr", "fortran_order", "shape"].map((key) => fieldOf(literal.value, key));
  if (descr === undefined || typeof isFortran !== "boolean" || !isShape(shape)) {
    return malformed(
      start,
      t("The array's header needs descr, fortran_order and a shape of whole numbers. Save it again."),
    );
  }
  return checkArray({ descr, isFortran, shape }, header.length);
}

interface Fields {
  readonly descr: PythonLiteral;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
}

function checkArray({ descr, isFortran, shape }: Fields, headerBytes: number): Outcome<NpyArray> {
  if (typeof descr !== "string") {
    return unsupported(
      t("The array's elements are records of several fields. Save its fields as arrays of their own."),
    );
  }
  const type = parseElementType(descr);
  if (type === undefined) {
    return unsupported(t("Gradlens does not read {0}. Save the array with numbers.", describeElementType(descr)));
  }
  const elements = shape.includes(0) ? 0 : checkedProduct(shape);
  const byteLength = elements === undefined ? undefined : checkedProduct([elements, bitsOf(type.dtype) / 8]);
  if (elements === undefined || byteLength === undefined) {
    return malformed(headerBytes, t("The array's shape [{0}] has more than 2^53 bytes.", shape.slice(0, 8).join(", ")));
  }
  return ok({ ...type, shape, elements, isFortran, headerBytes, byteLength });
}

function isShape(value: PythonLiteral | undefined): value is readonly number[] {
  return (
    Array.isArray(value) && value.length <= MAX_RANK && value.every((size) => typeof size === "number" && size >= 0)
  );
}
