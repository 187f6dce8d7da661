import { basename, dirname } from "node:path";
import { fromCheckpoint } from "#protocol/checkpoint.ts";
import type { FromCheckpoint, ToCheckpoint } from "#protocol/checkpoint.ts";
import { parseMessage } from "#protocol/parse.ts";
import { forWebview } from "#protocol/webviewWire.ts";
import type { Run } from "#store/run.ts";
import * as vscode from "vscode";
import type { ClusterShares } from "../cluster/clusterShares.ts";
import { Cancelled } from "../pendingRequests.ts";
import { settings } from "../settings.ts";
import type { WorkerClient } from "../workerClient.ts";
import { pickCheckpoint } from "./pickCheckpoint.ts";
import { showNorms } from "./showNorms.ts";
import type { TakenKinds } from "./takenKinds.ts";
import { createTasks } from "./tasks.ts";
import { answerTensor } from "./tensorAnswers.ts";
import { watchFiles } from "./watchFiles.ts";

export interface PageSources {
  readonly worker: WorkerClient;
  readonly kinds: TakenKinds;
  readonly shares: ClusterShares;
  /** Followed runs, whose checkpoints are offered to compare with. */
  readonly runs: () => readonly Run[];
  /** The folder that keeps norms. */
  readonly cache: string;
  readonly openView: (uri: vscode.Uri) => Promise<void>;
}

/** Answers what one page of the checkpoint editor asks, until it is closed. */
export function attachPage(panel: vscode.WebviewPanel, uri: vscode.Uri, sources: PageSources): void {
  const { kinds, shares, worker, cache } = sources;
  const path = uri.fsPath;
  const post = (message: ToCheckpoint): void => void panel.webview.postMessage(forWebview(message));
  const tasks = createTasks(path, { worker, post, threads: () => settings.compute().threads });
  const watch = watchFiles({
    intervalMs: settings.pollingIntervalMs,
    isVisible: () => panel.visible,
    stat: statFile,
    onDidChange: (message) => post({ kind: "stale", message }),
  });
  let running: AbortController | undefined;
  let described: AbortController | undefined;

  async function show(): Promise<void> {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    const { signal } = controller;
    try {
      if (!(await watch.start(path))) {
        tasks.forget();
      }
      const weights = await showNorms(uri, { worker, kinds, shares, cache, post, signal, onFiles });
      tasks.setWeights(weights);
    } catch (error) {
      if (error instanceof Cancelled) {
        post({ kind: "cancelled" });
      } else {
        const message = error instanceof Error ? error.message : String(error);
        post({ kind: "failed", message });
        void vscode.window.showErrorMessage(`${basename(path)}: ${message}`);
      }
    }
  }

  /** The page has the index, so that it can show what belongs to it. */
  async function onFiles(files: readonly string[]): Promise<void> {
    tasks.repeat();
    await watch.add(files);
  }

  async function compare(dropped: string | null): Promise<void> {
    const placeHolder = vscode.l10n.t("Choose a checkpoint to compare with");
    const other =
      dropped === null ? await pickCheckpoint(sources.runs(), { placeHolder, except: path }) : fileOf(dropped);
    if (other !== undefined) {
      await tasks.compareWith(other.fsPath);
    }
  }

  function describe(action: TensorAction): void {
    described?.abort();
    described = new AbortController();
    void answerTensor(action, { path, worker, post, compute: settings.compute(), signal: described.signal });
  }

  async function act(action: FromCheckpoint): Promise<void> {
    switch (action.kind) {
      case "cancel":
        return running?.abort();
      case "takeAs":
        return kinds.set(path, action.tensorKind);
      case "ready":
        return show();
      case "compute":
        tasks.forget();
        return show();
      case "describeTensor":
      case "computeSpectrum":
        return describe(action);
      case "measureAdam":
        return tasks.measureAdam();
      case "compare":
        return compare(action.uri);
      case "swap":
        return tasks.swap();
      case "cancelTask":
        return tasks.cancel(action.task);
      case "openFolder":
        return sources.openView(vscode.Uri.file(dirname(path)));
    }
  }

  const subscription = panel.webview.onDidReceiveMessage((message) => {
    const action = parseMessage(fromCheckpoint, message);
    if (action !== undefined) {
      void act(action).catch((error: unknown) => vscode.window.showErrorMessage(String(error)));
    }
  });
  const arrivals = shares.onDidPut((arrived) => {
    if (arrived === path) {
      void show(); // Its errors are shown in the page.
    }
  });
  panel.onDidDispose(() => {
    running?.abort();
    described?.abort();
    for (const each of [subscription, arrivals, watch, tasks]) {
      each.dispose();
    }
  });
}

type TensorAction = Extract<FromCheckpoint, { kind: "describeTensor" | "computeSpectrum" }>;

/** What the Explorer calls a file of this machine, seen from the window or from here. */
function fileOf(dropped: string): vscode.Uri | undefined {
  const uri = vscode.Uri.parse(dropped);
  return ["file", "vscode-remote"].includes(uri.scheme)
    ? vscode.Uri.from({ scheme: "file", path: uri.path })
    : undefined;
}

async function statFile(path: string): Promise<string> {
  const { size, mtime } = await vscode.workspace.fs.stat(vscode.Uri.file(path));
  return `${size} ${mtime}`;
}
