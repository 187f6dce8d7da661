import type { ReadInto } from "#core/byteSource.ts";
import { decodedBytes, type TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { checkRange, damageOf, type OpenedPart } from "./openedPart.ts";
import { isStreamed, undoWhole } from "./undoCoding.ts";

/** Decodes all of a part with the first read, and keeps it. */
export function openWhole(part: TensorPart, readFile: ReadInto): OpenedPart {
  let decoded: Uint8Array | undefined;
  return {
    async read(target, offset) {
      checkRange(part, offset + target.length, decodedBytes(part));
      decoded ??= await decodeWhole(part, readFile);
      target.set(decoded.subarray(offset, offset + target.length));
    },
    stop: async () => undefined,
  };
}

async function decodeWhole(part: TensorPart, readFile: ReadInto): Promise<Uint8Array> {
  const { offset, byteLength, codings = [] } = part;
  const bytes = new Uint8Array(byteLength);
  if (byteLength > 0) {
    await readFile(bytes, offset);
  }
  try {
    const decoded = codings.filter(isStreamed).reduce(undoWhole, bytes);
    if (decoded.length !== decodedBytes(part)) {
      throw new Error(t("they end after {0} bytes; {1} were expected", decoded.length, decodedBytes(part)));
    }
    return decoded;
  } catch (error) {
    throw damageOf(part, error);
  }
}
