import * as vscode from "vscode";
import { loadPanels } from "../loadPanels.ts";
import { webviewHtml, webviewOptions } from "../webviewPage.ts";
import type { PageSources } from "./checkpointPage.ts";
import type { Panels } from "../panels.ts";

const CHECKPOINT_VIEW = "gradlens.checkpoint";
/** For files that other programs write too: the same editor, only when asked. */
const OPTIONAL_VIEW = "gradlens.checkpointOptional";
const HAS_OTHER_ENDING = /\.(?!safetensors$)\w+$/;

/** Opens a file or a folder: the document of this editor is only a name, so that a folder can be one. */
export async function openCheckpointView(uri: vscode.Uri): Promise<void> {
  const view = HAS_OTHER_ENDING.test(uri.path) ? OPTIONAL_VIEW : CHECKPOINT_VIEW;
  await vscode.commands.executeCommand("vscode.openWith", uri, view);
}

export interface CheckpointEditorOptions extends Omit<PageSources, "openView"> {
  readonly extensionUri: vscode.Uri;
}

/** It has what fills its editors: a panel that waited for that could be closed before. */
interface CheckpointDocument extends vscode.CustomDocument {
  readonly panels: Panels;
}

/** The read-only editor of checkpoints: names and shapes at once, norms as they are computed. */
export function registerCheckpointEditor(options: CheckpointEditorOptions): vscode.Disposable {
  const { extensionUri } = options;
  const provider: vscode.CustomReadonlyEditorProvider<CheckpointDocument> = {
    openCustomDocument: async (uri) => ({ uri, panels: await loadPanels(), dispose: () => undefined }),
    resolveCustomEditor({ uri, panels }, panel) {
      panel.webview.options = webviewOptions(extensionUri);
      panels.attachCheckpointPage(panel, uri, { ...options, openView: openCheckpointView });
      panel.webview.html = webviewHtml(panel.webview, extensionUri, "checkpoint");
    },
  };
  return vscode.Disposable.from(
    ...[CHECKPOINT_VIEW, OPTIONAL_VIEW].map((view) =>
      vscode.window.registerCustomEditorProvider(view, provider, {
        supportsMultipleEditorsPerDocument: true,
        webviewOptions: { enableFindWidget: true },
      }),
    ),
  );
}
