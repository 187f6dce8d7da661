import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { ok, type Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { numberOf, readPart, toMetadata } from "./part.ts";
import { joinParts, partName } from "./split.ts";
import type { FileReader } from "../reader.ts";

export const gguf: FileReader = {
  format: "gguf",
  recognises: ({ head }) => MAGIC.every((byte, at) => head[at] === byte),
  readIndex: readGguf,
};

/** `GGUF` */
const MAGIC = [0x47, 0x47, 0x55, 0x46] as const;

/** Lists the tensors of a GGUF file; of one part of several, those of all parts. */
export async function readGguf(source: ByteSource, companions: FolderSource): Promise<Outcome<CheckpointIndex>> {
  const part = await readPart(source);
  if (part.kind !== "ok") {
    return part;
  }
  const parts = numberOf(part.value.values, "split.count") ?? 1;
  if (parts > 1 && partName(source.name, 1, parts) !== undefined) {
    return joinParts({ source, parts, companions });
  }
  const { tensors, notRead, values } = part.value;
  const notes = parts > 1 ? [t("This is one of {0} parts, but its name does not tell the others.", parts)] : [];
  return ok({ format: "gguf", tensors, notRead, metadata: toMetadata(values), notes });
}
