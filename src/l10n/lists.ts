import { t } from "@vscode/l10n";

/** The first few names, and how many more there are. */
export function listNames(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return more > 0 ? t("{0} and {1} more", names.slice(0, most).join(", "), more) : names.join(", ");
}

/** The first few names; `…` stands for the others. */
export function firstNames(names: readonly string[], most: number): string {
  return names.length > most ? `${names.slice(0, most).join(", ")}, …` : names.join(", ");
}
