import type { FromDashboard } from "#protocol/dashboard.ts";
import type { Run } from "#store/run.ts";
import { createRunStore } from "#store/runStore.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import { createCatalogue } from "./catalogue.ts";
import type { Catalogue } from "./catalogue.ts";
import { registerCheckpointEditor } from "./checkpoint/checkpointEditor.ts";
import { computeInBackground } from "./checkpoint/background.ts";
import { createClusterShares } from "./cluster/clusterShares.ts";
import { showWhereSlurmIs } from "./cluster/clusterCommand.ts";
import { registerCommands, revealStep } from "./commands.ts";
import { createDashboard } from "./dashboardPanel.ts";
import { createDiagnostics } from "./diagnostics.ts";
import { createFindingsBook } from "./findingsBook.ts";
import { createFollowedRuns } from "./followedRuns.ts";
import type { FollowedRuns } from "./followedRuns.ts";
import { registerHover } from "./hover.ts";
import { createRunsTree } from "./runsTree.ts";
import { settings } from "./settings.ts";
import { createStatusItem } from "./statusItem.ts";
import { createTakenKinds } from "./checkpoint/takenKinds.ts";
import { createWorkerClient } from "./workerClient.ts";
import type { WorkerClient } from "./workerClient.ts";
import { startWorkerProcess } from "./workerProcess.ts";

/** What tests inside the extension host may look at; other extensions get nothing. */
export interface TestAccess {
  readonly store: RunStore;
  readonly worker: WorkerClient;
}

export function activate(context: vscode.ExtensionContext): TestAccess | undefined {
  const { extension, extensionUri, subscriptions } = context;
  const log = vscode.window.createOutputChannel("Gradlens", { log: true });
  const worker = createWorkerClient(() =>
    startWorkerProcess(vscode.Uri.joinPath(extensionUri, "dist", "worker.cjs").fsPath, (text) => log.info(text)),
  );
  const store = createRunStore(settings.maxSamples);
  const findings = createFindingsBook(store);
  const catalogue = createCatalogue(worker);
  const kinds = createTakenKinds(context.workspaceState);
  const shares = createClusterShares();
  const cluster = { extensionUri, storageUri: context.globalStorageUri, shares };
  const followed = createFollowedRuns(store, worker, log);
  const cache = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "norms").fsPath;
  const dashboard = createDashboard({ extensionUri, store, findings, onAction });

  subscriptions.push(
    log,
    worker,
    findings,
    followed,
    worker.onDidStop(({ reason }) => log.warn(`The compute worker stopped: ${reason}`)),
    createRunsTree({ catalogue, store, findings }),
    createStatusItem(store),
    createDiagnostics(findings),
    registerHover(store),
    registerCheckpointEditor({ extensionUri, worker, kinds, shares, runs: store.runs, cache }),
    registerCommands({ extension, catalogue, followed, store, findings, dashboard, worker, cluster, log }),
    computeInBackground(store, worker, {
      mode: settings.autoCheckpoints,
      maxBytes: settings.maxAutoBytes,
      compute: settings.compute,
      cache,
      kinds,
      onError: (error) => log.info(`Checkpoint left out: ${String(error)}`),
    }),
  );
  void followFirstRuns(catalogue, followed).catch((error: unknown) => log.error(String(error)));
  void showWhereSlurmIs().catch((error: unknown) => log.error(String(error)));
  const isTest = context.extensionMode === vscode.ExtensionMode.Test;
  return isTest ? { store, worker } : undefined;
}

async function followFirstRuns(catalogue: Catalogue, followed: FollowedRuns): Promise<void> {
  await catalogue.refresh();
  const mode = settings.autoFollow();
  const runs = catalogue.runs();
  for (const run of mode === "all" ? runs : runs.slice(0, mode === "latest" ? 1 : 0)) {
    followed.follow(run);
  }
}

function onAction(run: Run | undefined, action: FromDashboard): void {
  void act(run, action).then(undefined, (error: unknown) => vscode.window.showErrorMessage(String(error)));
}

/** What people do in the dashboard that happens outside of it. */
async function act(run: Run | undefined, action: FromDashboard): Promise<void> {
  if (action.kind === "openExample") {
    await vscode.commands.executeCommand("gradlens.openSample");
  } else if (action.kind === "inspectCheckpoint") {
    await vscode.commands.executeCommand("gradlens.inspectCheckpoint", vscode.Uri.file(action.path));
  } else if (action.kind === "revealStep" && run !== undefined) {
    await revealStep(run, action.step);
  }
}
