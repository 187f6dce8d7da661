import type { Disposable } from "#core/event.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import type { FindingsBook } from "../findingsBook.ts";
import { runName } from "../runsTree.ts";
import type { ModuleNode } from "./moduleTree.ts";
import { createRunTrees } from "./runTrees.ts";
import type { RunTree } from "./runTrees.ts";
import { tensorItem, tensorTooltip } from "./tensorItem.ts";
import { sortModules } from "./tensorSort.ts";
import type { TensorSort } from "./tensorSort.ts";
import { createThrottle } from "./throttle.ts";

/** A node of the Tensors view: a run, where several have norms of tensors, or a place in its model. */
export interface TensorItem {
  readonly run: Run;
  readonly node: ModuleNode | undefined;
}

export interface TensorsView extends Disposable {
  /** Opens the view at a tensor and selects it. */
  readonly reveal: (run: Run, tensor: string) => Promise<void>;
  readonly sortBy: (sort: TensorSort) => void;
  /** For tests: what the view would show. */
  readonly provider: vscode.TreeDataProvider<TensorItem>;
}

/** Shows the *Tensors* view: the gradients of followed runs at their last step, module by module. */
export function createTensorsView(store: RunStore, findings: FindingsBook, firstSort: TensorSort): TensorsView {
  const changed = new vscode.EventEmitter<undefined>();
  const trees = createRunTrees(findings.of);
  const items = createItems();
  let sort = firstSort;

  const runs = (): readonly Run[] => store.runs().filter((run) => run.tensors().size > 0);
  const below = (run: Run, nodes: readonly ModuleNode[]): TensorItem[] =>
    sortModules(nodes, sort, trees.of(run).measures).map((node) => items.of(run, node));

  const provider: vscode.TreeDataProvider<TensorItem> = {
    onDidChangeTreeData: changed.event,
    getChildren(item) {
      const [only, ...others] = runs();
      if (item !== undefined) {
        return below(item.run, item.node?.children ?? trees.of(item.run).roots);
      }
      return only === undefined || others.length > 0
        ? runs().map((run) => items.of(run, undefined))
        : below(only, trees.of(only).roots);
    },
    getParent: ({ run, node }) => parentOf(run, node, trees.of(run)),
    getTreeItem: ({ run, node }) =>
      node === undefined ? runItem(run) : tensorItem(node, trees.of(run).measures.get(node), run.id),
    resolveTreeItem(item, { run, node }) {
      const { measures, step } = trees.of(run);
      item.tooltip = node === undefined ? run.id : tensorTooltip(node, measures.get(node), step);
      return item;
    },
  };

  function parentOf(run: Run, node: ModuleNode | undefined, { parents }: RunTree): TensorItem | undefined {
    const parent = node === undefined ? undefined : parents.get(node);
    return node === undefined || (parent === undefined && runs().length === 1) ? undefined : items.of(run, parent);
  }

  const view = vscode.window.createTreeView("gradlens.tensors", { treeDataProvider: provider, showCollapseAll: true });
  const refresh = createThrottle(() => {
    trees.measureAnew();
    if (view.visible) {
      changed.fire(undefined);
    }
  });
  const subscriptions = [
    view,
    changed,
    refresh,
    view.onDidChangeVisibility(({ visible }) => visible && changed.fire(undefined)),
    store.onDidChange(refresh.soon),
    findings.onDidChange(refresh.soon),
  ];
  return {
    provider,
    async reveal(run, tensor) {
      const node = [...trees.of(run).parents.keys()].find((one) => one.tensor === tensor);
      if (node !== undefined) {
        await view.reveal(items.of(run, node), { select: true, focus: true, expand: true });
      }
    },
    sortBy(wanted) {
      sort = wanted;
      changed.fire(undefined);
    },
    dispose: () => subscriptions.forEach((one) => one.dispose()),
  };
}

/** VS Code knows items by identity. */
function createItems(): { readonly of: (run: Run, node: ModuleNode | undefined) => TensorItem } {
  const ofNodes = new WeakMap<object, TensorItem>();
  return {
    of(run, node) {
      const key = node ?? run;
      const item = ofNodes.get(key) ?? { run, node };
      ofNodes.set(key, item);
      return item;
    },
  };
}

function runItem(run: Run): vscode.TreeItem {
  const item = new vscode.TreeItem(runName(run.id), vscode.TreeItemCollapsibleState.Expanded);
  item.id = run.id;
  item.iconPath = new vscode.ThemeIcon("pulse");
  item.contextValue = "gradlens.tensorsOfRun";
  return item;
}
