import { basename, relative } from "node:path";
import type { Disposable } from "#core/event.ts";
import type { Finding } from "#core/finding.ts";
import type { CheckpointFile, RunFiles } from "#core/run.ts";
import type { CheckpointSummary } from "#store/checkpointSummary.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { Catalogue } from "./catalogue.ts";
import type { FindingsBook } from "#following/findingsBook.ts";
import { formatNorm } from "#l10n/format.ts";
import { describeLimit } from "./searchLimits.ts";
import { describeProblems } from "./problemsText.ts";
import type { SuspicionsBook } from "./language/suspicionsBook.ts";
import { createThrottle } from "./throttle.ts";

const REFRESH_MS = 250;

export type RunNode =
  | { readonly kind: "run"; readonly files: RunFiles }
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

/** Those of the workspace, and others that are followed: of a terminal, or of a folder elsewhere. */
function runNodes({ catalogue, store }: RunsTreeSources): RunNode[] {
  const known = new Set(catalogue.runs().map(({ folder }) => folder));
  const others = store.runs().filter(({ id }) => !known.has(id));
  const files = others.map((run) => ({ folder: run.id, logs: [], checkpoints: run.checkpoints(), modifiedMs: 0 }));
  return [...files, ...catalogue.runs()].map((one) => ({ kind: "run", files: one }));
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
      return runItem(node.files, sources);
    case "log":
      return logItem(node, sources.store.get(node.runFolder));
    case "checkpoint":
      return checkpointItem(node, sources.store.get(node.runFolder)?.summaries.get(node.checkpoint.path));
  }
}

function runItem({ folder }: RunFiles, { store, findings, suspicions }: RunsTreeSources): vscode.TreeItem {
  const item = new vscode.TreeItem(runName(folder), vscode.TreeItemCollapsibleState.Collapsed);
  const run = store.get(folder);
  item.id = folder;
  item.tooltip = folder;
  item.contextValue = run === undefined ? "gradlens.run" : "gradlens.run;followed";
  item.iconPath = new vscode.ThemeIcon(run === undefined ? "circle-outline" : iconOf(findings.of(run)));
  if (run !== undefined) {
    const last = run.first("globalNorm")?.last();
    item.tooltip = [folder, ...run.notes(), ...suspicions.of(run).map(({ sentence }) => sentence)].join("\n");
    item.collapsibleState = vscode.TreeItemCollapsibleState.Expanded;
    item.description = t("‖g‖ {0} · step {1}", formatNorm(last?.value), last?.step ?? "–");
    item.command = { command: "gradlens.openDashboard", title: t("Open Dashboard"), arguments: [folder] };
  } else {
    item.description = t("not followed");
    item.command = { command: "gradlens.followRun", title: t("Follow Run"), arguments: [folder] };
  }
  return item;
}

function iconOf(findings: readonly Finding[]): string {
  const severities = new Set(findings.map(({ severity }) => severity));
  return severities.has("error") ? "error" : severities.has("warning") ? "warning" : "pulse";
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
  const item = fileItem({ path, runFolder: node.runFolder }, new vscode.ThemeIcon("package"), {
    command: "gradlens.inspectCheckpoint",
    title: t("Inspect Checkpoint"),
    arguments: [vscode.Uri.file(path)],
  });
  const norms = summary?.globals;
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
