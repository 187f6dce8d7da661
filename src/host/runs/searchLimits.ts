import type { Discovery } from "#protocol/workerAnswers.ts";
import { t } from "@vscode/l10n";

/** Enough for any project; a data set with a million files, or a slow disk, must not hold up the editor. */
export const SEARCH_LIMITS = { maxEntries: 20_000, maxMs: 5000 } as const;

/** Why a search has not seen all; undefined when it has. */
export function describeLimit(truncated: Discovery["truncated"]): string | undefined {
  switch (truncated) {
    case "entries":
      return t(
        "The search for runs stopped after {0} files and folders, so there may be more.",
        SEARCH_LIMITS.maxEntries,
      );
    case "time":
      return t("The search for runs stopped after {0} s, so there may be more.", SEARCH_LIMITS.maxMs / 1000);
    case false:
      return undefined;
  }
}
