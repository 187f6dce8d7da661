import { bitsOf, type DType } from "#core/dtype.ts";
import { t } from "@vscode/l10n";

import { dtypeByName } from "../shared/arrayDType.ts";
import { failMsgpack, jumpTo, type MsgpackCursor, readToken, type Token } from "./msgpack.ts";
import { checkedProduct } from "../shared/product.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { trimmed } from "../shared/tensorSize.ts";

/** An array as Flax writes it: the extension's payload is MessagePack again, `[shape, name of the element type, bytes]`. */
export interface FlaxArray {
  readonly shape: readonly number[];
  readonly elements: number;
  readonly dtype: DType;
  readonly offset: number;
  readonly byteLength: number;
}

/** Reads the head of an array and jumps over its bytes; the name of its element type when that is unknown. */
export async function readFlaxArray(
  cursor: MsgpackCursor,
  name: string,
  extension: Extract<Token, { readonly kind: "ext" }>,
): Promise<FlaxArray | string | undefined> {
  const { start, end } = extension;
  jumpTo(cursor, end); // A file that ends before is incomplete, whatever the head says.
  cursor.position = start;
  const fail = (what: string): undefined => {
    failMsgpack(cursor, `${tensorLabel(name)}: ${what}`, start);
    return undefined;
  };
  const tuple = await readToken(cursor);
  const shape = isOf(tuple, 3) ? await readShape(cursor) : undefined;
  const dtype = await readToken(cursor);
  const bytes = await readToken(cursor);
  if (cursor.failure !== undefined) {
    return undefined;
  }
  if (shape === undefined || dtype.kind !== "plain" || typeof dtype.value !== "string" || bytes.kind !== "bin") {
    return fail(t("this array is not a shape, an element type and bytes. The file is damaged."));
  }
  if (bytes.end !== end) {
    return fail(t("its bytes end at {0}, but the array at {1}. The file is damaged.", bytes.end, end));
  }
  jumpTo(cursor, end);
  const known = dtypeByName(dtype.value);
  if (known === undefined) {
    return dtype.value;
  }
  const elements = checkedProduct(shape);
  const byteLength = bytes.end - bytes.start;
  if (elements === undefined || (elements * bitsOf(known)) / 8 !== byteLength) {
    return fail(
      t("{0} of shape [{1}] does not fill {2} bytes. Save it again.", dtype.value, shape.join(", "), byteLength),
    );
  }
  return { shape, elements, dtype: known, offset: bytes.start, byteLength };
}

// NumPy has at most 64 dimensions.
export const MAX_RANK = 64;

async function readShape(cursor: MsgpackCursor): Promise<readonly number[] | undefined> {
  const list = await readToken(cursor);
  if (list.kind !== "array" || list.count > MAX_RANK) {
    return undefined;
  }
  const shape: number[] = [];
  for (let axis = 0; axis < list.count; axis += 1) {
    const size = await readToken(cursor);
    if (size.kind !== "plain" || typeof size.value !== "number" || !(size.value >= 0) || size.value % 1 !== 0) {
      return undefined;
    }
    shape.push(size.value);
  }
  return trimmed(shape);
}

function isOf(token: Token, count: number): boolean {
  return token.kind === "array" && token.count === count;
}
