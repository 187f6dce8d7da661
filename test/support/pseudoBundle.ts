import { readJson } from "./manifest.ts";

/** A made-up language: every text is its English in ⟦ ⟧, and nothing else is. */
export const PSEUDO: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(readJson("l10n/bundle.l10n.json")).map((text) => [text, `⟦${text}⟧`]),
);
