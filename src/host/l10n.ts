import { config } from "@vscode/l10n";
import * as vscode from "vscode";

// Imported first by the extension: tables of texts are made as their modules load. Without a bundle all stays English.
config({ contents: vscode.l10n.bundle ?? {} });
