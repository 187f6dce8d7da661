import { dirname, relative } from "node:path";
import type { RunFiles } from "#core/run.ts";
import { messageOf } from "#core/messageOf.ts";
import type { RunStore } from "#store/runStore.ts";
import { currentBundle } from "#l10n/language.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { Catalogue } from "./runs/catalogue.ts";
import { newestFirst } from "./runs/knownRuns.ts";
import { openCheckpointView } from "./checkpoint/checkpointEditor.ts";
import type { ClusterTargets } from "./cluster/clusterCommand.ts";
import { pointCommands } from "./dashboard/pointCommands.ts";
import { pickCheckpoint } from "./checkpoint/pickCheckpoint.ts";
import type { Dashboard } from "./dashboard/dashboard.ts";
import type { FindingsBook } from "#following/findingsBook.ts";
import type { FollowedRuns } from "./runs/followedRuns.ts";
import { computeRunNorms } from "./language/computeRunNorms.ts";
import { ignoreRule, ignoreTensor } from "./language/ignoring.ts";
import { openRule } from "./language/ruleLink.ts";
import type { UpdatesBook } from "./language/updatesBook.ts";
import { localPath } from "./localPath.ts";
import { loadPanels } from "./loadPanels.ts";
import { revealStep } from "./revealStep.ts";
import { runName } from "./runs/runNames.ts";
import type { RunNode } from "./runs/runItems.ts";
import { describeLimit } from "./runs/searchLimits.ts";
import type { TakenKinds } from "./checkpoint/takenKinds.ts";
import type { WorkerClient } from "#client/workerClient.ts";

export interface CommandTargets {
  readonly extension: vscode.Extension<unknown>;
  readonly catalogue: Catalogue;
  readonly followed: FollowedRuns;
  readonly store: RunStore;
  readonly findings: FindingsBook;
  readonly dashboard: Dashboard;
  readonly worker: WorkerClient;
  readonly cluster: Omit<ClusterTargets, "openView">;
  readonly log: vscode.LogOutputChannel;
  readonly kinds: Pick<TakenKinds, "of">;
  readonly updates: UpdatesBook;
}

/** Commands by id. Each checks its argument, since other extensions and key bindings can call it too. */
export function registerCommands(targets: CommandTargets): vscode.Disposable {
  const { catalogue, dashboard, log, store, worker } = targets;
  const commands: Readonly<Record<string, (argument: unknown) => unknown>> = {
    "gradlens.openDashboard": (argument) => openDashboard(targets, argument),
    "gradlens.openTensor": (argument) => openTensor(targets, argument),
    "gradlens.followRun": (argument) => followRun(targets, argument),
    "gradlens.unfollowRun": async (argument) => unfollow(targets, (await folderOf(argument)) ?? ""),
    "gradlens.inspectCheckpoint": (argument) => inspectCheckpoint(store, argument),
    "gradlens.inspectResource": (argument) => inspectCheckpoint(store, argument),
    "gradlens.computeOnCluster": (argument) => onCluster(targets, argument),
    "gradlens.refreshRuns": () => catalogue.refresh(),
    "gradlens.openSample": () => openSample(targets),
    "gradlens.computeRunNorms": (argument) => computeRunNorms(argument, targets),
    "gradlens.openRule": (argument) => openRule(targets.extension.extensionUri, argument),
    "gradlens.ignoreRule": ignoreRule,
    "gradlens.ignoreTensor": ignoreTensor,
    "gradlens.revealStepInLog": (argument) => revealStepInLog(store, argument),
    "gradlens.restartWorker": () => worker.restart(),
    "gradlens.showLog": () => log.show(),
    ...pointCommands(store),
    "gradlens.showDiagnostics": async () => (await loadPanels()).showReport(targets),
  };
  return vscode.Disposable.from(registerAll(commands), { dispose: () => dashboard.dispose() });
}

/** Registers commands by id; what they throw is told. */
export function registerAll(commands: Readonly<Record<string, (argument: unknown) => unknown>>): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, async (argument: unknown) => {
        try {
          return await run(argument);
        } catch (error) {
          return void vscode.window.showErrorMessage(messageOf(error));
        }
      }),
    ),
  );
}

/** The run of a terminal has no follower: it only leaves the store. */
function unfollow({ followed, store }: CommandTargets, id: string): void {
  followed.unfollow(id);
  store.remove(id);
}

async function openDashboard(targets: CommandTargets, argument: unknown): Promise<void> {
  const { catalogue, dashboard, followed, store } = targets;
  const folder = await folderOf(argument);
  if (folder !== undefined && store.get(folder) === undefined) {
    await followRun(targets, folder);
  }
  if (store.runs().length === 0) {
    await catalogue.refresh();
    const [latest] = catalogue.runs();
    if (latest !== undefined) {
      followed.follow(latest);
    }
  }
  await dashboard.show(folder);
}

