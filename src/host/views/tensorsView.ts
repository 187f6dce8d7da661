import type { Disposable } from "#core/event.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { createRunTrees } from "./runTrees.ts";
import type { TensorSort } from "./tensorSort.ts";
import { createTensorsProvider } from "./tensorsProvider.ts";
import type { TensorItem } from "./tensorsProvider.ts";
import { createSparingThrottle } from "../throttle.ts";

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
  let sort = firstSort;
  const provider = createTensorsProvider({
    runs: () => store.runs().filter((run) => run.tensors().size > 0),
    trees,
    sort: () => sort,
    onDidChange: changed.event,
  });
  const view = vscode.window.createTreeView("gradlens.tensors", { treeDataProvider: provider, showCollapseAll: true });
  const refresh = createSparingThrottle(() => {
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
      const item = provider.find(run, tensor);
      if (item !== undefined) {
        await view.reveal(item, { select: true, focus: true, expand: true });
      }
    },
    sortBy(wanted) {
      sort = wanted;
      changed.fire(undefined);
    },
    dispose: () => subscriptions.forEach((one) => one.dispose()),
  };
}
