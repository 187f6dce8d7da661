// oxlint-disable-next-line import/no-unassigned-import -- It sets the language, before any text is made.
import "./l10n.ts";
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { createFindingsBook } from "#following/findingsBook.ts";
import type { Run } from "#store/run.ts";
import { createRunStore } from "#store/runStore.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import { registerAgents } from "./agents/agents.ts";
import { createCatalogue } from "./runs/catalogue.ts";
import type { Catalogue } from "./runs/catalogue.ts";
import { registerCheckpointEditor } from "./checkpoint/checkpointEditor.ts";
import { computeInBackground } from "./checkpoint/background.ts";
import { createClusterShares } from "./cluster/clusterShares.ts";
import { showWhereSlurmIs } from "./cluster/whereSlurmIs.ts";
import { registerAll, registerCommands } from "./commands.ts";
import { createConfigBook } from "./settings/configBook.ts";
import { onDidChangePatterns, warnOfBadPatterns } from "./settings/customPatterns.ts";
import { actForDashboard } from "./dashboard/dashboardActions.ts";
import type { DashboardAction } from "./dashboard/dashboardActions.ts";
import { createDashboard } from "./dashboard/dashboardPanel.ts";
import { createFollowedRuns } from "./runs/followedRuns.ts";
import type { FollowedRuns } from "./runs/followedRuns.ts";
import { registerLanguageFeatures } from "./language/register.ts";
import { createSuspicionsBook } from "./language/suspicionsBook.ts";
import { createUpdatesBook } from "./language/updatesBook.ts";
import { createLogProblems } from "./runs/logProblems.ts";
import { choicesFrom, choicesFromSettings, judgeAnewOnChange } from "./settings/ruleChoices.ts";
import { createRunsTree } from "./runs/runsTree.ts";
import { settings } from "./settings/settings.ts";
import type { Language } from "#l10n/language.ts";
import { createStatusItem } from "./runs/statusItem.ts";
import { captureTerminals } from "./terminal/captureTerminals.ts";
import { createTakenKinds } from "./checkpoint/takenKinds.ts";
import { registerViews } from "./views/register.ts";
import type { Views } from "./views/register.ts";
import { createWorkerClient } from "#client/workerClient.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { startWorkerProcess } from "#client/workerProcess.ts";

/** What tests inside the extension host may look at; other extensions get nothing. */
export interface TestAccess {
  readonly store: RunStore;
  readonly worker: WorkerClient;
  readonly log: vscode.LogOutputChannel;
  readonly catalogue: Catalogue;
  /** Milliseconds of this process's time that starting took. */
  readonly activationMs: number;
  /** Whether starting has started a process. */
  readonly hasForked: boolean;
  readonly views: Views;
}

export function activate(context: vscode.ExtensionContext): TestAccess | undefined {
  const started = process.cpuUsage();
  const { extension, extensionUri, subscriptions } = context;
  const log = vscode.window.createOutputChannel("Gradlens", { log: true });
  const createWorker = workerStarter(extensionUri, log);
  const worker = createWorker();
  const store = createRunStore(settings.maxSamples);
  const configs = createConfigBook(store, worker, log);
  const findings = createFindingsBook(store, configs.applyTo(choicesFromSettings));
  const catalogue = createCatalogue(worker, async (folder) =>
    configs.load(folder).then(() => configs.patternsFor(folder)),
  );
  const kinds = createTakenKinds(context.workspaceState);
  const cluster = { extensionUri, storageUri: context.globalStorageUri, shares: createClusterShares(), worker };
  const followed = createFollowedRuns({ store, worker, patternsFor: configs.patternsFor, log });
  const suspicions = createSuspicionsBook();
  const updates = createUpdatesBook();
  const known = { store, findings, suspicions, updates, kinds, worker, wantsOfSource: configs.wantsOfSource };
  const views = registerViews({ store, findings, state: context.workspaceState });
  const cache = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "norms").fsPath;
  const dashboard = createDashboard({ extensionUri, store, findings, onAction });

  subscriptions.push(
    log,
    worker,
    configs,
    configs.onDidChange(findings.judgeAnew),
    findings,
    suspicions,
    followed,
    judgeAnewOnChange(findings),
    worker.onDidStop(({ reason }) => log.warn(`The compute worker stopped: ${reason}`)),
    createRunsTree({ catalogue, store, findings, suspicions }),
    views,
    registerAll({ ...views.commands, "gradlens.insertLogging": async () => insertLogging(extensionUri) }),
    captureTerminals(store, worker, (error) => log.warn(String(error))),
    createStatusItem(store, findings),
    createLogProblems(store),
    warnOfBadPatterns(worker, log),
    onDidChangePatterns(undefined, () => void catalogue.refresh().catch((error: unknown) => log.error(String(error)))),
    registerLanguageFeatures({ ...known, extensionUri, onError: (error) => log.error(String(error)) }),
    registerCheckpointEditor({ ...cluster, kinds, runs: store.runs, cache }),
    registerAgents({ extension, worker, createWorker, store, findings, choicesFor: choicesFrom(configs), cache }),
    registerCommands({ ...known, extension, catalogue, followed, dashboard, cluster, log }),
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
  const { user, system } = process.cpuUsage(started);
  const measured = { activationMs: (user + system) / 1000, hasForked: worker.processId() !== undefined };
  const access = { store, worker, log, catalogue, views, ...measured };
  return context.extensionMode === vscode.ExtensionMode.Test ? access : undefined;
}

/** When everything has started: its first question starts the worker's process. */
/** Makes compute workers; each says all in the editor's language, if no other is asked for. */
function workerStarter(extensionUri: vscode.Uri, log: vscode.LogOutputChannel): (language?: Language) => WorkerClient {
  const script = vscode.Uri.joinPath(extensionUri, "dist", "worker.cjs").fsPath;
  return (language) => createWorkerClient(() => startWorkerProcess(script, (text) => log.info(text), [], language));
}

async function followFirstRuns(catalogue: Catalogue, followed: FollowedRuns): Promise<void> {
  await setImmediate();
  try {
    await catalogue.refresh();
  } finally {
    // Before, nobody knows whether there are runs.
    await vscode.commands.executeCommand("setContext", "gradlens.hasSearched", true);
  }
  const mode = settings.autoFollow();
  const runs = catalogue.runs();
  for (const run of mode === "all" ? runs : runs.slice(0, mode === "latest" ? 1 : 0)) {
    followed.follow(run);
  }
}

function onAction(run: Run | undefined, action: DashboardAction): void {
  void actForDashboard(run, action).then(undefined, (error: unknown) => vscode.window.showErrorMessage(String(error)));
}

async function insertLogging(extensionUri: vscode.Uri): Promise<void> {
  const { loggingService } = await import("./logging/service.ts");
  await loggingService.insertLogging(extensionUri);
}
