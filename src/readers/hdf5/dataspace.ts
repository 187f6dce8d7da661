import { t } from "@vscode/l10n";
import { type Cursor, skip, takeBytes, takeLength, takeNumber } from "./records.ts";
import { damaged, notSupported } from "./refusal.ts";

export interface Dataspace {
  /** Empty for a scalar. */
  readonly shape: readonly number[];
  /** How far each dimension may grow; undefined without a limit. */
  readonly limits: readonly (number | undefined)[];
}

// HDF5 itself has at most 32 dimensions.
const MAX_RANK = 32;
const NULL_SPACE = 2;

export function parseDataspace(cursor: Cursor): Dataspace {
  const version = takeNumber(cursor, 1);
  const rank = takeNumber(cursor, 1);
  const flags = takeNumber(cursor, 1);
  if (version !== 1 && version !== 2) {
    throw notSupported(t("a dataspace of version {0}", version));
  }
  const kind = takeNumber(cursor, 1);
  skip(cursor, version === 1 ? 4 : 0);
  if (rank > MAX_RANK) {
    throw damaged(cursor.offset, t("A dataset has {0} dimensions, more than {1}.", rank, MAX_RANK));
  }
  if (version === 2 && kind === NULL_SPACE) {
    return { shape: [0], limits: [0] };
  }
  const shape = Array.from({ length: rank }, () => takeLength(cursor));
  const limits = (flags & 1) === 0 ? shape : shape.map(() => takeLimit(cursor));
  return { shape, limits };
}

function takeLimit(cursor: Cursor): number | undefined {
  const bytes = takeBytes(cursor, cursor.file.lengthBytes);
  return bytes.every((byte) => byte === 0xff) ? undefined : bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}
