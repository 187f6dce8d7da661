import type { NormsPart } from "#protocol/normsPart.ts";
import { t } from "@vscode/l10n";
import { difference } from "./fingerprint.ts";

/** A part and the file it was read from. */
export interface NamedPart {
  readonly path: string;
  readonly part: NormsPart;
}

/** Throws, with a sentence for people, when parts are not of one computation, or one share is there twice. */
export function checkSameWhole([first, ...others]: readonly NamedPart[]): void {
  if (first === undefined) {
    return;
  }
  const seen = new Map([[first.part.share.index, first.path]]);
  for (const { path, part } of others) {
    const { share, fingerprint } = part;
    const reason =
      share.count === first.part.share.count
        ? difference(first.part.fingerprint, fingerprint)
        : t("one is of {0} shares, the other of {1}", first.part.share.count, share.count);
    if (reason !== undefined) {
      throw new Error(t("{0} and {1} do not belong together: {2}.", first.path, path, reason));
    }
    const twin = seen.get(share.index);
    if (twin !== undefined) {
      throw new Error(t("{0} and {1} are both share {2} of {3}. Leave one out.", twin, path, share.index, share.count));
    }
    seen.set(share.index, path);
  }
}

/** The shares that are not among some parts, from 1. */
export function missingShares(parts: readonly NormsPart[]): readonly number[] {
  const there = new Set(parts.map(({ share }) => share.index));
  const count = parts[0]?.share.count ?? 0;
  return Array.from({ length: count }, (_, at) => at + 1).filter((index) => !there.has(index));
}
