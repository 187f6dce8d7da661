import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** Options and HTML of a page that runs one of our scripts and may load nothing else. */
export function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [mediaRoot(extensionUri)] };
}

export function webviewHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  page: "dashboard" | "checkpoint",
): string {
  const nonce = randomBytes(18).toString("base64");
  const uri = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(mediaRoot(extensionUri), file)).toString();
  const policy = [
    "default-src 'none'",
    `img-src ${webview.cspSource} data:`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
    "base-uri 'none'", // Of these two the first says nothing.
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri(`${page}.css`)}">
</head>
<body><div id="root"></div><script type="application/json" id="l10n">${bundleForPage()}</script>
<script nonce="${nonce}" src="${uri(`${page}.js`)}"></script></body>
</html>`;
}

/** The bundle of the editor's language, as data of a page: the page runs nothing of it. */
function bundleForPage(): string {
  return JSON.stringify(vscode.l10n.bundle ?? {}).replaceAll("<", "\\u003c");
}

function mediaRoot(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, "dist", "media");
}
