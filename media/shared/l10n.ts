import { setLanguage } from "#l10n/language.ts";
import type { Bundle } from "#l10n/language.ts";

// Imported first by every page: tables of texts are made as their modules load. Without a bundle all stays English.
setLanguage(textsIn(document.getElementById("l10n")?.textContent ?? "{}"));

function textsIn(json: string): Bundle {
  const parsed: unknown = JSON.parse(json);
  const texts = typeof parsed === "object" && parsed !== null ? Object.entries(parsed) : [];
  return Object.fromEntries(texts.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
