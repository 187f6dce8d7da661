import { setLanguage } from "#l10n/language.ts";
import * as vscode from "vscode";

// Imported first by the extension: tables of texts are made as their modules load. Without a bundle all stays English.
setLanguage(vscode.l10n.bundle ?? {}, vscode.env.language);
