import { basename, relative } from "node:path";
import type { Disposable } from "#core/event.ts";
import type { CheckpointFile, RunFiles } from "#core/run.ts";
import type { CheckpointSummary } from "#store/checkpointSummary.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { Catalogue } from "./catalogue.ts";
import type { FindingsBook } from "#following/findingsBook.ts";
import { countFindings } from "#l10n/counts.ts";
import { formatNorm } from "#l10n/format.ts";
import { sharedFolder } from "./sharedFolder.ts";
import { iconOfRun } from "./runIcon.ts";
import { describeLimit } from "./searchLimits.ts";
import { describeProblems } from "./problemsText.ts";
import type { SuspicionsBook } from "../language/suspicionsBook.ts";
import { createThrottle } from "../throttle.ts";

const REFRESH_MS = 250;

export type RunNode =
  | { readonly kind: "run"; readonly files: RunFiles; readonly name: string }
  | { readonly kind: "log"; readonly path: string; readonly runFolder: string }
  | { readonly kind: "checkpoint"; readonly checkpoint: CheckpointFile; readonly runFolder: string };

export interface RunsTreeSources {
  readonly catalogue: Catalogue;
  readonly store: RunStore;
  readonly findings: FindingsBook;
  readonly suspicions: SuspicionsBook;
}

/** Shows the *Runs* view: every run of the workspace, with its logs and checkpoints. */
export function createRunsTree(sources: RunsTreeSources): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const refresh = createThrottle(() => changed.fire(undefined), REFRESH_MS);
  const provider: vscode.TreeDataProvider<RunNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: (node) => (node === undefined ? runNodes(sources) : childrenOf(node, sources.store)),
    getTreeItem: (node) => treeItem(node, sources),
  };
  const view = vscode.window.createTreeView("gradlens.runs", { treeDataProvider: provider, showCollapseAll: true });
  const tellLimit = (): void => {
    view.message = describeLimit(sources.catalogue.truncated()) ?? "";
  };
  const subscriptions: readonly Disposable[] = [
    view,
    sources.catalogue.onDidChange(refresh.soon),
    sources.catalogue.onDidChange(tellLimit),
    sources.store.onDidChange(refresh.soon),
    sources.findings.onDidChange(refresh.soon),
    changed,
    refresh,
  ];
  return vscode.Disposable.from(...subscriptions);
}

/** A run is named by its folder, as seen from the workspace. */
export function runName(folder: string): string {
  const workspace = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder));
  const path = workspace === undefined ? "" : relative(workspace.uri.fsPath, folder);
  return path === "" ? basename(folder) : path;
}

/** Names for runs beside each other: without the folders that all of them lie in. */
export function runNamesAmong(folders: readonly string[]): (folder: string) => string {
  const shared = sharedFolder(folders.map(runName)).length;
  return (folder) => runName(folder).slice(shared);
}

/** Those of the workspace, and others that are followed: of a terminal, or of a folder elsewhere. */
function runNodes({ catalogue, store }: RunsTreeSources): RunNode[] {
  const known = new Set(catalogue.runs().map(({ folder }) => folder));
  const others = store.runs().filter(({ id }) => !known.has(id));
  const files = others.map((run) => ({ folder: run.id, logs: [], checkpoints: run.checkpoints(), modifiedMs: 0 }));
  const all = [...files, ...catalogue.runs()];
  const nameOf = runNamesAmong(all.map(({ folder }) => folder));
  return all.map((one) => ({ kind: "run", files: one, name: nameOf(one.folder) }));
}

function childrenOf(node: RunNode, store: RunStore): RunNode[] {
  if (node.kind !== "run") {
    return [];
  }
  const runFolder = node.files.folder;
  const checkpoints = store.get(runFolder)?.checkpoints() ?? node.files.checkpoints;
  return [
    ...node.files.logs.map(({ path }): RunNode => ({ kind: "log", path, runFolder })),
    ...checkpoints.map((checkpoint): RunNode => ({ kind: "checkpoint", checkpoint, runFolder })),
  ];
}

