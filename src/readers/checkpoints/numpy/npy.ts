import type { ByteSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { isNpy, NPY_MAGIC, NPY_PREFIX_BYTES, type NpyArray, npyHeaderBytes, parseNpyHeader } from "./header.ts";
import type { FileReader } from "../reader.ts";
import { tensorKind } from "../shared/tensorKind.ts";
import { trimmed } from "../shared/tensorSize.ts";

export const npy: FileReader = {
  format: "npy",
  recognises: ({ source, head }) =>
    isNpy(head) || (source.name.endsWith(".npy") && head.length > 0 && head.length < NPY_MAGIC.length),
  readIndex: readNpy,
};

/** One array of NumPy: a header that is a Python literal, and its elements. It is called as its file is. */
async function readNpy(source: ByteSource): Promise<Outcome<CheckpointIndex>> {
  const array = await readArray(source);
  if (array.kind !== "ok") {
    return array;
  }
  const { headerBytes, byteLength, codings } = array.value;
  const end = headerBytes + byteLength;
  if (end > source.size) {
    return { kind: "incomplete", have: source.size, need: end };
  }
  const name = source.name.replace(/\.npy$/, "");
  const place = { file: source.name, offset: headerBytes, byteLength, ...(codings.length === 0 ? {} : { codings }) };
  const notes = end < source.size ? [t("{0} bytes follow the array and were not read.", source.size - end)] : [];
  return ok({ format: "npy", tensors: [toEntry(name, array.value, place)], metadata: {}, notes });
}

/** An array as a tensor whose bytes lie at a place. */
export function toEntry(name: string, array: NpyArray, place: TensorPart): TensorEntry {
  const { dtype, shape, elements, isFortran } = array;
  const { file } = place;
  const strides = isFortran && shape.length > 1 && elements > 0 ? { strides: fortranStrides(shape) } : {};
  const kind = tensorKind({ name, dtype, file, declared: undefined });
  return { name, kind, dtype, shape: trimmed(shape), elements, file, parts: [{ ...place, ...strides }] };
}

async function readArray(source: ByteSource): Promise<Outcome<NpyArray>> {
  const head = await source.read(0, Math.min(source.size, NPY_PREFIX_BYTES));
  const headerBytes = npyHeaderBytes(head, source.size);
  return headerBytes.kind === "ok" ? parseNpyHeader(await source.read(0, headerBytes.value)) : headerBytes;
}

/** The first dimension runs fastest. */
function fortranStrides(shape: readonly number[]): number[] {
  let stride = 1;
  return shape.map((size) => {
    const own = stride;
    stride *= size;
    return own;
  });
}
