import type { Disposable } from "#core/event.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import type { Catalogue } from "./catalogue.ts";
import { itemOf } from "./runItems.ts";
import type { ItemSources, RunNode } from "./runItems.ts";
import { runNamesAmong } from "./runNames.ts";
import { describeLimit } from "./searchLimits.ts";
import { createThrottle } from "../throttle.ts";

const REFRESH_MS = 250;

export interface RunsTreeSources extends ItemSources {
  readonly catalogue: Catalogue;
}

/** Shows the *Runs* view: every run of the workspace, with its logs and checkpoints. */
export function createRunsTree(sources: RunsTreeSources): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const refresh = createThrottle(() => changed.fire(undefined), REFRESH_MS);
  const provider: vscode.TreeDataProvider<RunNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: (node) => (node === undefined ? runNodes(sources) : childrenOf(node, sources.store)),
    getTreeItem: (node) => itemOf(node, sources),
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
