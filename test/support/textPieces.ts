import { readJson } from "./manifest.ts";

/** A language in which every piece of a text between its values is in ⟦ ⟧, so that English in a value shows. */
export const PIECES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(readJson("l10n/bundle.l10n.json")).map((text) => [
    text,
    text.replaceAll(/\{\d+\}|[^{}]+|[{}]/g, (piece) => (/^\{\d+\}$/.test(piece) ? piece : `⟦${piece}⟧`)),
  ]),
);

/** What is not in ⟦ ⟧: the values. */
export function valuesIn(text: string): string {
  return text.replaceAll(/⟦[^⟦⟧]*⟧/g, "\n");
}
