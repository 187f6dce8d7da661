import { basename } from "node:path";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type { GlobalNorms, TensorKind } from "#core/tensor.ts";
import { fromCheckpoint } from "#protocol/checkpoint.ts";
import type { ToCheckpoint } from "#protocol/checkpoint.ts";
import { parseMessage } from "#protocol/parse.ts";
import { forWebview } from "#protocol/webviewWire.ts";
import type { CheckpointNorms, GlobalsByKind, NormsProgress } from "#protocol/worker.ts";
import * as vscode from "vscode";
import type { ClusterShares } from "./cluster/clusterShares.ts";
import { describeEngine, describeRate } from "./engineText.ts";
import { Cancelled } from "./pendingRequests.ts";
import { settings } from "./settings.ts";
import type { TakenKinds } from "./takenKinds.ts";
import { webviewHtml, webviewOptions } from "./webviewPage.ts";
import type { WorkerClient } from "./workerClient.ts";

const CHECKPOINT_VIEW = "gradlens.checkpoint";
/** For files that other programs write too: the same editor, only when asked. */
const OPTIONAL_VIEW = "gradlens.checkpointOptional";
const HAS_OTHER_ENDING = /\.(?!safetensors$)\w+$/;

/** Opens a file or a folder: the document of this editor is only a name, so that a folder can be one. */
export async function openCheckpointView(uri: vscode.Uri): Promise<void> {
  const view = HAS_OTHER_ENDING.test(uri.path) ? OPTIONAL_VIEW : CHECKPOINT_VIEW;
  await vscode.commands.executeCommand("vscode.openWith", uri, view);
}

export interface CheckpointEditorOptions {
  readonly extensionUri: vscode.Uri;
  readonly worker: WorkerClient;
  readonly kinds: TakenKinds;
  readonly shares: ClusterShares;
}

/** The read-only editor of checkpoints: names and shapes at once, norms as they are computed. */
export function registerCheckpointEditor(options: CheckpointEditorOptions): vscode.Disposable {
  const { extensionUri } = options;
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor(document, panel) {
      panel.webview.options = webviewOptions(extensionUri);
      attachView(panel, document.uri, options);
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

type ViewSources = Pick<CheckpointEditorOptions, "worker" | "kinds" | "shares">;

function attachView(panel: vscode.WebviewPanel, uri: vscode.Uri, sources: ViewSources): void {
  const { kinds, shares } = sources;
  let running: AbortController | undefined;
  const post = (message: ToCheckpoint): void => void panel.webview.postMessage(forWebview(message));

  async function show(): Promise<void> {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    try {
      await showNorms(uri, { ...sources, post, signal: controller.signal });
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
    } else if (action?.kind === "takeAs") {
      kinds.set(uri.fsPath, action.tensorKind);
    } else if (action !== undefined) {
      void show(); // Its errors are shown in the page.
    }
  });
  const arrivals = shares.onDidPut((path) => {
    if (path === uri.fsPath) {
      void show();
    }
  });
  panel.onDidDispose(() => {
    running?.abort();
    subscription.dispose();
    arrivals.dispose();
  });
}

interface ShowOptions extends ViewSources {
  readonly post: (message: ToCheckpoint) => void;
  readonly signal: AbortSignal;
}

async function showNorms(uri: vscode.Uri, { worker, kinds, shares, post, signal }: ShowOptions): Promise<void> {
  const path = uri.fsPath;
  const onProgress = (progress: NormsProgress): void =>
    post({ kind: "progress", ...progress, tensors: [...progress.tensors] });
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
    takenAs: kinds.of(path),
  });
  const folder = shares.take(path);
  if (folder !== undefined) {
    post(finished(await worker.request<"mergeShares">({ kind: "mergeShares", folder }, { signal, onProgress })));
    await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true });
    return;
  }
  // The page chooses among the alternatives, so that another kind needs no second reading.
  const norms = await worker.request<"computeNorms">(
    { kind: "computeNorms", path, ...settings.compute(), hasAlternatives: true },
    { signal, onProgress },
  );
  post(finished(norms));
}

function finished(answer: CheckpointNorms): ToCheckpoint {
  const { globals: asWeights, alternatives, unmeasured, engine, readBytes, seconds, notes } = answer;
  const groupings = [{ takenAs: "weight" as const, globals: asWeights }, ...alternatives];
  return {
    kind: "finished",
    groupings: groupings.map(({ takenAs, globals }) => ({ takenAs, globals: listed(globals) })),
    unmeasured: [...unmeasured],
    engine: describeEngine(engine),
    rates: engine.rates.map(describeRate),
    readBytes,
    seconds,
    notes: [...notes],
  };
}

/** In the order of the kinds. */
function listed(globals: GlobalsByKind): { kind: TensorKind; norms: GlobalNorms }[] {
  return TENSOR_KINDS.flatMap((kind) => {
    const norms = globals[kind];
    return norms === undefined ? [] : [{ kind, norms }];
  });
}

function report(uri: vscode.Uri, error: unknown, post: (message: ToCheckpoint) => void): void {
  const message = error instanceof Error ? error.message : String(error);
  post({ kind: "failed", message });
  void vscode.window.showErrorMessage(`${basename(uri.fsPath)}: ${message}`);
}
