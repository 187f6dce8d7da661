import { bitsOf } from "#core/dtype.ts";
import { ok, type Outcome } from "#core/outcome.ts";

import { decode } from "../decode.ts";
import { cutShape } from "../pairs/cutShape.ts";
import { openRowMajor } from "../pairs/rowMajor.ts";
import type { Reducible, TensorInput } from "../reduce.ts";
import type { MatrixSize, ReadRows } from "./spectralNorm.ts";

export interface Matrix extends MatrixSize {
  readonly readRows: ReadRows;
}

/** A tensor as a matrix of its first dimension by all others; a vector is one row. */
export function asMatrix(reducible: Reducible, open: TensorInput["open"], signal?: AbortSignal): Outcome<Matrix> {
  const { dtype, shape, elements } = reducible.entry;
  const rows = shape.length > 1 ? (shape[0] ?? 1) : 1;
  const columns = rows === 0 ? 0 : elements / rows;
  const opened = openRowMajor(reducible, open);
  if (opened.kind !== "ok") {
    return opened;
  }
  const readSlab = opened.value;
  const most = Math.max(columns, PIECE_ELEMENTS);
  const bytes = new Uint8Array((Math.min(most, elements) * bitsOf(dtype)) / 8);
  async function* readRows(): AsyncGenerator<ReturnType<typeof decode>, void> {
    for (const slab of cutShape(shape, most)) {
      signal?.throwIfAborted();
      if (slab.elements > 0) {
        const target = bytes.subarray(0, (slab.elements * bitsOf(dtype)) / 8);
        await readSlab(target, slab);
        yield decode({ dtype, bytes: target });
      }
    }
  }
  return ok({ rows, columns, readRows });
}

/** At most, unless a row has more. */
const PIECE_ELEMENTS = 256 * 1024;
