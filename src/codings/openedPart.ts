import type { ReadInto } from "#core/byteSource.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { createDamage } from "./damage.ts";

/** One part while it is read. */
export interface OpenedPart {
  readonly read: ReadInto;
  /** Ends what decodes it. */
  readonly stop: () => Promise<void>;
}

/** Throws when a request ends behind the decoded bytes. */
export function checkRange({ file, offset }: TensorPart, end: number, size: number): void {
  if (end > size) {
    throw createDamage(t("{0}: byte {1} of {2} was asked for in the data at {3}.", file, end, size, offset));
  }
}

/** What is wrong with a part's data, and where they lie. */
export function damageOf({ file, offset }: TensorPart, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return createDamage(t("{0}: the data at {1} are damaged: {2}.", file, offset, reason), error);
}
