import { t } from "@vscode/l10n";

const MOST_NAMES = 5;

/** The first few names, and how many more there are. */
export function listNames(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 0 ? t("{0} and {1} more", names.slice(0, MOST_NAMES).join(", "), more) : names.join(", ");
}
