import { messageOf } from "#core/messageOf.ts";
import { basename, dirname } from "node:path";
import { fromCheckpoint } from "#protocol/checkpoint.ts";
import type { FromCheckpoint, ToCheckpoint } from "#protocol/checkpoint.ts";
import { parseMessage } from "#protocol/parse.ts";
import { forWebview } from "#protocol/webviewWire.ts";
import type { Run } from "#store/run.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { ClusterShares } from "../cluster/clusterShares.ts";
import { isCancelled } from "#client/cancelled.ts";
import { localPath } from "../localPath.ts";
import { settings } from "../settings/settings.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { pickCheckpoint } from "./pickCheckpoint.ts";
import { showNorms } from "./showNorms.ts";
import type { TakenKinds } from "./takenKinds.ts";
import { createTasks } from "./tasks.ts";
import { answerTensor } from "./tensorAnswers.ts";
import type { TensorAnswerOptions } from "./tensorAnswers.ts";
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
  const { show, cancel } = createNormsTask(uri, {
    post,
    async read(signal) {
      localPath(uri);
      if (!(await watch.start(path))) {
        tasks.forget();
      }
      tasks.setWeights(await showNorms(uri, { worker, kinds, shares, cache, post, signal, onFiles }));
    },
  });
  const describe = createDescriber({ path, worker, post });

  /** The page has the index, so that it can show what belongs to it. */
  async function onFiles(files: readonly string[]): Promise<void> {
    tasks.repeat();
    await watch.add(files);
  }

  const actions: Actions = {
    cancel,
    takeAs: ({ tensorKind }) => kinds.set(path, tensorKind),
    ready: show,
    compute: async () => {
      tasks.forget();
      await show();
    },
    describeTensor: describe.answer,
    computeSpectrum: describe.answer,
    measureAdam: tasks.measureAdam,
    compare: async ({ uri: dropped }) => {
      const other = dropped === null ? await askForOther(sources, path) : fileOf(dropped);
      await (other === undefined ? undefined : tasks.compareWith(localPath(other)));
    },
    swap: tasks.swap,
    cancelTask: ({ task }) => tasks.cancel(task),
    openFolder: async () => sources.openView(vscode.Uri.file(dirname(localPath(uri)))),
  };
  const subscription = listen(panel.webview, actions);
  const arrivals = shares.onDidPut((arrived) => {
    if (arrived === path) {
      void show(); // Its errors are shown in the page.
    }
  });
  panel.onDidDispose(() => {
    cancel();
    for (const each of [subscription, arrivals, watch, tasks, describe]) {
      each.dispose();
    }
  });
}

interface NormsTask {
  /** Reads from the beginning, instead of what may still be read. Its errors are shown in the page. */
  readonly show: () => Promise<void>;
  readonly cancel: () => void;
}

interface NormsTaskOptions {
  readonly post: (message: ToCheckpoint) => void;
  readonly read: (signal: AbortSignal) => Promise<void>;
}

function createNormsTask(uri: vscode.Uri, { post, read }: NormsTaskOptions): NormsTask {
  let running: AbortController | undefined;
  return {
    async show() {
      running?.abort();
      running = new AbortController();
      try {
        await read(running.signal);
      } catch (error) {
        const message = messageOf(error);
        post(isCancelled(error) ? { kind: "cancelled" } : { kind: "failed", message });
        if (!isCancelled(error)) {
          void vscode.window.showErrorMessage(`${basename(uri.fsPath)}: ${message}`);
        }
      }
    },
    cancel: () => running?.abort(),
  };
}

/** Of one tensor at a time: the next one takes the place of the last. */
function createDescriber(options: Pick<TensorAnswerOptions, "path" | "worker" | "post">): {
  readonly answer: (action: TensorAction) => void;
  readonly dispose: () => void;
} {
  let running: AbortController | undefined;
  return {
    answer(action) {
      running?.abort();
      running = new AbortController();
      // A failure is answered, too.
      void answerTensor(action, { ...options, compute: settings.compute(), signal: running.signal });
    },
    dispose: () => running?.abort(),
  };
}

type TensorAction = Extract<FromCheckpoint, { kind: "describeTensor" | "computeSpectrum" }>;

/** One for each kind of message. */
type Actions = {
  readonly [K in FromCheckpoint["kind"]]: (action: Extract<FromCheckpoint, { kind: K }>) => unknown;
};

function listen(webview: vscode.Webview, actions: Actions): vscode.Disposable {
  return webview.onDidReceiveMessage((message) => {
    const action = parseMessage(fromCheckpoint, message);
    if (action !== undefined) {
      void act(actions, action).catch((error: unknown) => vscode.window.showErrorMessage(messageOf(error)));
    }
  });
}

async function act<K extends FromCheckpoint["kind"]>(
  actions: { readonly [Kind in K]: (action: Extract<FromCheckpoint, { kind: Kind }>) => unknown },
  action: Extract<FromCheckpoint, { kind: K }>,
): Promise<void> {
  await actions[action.kind](action);
}

async function askForOther({ runs }: PageSources, path: string): Promise<vscode.Uri | undefined> {
  const placeHolder = t("Choose a checkpoint to compare with");
  return pickCheckpoint(runs(), { placeHolder, except: path });
}

/** What the Explorer calls a file of this machine, seen from the window or from here. */
function fileOf(dropped: string): vscode.Uri {
  const uri = vscode.Uri.parse(dropped);
  return uri.scheme === "vscode-remote" ? vscode.Uri.from({ scheme: "file", path: uri.path }) : uri;
}

async function statFile(path: string): Promise<string> {
  const { size, mtime } = await vscode.workspace.fs.stat(vscode.Uri.file(path));
  return `${size} ${mtime}`;
}
