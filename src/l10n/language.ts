import { config } from "@vscode/l10n";

/** Texts of a language by their English, as VS Code reads them from `l10n/bundle.l10n.<language>.json`. */
export type Bundle = Readonly<Record<string, string>>;

let known: Bundle = {};

/** All texts that are made from now on are in the language of the bundle; what it lacks stays English. */
export function setLanguage(bundle: Bundle): void {
  known = bundle;
  config({ contents: { ...bundle } });
}

/** The bundle of the language that people read; empty for English. */
export function currentBundle(): Bundle {
  return known;
}

/** Texts that `work` makes are English: they are for programs and models. It must not be asynchronous. */
export function inEnglish<Made>(work: () => Made): Made {
  config({ contents: {} });
  try {
    return work();
  } finally {
    config({ contents: { ...known } });
  }
}
