import { createPartOpener } from "#codings/partOpener.ts";
import type { ReadInto } from "#core/byteSource.ts";
import type { TensorPart } from "#core/tensorPart.ts";

/** Opens one part alone; what decodes it is never stopped. */
export function openPart(part: TensorPart, readFile: ReadInto): ReadInto {
  return createPartOpener().open(part, readFile);
}
