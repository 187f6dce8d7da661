// oxlint-disable-next-line import/no-unassigned-import -- It sets the language, before tables of texts are made.
import "../l10n.ts";
import { registerLanguageFeatures } from "./register.ts";

/** What text editors show, as one value: the bundle that the first run loads. */
export interface LanguageService {
  readonly registerLanguageFeatures: typeof registerLanguageFeatures;
}

export const languageService: LanguageService = { registerLanguageFeatures };
