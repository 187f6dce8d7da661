import { config } from "@vscode/l10n";

// Imported first by every page: tables of texts are made as their modules load. Without a bundle all stays English.
config({ contents: document.getElementById("l10n")?.textContent ?? "{}" });
