import { formatNorm } from "#l10n/format.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { runName } from "./runsTree.ts";
import { settings } from "./settings.ts";

/** One item with the last global norm of the run that grew last; hidden while none is known, or people want none. */
export function createStatusItem(store: RunStore): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("gradlens.status", vscode.StatusBarAlignment.Left, 0);
  item.name = "Gradlens";
  item.command = "gradlens.openDashboard";
  let shown: Run | undefined;
  const show = (): void => {
    const last = settings.statusBar() ? shown?.first("globalNorm")?.last() : undefined;
    if (shown === undefined || last === undefined) {
      item.hide();
    } else {
      describe(item, shown, last);
    }
  };
  return vscode.Disposable.from(
    item,
    store.onDidChange(({ run, what }) => {
      shown = what === "removed" ? store.runs().at(-1) : run;
      show();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("gradlens.statusBar.enabled")) {
        show();
      }
    }),
  );
}

function describe(
  item: vscode.StatusBarItem,
  run: Run,
  { step, value }: { readonly step: number; readonly value: number },
): void {
  const norm = formatNorm(value);
  item.text = `$(pulse) ‖g‖ ${norm}`;
  item.tooltip = t("Global gradient norm {0} at step {1} of {2}", norm, step, runName(run.id));
  item.accessibilityInformation = { label: item.tooltip };
  item.show();
}
