import type { Coding } from "#core/coding.ts";
import { bitsOf } from "#core/dtype.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { elementsOf } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { dtypeByCode, dtypeByName, type ElementType } from "../shared/arrayDType.ts";
import { asCounts, asRecord, asText } from "../shared/jsonFields.ts";
import { checkedProduct } from "../shared/product.ts";
import { canDecompress, type Compression, type Fields } from "./codecs.ts";
import { fillBytes } from "./fill.ts";
import { checkedShape, described, gridOf, stridesIn, swapCoding, type ZarrArray } from "./grid.ts";

/** A `.zarray`. What is unsupported is a phrase about the array, such as "an array compressed with blosc". */
export function parseZarr2(json: unknown): Outcome<ZarrArray> {
  const fields = asRecord(json) ?? {};
  const shape = checkedShape(fields["shape"]);
  if (fields["zarr_format"] !== 2 || shape === undefined) {
    return malformed(0, t(".zarray needs zarr_format 2 and a shape with less than 2^53 elements."));
  }
  const element = elementType(fields["dtype"]);
  return element === undefined
    ? unsupported(t("an array of {0}", described(fields["dtype"])))
    : parseLayout(fields, shape, element);
}

function parseLayout(fields: Fields, shape: readonly number[], element: ElementType): Outcome<ZarrArray> {
  const { dtype, isBigEndian } = element;
  const chunks = asCounts(fields["chunks"]) ?? [];
  const grid = gridOf(shape, chunks);
  const bytes = checkedProduct([...chunks, bitsOf(dtype) / 8]) ?? 0;
  if (grid === undefined || bytes === 0) {
    return malformed(
      0,
      t("chunks of {0} cannot hold an array of shape {1}.", described(fields["chunks"]), described(shape)),
    );
  }
  const { order, dimension_separator: separator = "." } = fields;
  const axes = axesIn(order, chunks.length);
  if ((separator !== "." && separator !== "/") || axes === undefined) {
    return unsupported(t("an array with separator {0} and order {1}", described(separator), described(order)));
  }
  const compression = compressionOf(fields, bytes);
  if (compression.kind !== "ok") {
    return compression;
  }
  return ok({
    dtype,
    shape,
    elements: elementsOf(shape),
    grid,
    chunk: {
      shape: chunks,
      strides: stridesIn(chunks, axes),
      isRowMajor: axes.every((axis, at) => axis === at),
      bytes,
      codings: [...compression.value, ...swapCoding(dtype, isBigEndian)],
      trailingBytes: 0,
    },
    keyOf: (index) => (index.length === 0 ? "0" : index.join(separator)),
    fill: fillBytes(dtype, fields["fill_value"]),
  });
}

/** Dimensions from the one that runs slowest: C's order, or Fortran's. */
function axesIn(order: unknown, rank: number): readonly number[] | undefined {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  if (order === "F") {
    return axes.toReversed();
  }
  return order === "C" ? axes : undefined;
}

/** Orbax names types that NumPy's protocol has no code for: `bfloat16`. */
function elementType(dtype: unknown): ElementType | undefined {
  const text = asText(dtype) ?? "";
  const named = dtypeByName(text);
  return named === undefined ? dtypeByCode(text) : { dtype: named, isBigEndian: false };
}

function compressionOf(fields: Fields, bytes: number): Outcome<readonly Coding[]> {
  const { compressor, filters } = fields;
  if (Array.isArray(filters) && filters.length > 0) {
    return unsupported(t("an array with the filter {0}", described(asRecord(filters[0])?.["id"])));
  }
  if (compressor === null || compressor === undefined) {
    return ok([]);
  }
  const id = asText(asRecord(compressor)?.["id"]);
  const kind = COMPRESSIONS.find((each) => each === id);
  if (kind === undefined) {
    return unsupported(t("an array compressed with {0}", described(id)));
  }
  return canDecompress(kind, bytes)
    ? ok([{ kind, decodedBytes: bytes }])
    : unsupported(
        t("an array in chunks of {0} bytes that are compressed with {1}: they do not fit into memory", bytes, kind),
      );
}

/** By the names that numcodecs gives them. */
const COMPRESSIONS: readonly Compression[] = ["zstd", "gzip", "zlib", "blosc", "lz4"];