/** Shows the tensor of `{ run, tensor }` in the dashboard; other arguments, and runs that are not followed, do nothing. */
async function openTensor({ dashboard, store }: CommandTargets, argument: unknown): Promise<void> {
  const { run, tensor }: { run?: unknown; tensor?: unknown } = typeof argument === "object" ? { ...argument } : {};
  const isKnown = typeof run === "string" && typeof tensor === "string" && store.get(run)?.tensors().has(tensor);
  if (isKnown === true) {
    await dashboard.show(run, tensor);
  }
}

/** Follows the run of a folder or log file; asks for one when none is given. */
async function followRun(targets: CommandTargets, argument: unknown): Promise<void> {
  const folder = await folderOf(argument);
  const run = folder === undefined ? await pickRun(targets) : await findRun(targets, folder);
  if (run !== undefined) {
    targets.followed.follow(run);
    await targets.dashboard.show(run.folder);
  }
}

async function findRun({ catalogue }: CommandTargets, folder: string): Promise<RunFiles | undefined> {
  const known = catalogue.runs().find((run) => run.folder === folder);
  if (known !== undefined) {
    return known;
  }
  const { runs, truncated } = await catalogue.add(folder);
  const own = runs.find((run) => relative(folder, run.folder) === "");
  const [found] = own === undefined ? newestFirst(runs) : [own]; // Of a folder of runs the others are in the view.
  if (found === undefined) {
    const limit = describeLimit(truncated);
    const sorry = [
      t("No training log or checkpoint was found in {0}.", folder),
      ...(limit === undefined ? [] : [limit]),
    ].join(" ");
    void vscode.window.showWarningMessage(sorry);
  }
  return found;
}

interface RunPick extends vscode.QuickPickItem {
  readonly run?: RunFiles;
}

async function pickRun(targets: CommandTargets): Promise<RunFiles | undefined> {
  await targets.catalogue.refresh();
  const browse: RunPick = { label: `$(folder-opened) ${t("Browse…")}`, alwaysShow: true };
  const known = targets.catalogue.runs().map((run): RunPick => ({
    label: runName(run.folder),
    description: targets.followed.isFollowed(run.folder) ? t("followed") : "",
    detail: run.folder,
    run,
  }));
  const picked = await vscode.window.showQuickPick([...known, browse], {
    placeHolder: t("Choose a training run to follow"),
  });
  if (picked !== browse) {
    return picked?.run;
  }
  const [folder] = (await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false })) ?? [];
  return folder === undefined ? undefined : await findRun(targets, localPath(folder));
}

/** Opens a file or folder; asks for one when none is given. */
async function inspectCheckpoint(store: RunStore, argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : await pickCheckpoint(store.runs());
  if (uri !== undefined) {
    await openCheckpointView(uri);
  }
}

/** Computes a file or folder on a cluster; asks for one when none is given. */
async function onCluster({ store, cluster }: CommandTargets, argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : await pickCheckpoint(store.runs());
  if (uri !== undefined) {
    const { clusterService } = await import("./cluster/service.ts");
    clusterService.setLanguage(currentBundle());
    await clusterService.computeOnCluster(uri, { ...cluster, openView: openCheckpointView });
  }
}

/** The example run that comes with the extension: real files of a real training. */
async function openSample(targets: CommandTargets): Promise<void> {
  await followRun(targets, vscode.Uri.joinPath(targets.extension.extensionUri, "examples", "char-transformer").fsPath);
}

/** Opens the log of `{ run, step }`; other arguments, and runs that are not followed, do nothing. */
async function revealStepInLog(store: RunStore, argument: unknown): Promise<void> {
  const { run: id, step }: { run?: unknown; step?: unknown } = typeof argument === "object" ? { ...argument } : {};
  const run = typeof id === "string" ? store.get(id) : undefined;
  if (run !== undefined && typeof step === "number") {
    await revealStep(run, step);
  }
}

/** A folder from a path, a resource of the explorer (a log stands for its folder), or an item of the Runs view. */
async function folderOf(argument: unknown): Promise<string | undefined> {
  if (typeof argument === "string") {
    return argument;
  }
  if (argument instanceof vscode.Uri) {
    const path = localPath(argument);
    const { type } = await vscode.workspace.fs.stat(argument);
    return (type & vscode.FileType.Directory) === 0 ? dirname(path) : path;
  }
  return isRunNode(argument) && argument.kind === "run" ? argument.files.folder : undefined;
}

function isRunNode(argument: unknown): argument is RunNode {
  return typeof argument === "object" && argument !== null && "kind" in argument && "files" in argument;
}
