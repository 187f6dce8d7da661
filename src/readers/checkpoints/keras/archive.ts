import type { ByteSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { ok, type Outcome, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { readHdf5 } from "./hdf5.ts";
import type { FileReader, Probe } from "../reader.ts";
import { windowOf } from "../shared/window.ts";
import { looksLikeZip, readZip } from "../zip/zip.ts";
import { firstNameOf } from "../zip/firstName.ts";

export const kerasArchive: FileReader = { format: "keras", recognises: isKerasArchive, readIndex: readKerasArchive };

/** Keras writes what the model is before its weights. */
function isKerasArchive({ source, head }: Probe): boolean {
  return looksLikeZip(head) && (source.name.endsWith(".keras") || FIRST_NAMES.has(firstNameOf(head)));
}

const WEIGHTS = "model.weights.h5";
const FIRST_NAMES: ReadonlySet<string> = new Set(["metadata.json", "config.json", WEIGHTS]);

/** A zip archive with the weights in an HDF5 file, which lies in it as it is. What the model is, is never looked at. */
async function readKerasArchive(source: ByteSource): Promise<Outcome<CheckpointIndex>> {
  const entries = await readZip(source);
  if (entries.kind !== "ok") {
    return entries;
  }
  const weights = entries.value.find(({ name }) => name === WEIGHTS);
  if (weights === undefined) {
    return unsupported(t("The archive has no {0}, in which Keras keeps the tensors. Save the model again.", WEIGHTS));
  }
  const { offset, size, method } = weights;
  if (method !== "stored") {
    return unsupported(t("{0} is compressed in the archive. Unpack the archive and open {0} itself.", WEIGHTS));
  }
  const index = await readHdf5(windowOf(source, offset, size), { file: source.name, offset });
  return index.kind === "ok" ? ok({ ...index.value, format: "keras" }) : inSource(index, { offset, size: source.size });
}

/** The archive is complete, so that what its weights lack does not come any more. */
function inSource(
  failure: Outcome<CheckpointIndex>,
  { offset, size }: { readonly offset: number; readonly size: number },
): Outcome<CheckpointIndex> {
  switch (failure.kind) {
    case "ok":
    case "unsupported":
      return failure;
    case "malformed":
      return { ...failure, offset: offset + failure.offset };
    case "incomplete":
      return {
        kind: "malformed",
        offset: Math.min(size, offset + failure.have),
        what: t("{0} ends too early.", WEIGHTS),
      };
  }
}