function treeItem(node: RunNode, sources: RunsTreeSources): vscode.TreeItem {
  switch (node.kind) {
    case "run":
      return runItem(node, sources);
    case "log":
      return logItem(node, sources.store.get(node.runFolder));
    case "checkpoint":
      return checkpointItem(node, sources.store.get(node.runFolder)?.summaries.get(node.checkpoint.path));
  }
}

function runItem(
  { files: { folder }, name }: Extract<RunNode, { kind: "run" }>,
  { store, findings, suspicions }: RunsTreeSources,
): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  const run = store.get(folder);
  item.id = entryId(folder, run);
  item.tooltip = folder;
  item.contextValue = run === undefined ? "gradlens.run" : "gradlens.run;followed";
  item.iconPath = new vscode.ThemeIcon(run === undefined ? "circle-outline" : iconOfRun(findings.of(run)));
  if (run !== undefined) {
    const norms = run.first("globalNorm");
    const last = norms?.last();
    const step = stepName(last?.step ?? "–", norms?.key.axis);
    const found = findings.of(run);
    item.tooltip = [
      folder,
      t("Global gradient norm {0} at {1}", formatNorm(last?.value), step),
      found.length === 0 ? t("No findings so far") : countFindings(found.length),
      ...run.notes(),
      ...suspicions.of(run).map(({ sentence }) => sentence),
    ].join("\n");
    item.collapsibleState = collapsed(store.runs().length > 1);
    item.description = t("‖g‖ {0} · {1}", formatNorm(last?.value), step);
    item.command = { command: "gradlens.openDashboard", title: t("Open Dashboard"), arguments: [folder] };
  } else {
    item.description = t("not followed");
    item.command = { command: "gradlens.followRun", title: t("Follow Run"), arguments: [folder] };
  }
  return item;
}

/** The editor keeps how an entry was folded by its name, so a run that is followed has another one. */
function entryId(folder: string, run: Run | undefined): string {
  return run === undefined ? folder : `${folder} followed`;
}

/** The files of one run are in sight; of several the runs are, and their norms. */
function collapsed(isCollapsed: boolean): vscode.TreeItemCollapsibleState {
  return isCollapsed ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded;
}

function logItem(node: Extract<RunNode, { kind: "log" }>, run: Run | undefined): vscode.TreeItem {
  const problems = run?.logs().find(({ path }) => path === node.path)?.problems ?? [];
  const item = fileItem(node, new vscode.ThemeIcon(problems.length === 0 ? "output" : "warning"), {
    command: "vscode.open",
    title: t("Open"),
    arguments: [vscode.Uri.file(node.path)],
  });
  const text = describeProblems(problems);
  if (text !== undefined) {
    item.description = text.short;
    item.tooltip = `${node.path}\n${text.long}`;
  }
  return item;
}

function checkpointItem(
  node: Extract<RunNode, { kind: "checkpoint" }>,
  summary: CheckpointSummary | undefined,
): vscode.TreeItem {
  const { path } = node.checkpoint;
  const norms = summary?.globals;
  const isBroken = [norms?.gradient, norms?.weight].some((one) => one !== undefined && !Number.isFinite(one.l2));
  const item = fileItem({ path, runFolder: node.runFolder }, new vscode.ThemeIcon(isBroken ? "error" : "package"), {
    command: "gradlens.inspectCheckpoint",
    title: t("Inspect Checkpoint"),
    arguments: [vscode.Uri.file(path)],
  });
  const parts = [
    norms?.gradient === undefined ? "" : `‖g‖ ${formatNorm(norms.gradient.l2)}`,
    norms?.weight === undefined ? "" : `‖w‖ ${formatNorm(norms.weight.l2)}`,
  ];
  item.description = parts.filter((part) => part !== "").join(" · ");
  return item;
}

function fileItem(
  { path, runFolder }: { readonly path: string; readonly runFolder: string },
  icon: vscode.ThemeIcon,
  command: vscode.Command,
): vscode.TreeItem {
  const inside = relative(runFolder, path);
  const item = new vscode.TreeItem(inside.replace(/\.safetensors$/, ""));
  item.id = path;
  item.tooltip = path;
  item.iconPath = icon;
  item.command = command;
  return item;
}
