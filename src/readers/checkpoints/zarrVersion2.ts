import type { Coding } from "#core/coding.ts";
import { bitsOf } from "#core/dtype.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";

import { dtypeByCode, dtypeByName, type ElementType } from "./arrayDType.ts";
import { asCounts, asRecord, asText } from "./jsonFields.ts";
import { checkedProduct } from "./product.ts";
import { tensorLabel } from "./tensorLabel.ts";
import { fillBytes } from "./zarrFill.ts";
import { gridOf, stridesIn, type ZarrArray } from "./zarrGrid.ts";

/** A `.zarray`. What is unsupported is a phrase about the array, such as "an array compressed with blosc". */
export function parseZarr2(json: unknown): Outcome<ZarrArray> {
  const fields = asRecord(json) ?? {};
  const shape = asCounts(fields["shape"]);
  const chunks = asCounts(fields["chunks"]);
  const elements = checkedProduct(shape ?? [Number.NaN]);
  const grid = gridOf(shape ?? [], chunks ?? []);
  if (fields["zarr_format"] !== 2 || shape === undefined || chunks === undefined || elements === undefined) {
    return malformed(0, ".zarray needs zarr_format 2, shape and chunks, with less than 2^53 elements.");
  }
  const element = elementType(fields["dtype"]);
  if (element === undefined) {
    return unsupported(`an array of ${described(fields["dtype"])}`);
  }
  const bytes = checkedProduct([...chunks, bitsOf(element.dtype) / 8]);
  if (grid === undefined || bytes === undefined || bytes === 0 || shape.length > MAX_RANK) {
    return malformed(0, `chunks of ${described(chunks)} cannot hold an array of shape ${described(shape)}.`);
  }
  const separator = fields["dimension_separator"] ?? ".";
  const order = fields["order"];
  if ((separator !== "." && separator !== "/") || (order !== "C" && order !== "F")) {
    return unsupported(`an array with separator ${described(separator)} and order ${described(order)}`);
  }
  const compression = compressionOf(fields, bytes);
  if (compression.kind !== "ok") {
    return compression;
  }
  const axes = chunks.map((_, axis) => axis);
  const swap: readonly Coding[] = element.isBigEndian ? [{ kind: "bigEndian", bytes: swapBytes(element) }] : [];
  return ok({
    dtype: element.dtype,
    shape,
    elements,
    grid,
    chunk: {
      shape: chunks,
      strides: stridesIn(chunks, order === "C" ? axes : axes.toReversed()),
      isRowMajor: order === "C" || chunks.length < 2,
      bytes,
      codings: [...compression.value, ...swap],
      trailingBytes: 0,
    },
    keyOf: (index) => (index.length === 0 ? "0" : index.join(separator)),
    fill: fillBytes(element.dtype, fields["fill_value"]),
  });
}

export const MAX_RANK = 64;

/** A complex number is two numbers. */
export function swapBytes({ dtype }: ElementType): number {
  return dtype === "C64" ? 4 : bitsOf(dtype) / 8;
}

/** A value from a file inside a sentence. */
export function described(value: unknown): string {
  return tensorLabel(typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing"));
}

/** Orbax names types that NumPy's protocol has no code for: `bfloat16`. */
function elementType(dtype: unknown): ElementType | undefined {
  const text = asText(dtype) ?? "";
  const named = dtypeByName(text);
  return named === undefined ? dtypeByCode(text) : { dtype: named, isBigEndian: false };
}

function compressionOf(fields: Readonly<Record<string, unknown>>, bytes: number): Outcome<readonly Coding[]> {
  const { compressor, filters } = fields;
  if (Array.isArray(filters) && filters.length > 0) {
    return unsupported(`an array with the filter ${described(asRecord(filters[0])?.["id"])}`);
  }
  if (compressor === null || compressor === undefined) {
    return ok([]);
  }
  const id = asText(asRecord(compressor)?.["id"]);
  return id === "zstd" || id === "gzip" || id === "zlib"
    ? ok([{ kind: id, decodedBytes: bytes }])
    : unsupported(`an array compressed with ${described(id)}`);
}
