import type { Axis } from "#core/series.ts";
import { stepName } from "#l10n/stepName.ts";
import type { Run } from "#store/run.ts";
import * as vscode from "vscode";
import { runName } from "../runs/runNames.ts";
import type { ModuleNode } from "./moduleTree.ts";
import type { RunTrees } from "./runTrees.ts";
import { tensorItem, tensorTooltip } from "./tensorItem.ts";
import { sortModules } from "./tensorSort.ts";
import type { TensorSort } from "./tensorSort.ts";

/** A node of the Tensors view: a run, where several have norms of tensors, or a place in its model. */
export interface TensorItem {
  readonly run: Run;
  readonly node: ModuleNode | undefined;
}

export interface TensorsProvider extends Required<vscode.TreeDataProvider<TensorItem>> {
  /** The item of a tensor; undefined when the run has none of that name. */
  readonly find: (run: Run, tensor: string) => TensorItem | undefined;
}

export interface TensorsOptions {
  /** Those with norms of tensors. */
  readonly runs: () => readonly Run[];
  readonly trees: RunTrees;
  readonly sort: () => TensorSort;
  readonly onDidChange: vscode.Event<undefined>;
}

export function createTensorsProvider({ runs, trees, sort, onDidChange }: TensorsOptions): TensorsProvider {
  const itemOf = createItems();
  const below = (run: Run, nodes: readonly ModuleNode[]): TensorItem[] =>
    sortModules(nodes, sort(), trees.of(run).measures).map((node) => itemOf(run, node));

  return {
    onDidChangeTreeData: onDidChange,
    getChildren(item) {
      const [only, ...others] = runs();
      if (item !== undefined) {
        return below(item.run, item.node?.children ?? trees.of(item.run).roots);
      }
      const isOne = only !== undefined && others.length === 0;
      return isOne ? below(only, trees.of(only).roots) : runs().map((run) => itemOf(run, undefined));
    },
    getParent({ run, node }) {
      const parent = node === undefined ? undefined : trees.of(run).parents.get(node);
      const isTop = node === undefined || (parent === undefined && runs().length === 1);
      return isTop ? undefined : itemOf(run, parent);
    },
    getTreeItem: ({ run, node }) =>
      node === undefined ? runItem(run) : tensorItem(node, trees.of(run).measures.get(node), run.id),
    resolveTreeItem(item, { run, node }) {
      const { measures, step } = trees.of(run);
      item.tooltip =
        node === undefined ? run.id : tensorTooltip(node, measures.get(node), stepName(step ?? "–", axisOf(run)));
      return item;
    },
    find(run, tensor) {
      const node = [...trees.of(run).parents.keys()].find((one) => one.tensor === tensor);
      return node === undefined ? undefined : itemOf(run, node);
    },
  };
}

function axisOf(run: Run): Axis | undefined {
  const [first] = run.tensors().values();
  return first?.key.axis;
}

/** VS Code knows items by identity. */
function createItems(): (run: Run, node: ModuleNode | undefined) => TensorItem {
  const items = new WeakMap<object, TensorItem>();
  return (run, node) => {
    const key = node ?? run;
    const item = items.get(key) ?? { run, node };
    items.set(key, item);
    return item;
  };
}

function runItem(run: Run): vscode.TreeItem {
  const item = new vscode.TreeItem(runName(run.id), vscode.TreeItemCollapsibleState.Expanded);
  item.id = run.id;
  item.iconPath = new vscode.ThemeIcon("pulse");
  item.contextValue = "gradlens.tensorsOfRun";
  return item;
}
