import { listNames } from "#l10n/lists.ts";
import { t } from "@vscode/l10n";

// Of a job that has not begun a list of all would say no more.
const NAMED_SHARES = 16;

/** `Share 3 of 8 is missing`. */
export function describeMissing(missing: readonly number[], count: number): string {
  const named = listNames(missing.map(String), NAMED_SHARES);
  return missing.length === 1
    ? t("Share {0} of {1} is missing", named, count)
    : t("Shares {0} of {1} are missing", named, count);
}
