import { config } from "@vscode/l10n";

/** Texts of a language by their English, as VS Code reads them from `l10n/bundle.l10n.<language>.json`. */
export type Bundle = Readonly<Record<string, string>>;

export interface Language {
  /** `en`, `zh-cn`: as VS Code names it. */
  readonly name: string;
  /** What it lacks stays English; empty for English. */
  readonly texts: Bundle;
}

export const ENGLISH: Language = { name: "en", texts: {} };

let known = ENGLISH;

/** All texts that are made from now on are in the language of the bundle. */
export function setLanguage(texts: Bundle, name = "other"): void {
  known = Object.keys(texts).length === 0 ? ENGLISH : { name, texts };
  config({ contents: { ...texts } });
}

/** What other programs of ours are told, so that they make their texts in the same. */
export function currentLanguage(): Language {
  return known;
}

/** The bundle of the language that people read; empty for English. */
export function currentBundle(): Bundle {
  return known.texts;
}

export function isEnglish({ name }: Language): boolean {
  return name === ENGLISH.name;
}

/** Texts that `work` makes are English: they are for programs and models. It must not be asynchronous. */
export function inEnglish<Made>(work: () => Made): Made {
  config({ contents: {} });
  try {
    return work();
  } finally {
    config({ contents: { ...known.texts } });
  }
}
