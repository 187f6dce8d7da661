import { setLanguage } from "#l10n/language.ts";
import { PSEUDO } from "./pseudoBundle.ts";

// Imported first by a test: tables of texts that the host's code makes as it loads are in the made-up language too.
setLanguage(PSEUDO);
