import { basename } from "node:path";
import { TENSOR_KINDS } from "#core/tensor.ts";
import { fromCheckpoint } from "#protocol/checkpoint.ts";
import type { ToCheckpoint } from "#protocol/checkpoint.ts";
import { parseMessage } from "#protocol/parse.ts";
import { forWebview } from "#protocol/webviewWire.ts";
import type { CheckpointNorms } from "#protocol/worker.ts";
import * as vscode from "vscode";
import { describeEngine, describeRate } from "./engineText.ts";
import { Cancelled } from "./pendingRequests.ts";
import { settings } from "./settings.ts";
import { webviewHtml, webviewOptions } from "./webviewPage.ts";
import type { WorkerClient } from "./workerClient.ts";

export const CHECKPOINT_VIEW = "gradlens.checkpoint";
/** For shard indexes, which other editors open as JSON too. */
const SHARD_INDEX_VIEW = "gradlens.checkpointIndex";

/** The read-only editor of checkpoint files: names and shapes at once, norms as they are computed. */
export function registerCheckpointEditor(extensionUri: vscode.Uri, worker: WorkerClient): vscode.Disposable {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor(document, panel) {
      panel.webview.options = webviewOptions(extensionUri);
      attachView(panel, document.uri, worker);
      panel.webview.html = webviewHtml(panel.webview, extensionUri, "checkpoint");
    },
  };
  return vscode.Disposable.from(
    ...[CHECKPOINT_VIEW, SHARD_INDEX_VIEW].map((view) =>
      vscode.window.registerCustomEditorProvider(view, provider, {
        supportsMultipleEditorsPerDocument: true,
        webviewOptions: { enableFindWidget: true },
      }),
    ),
  );
}

function attachView(panel: vscode.WebviewPanel, uri: vscode.Uri, worker: WorkerClient): void {
  let running: AbortController | undefined;
  const post = (message: ToCheckpoint): void => void panel.webview.postMessage(forWebview(message));

  async function show(): Promise<void> {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    try {
      await showNorms(uri, { worker, post, signal: controller.signal });
    } catch (error) {
      if (error instanceof Cancelled) {
        post({ kind: "cancelled" });
      } else {
        report(uri, error, post);
      }
    }
  }

  const subscription = panel.webview.onDidReceiveMessage((message) => {
    const action = parseMessage(fromCheckpoint, message);
    if (action?.kind === "cancel") {
      running?.abort();
    } else if (action !== undefined) {
      void show(); // Its errors are shown in the page.
    }
  });
  panel.onDidDispose(() => {
    running?.abort();
    subscription.dispose();
  });
}

interface ShowOptions {
  readonly worker: WorkerClient;
  readonly post: (message: ToCheckpoint) => void;
  readonly signal: AbortSignal;
}

async function showNorms(uri: vscode.Uri, { worker, post, signal }: ShowOptions): Promise<void> {
  const path = uri.fsPath;
  const { format, bytes, tensors, notes } = await worker.request<"indexCheckpoint">(
    { kind: "indexCheckpoint", path },
    { signal },
  );
  post({
    kind: "index",
    file: vscode.workspace.asRelativePath(uri),
    format,
    bytes,
    tensors: [...tensors],
    notes: [...notes],
  });
  const norms = await worker.request<"computeNorms">(
    { kind: "computeNorms", path, ...settings.compute() },
    { signal, onProgress: (progress) => post({ kind: "progress", ...progress, tensors: [...progress.tensors] }) },
  );
  post(finished(norms));
}

function finished({ globals, engine, readBytes, seconds, notes }: CheckpointNorms): ToCheckpoint {
  return {
    kind: "finished",
    globals: TENSOR_KINDS.flatMap((kind) => {
      const norms = globals[kind];
      return norms === undefined ? [] : [{ kind, norms }];
    }),
    engine: describeEngine(engine),
    rates: engine.rates.map(describeRate),
    readBytes,
    seconds,
    notes: [...notes],
  };
}

function report(uri: vscode.Uri, error: unknown, post: (message: ToCheckpoint) => void): void {
  const message = error instanceof Error ? error.message : String(error);
  post({ kind: "failed", message });
  void vscode.window.showErrorMessage(`${basename(uri.fsPath)}: ${message}`);
}
