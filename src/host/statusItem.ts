import { formatNorm } from "#l10n/format.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { runName } from "./runsTree.ts";
import { settings } from "./settings.ts";

/** One item with the last global norm of the run that grew last; hidden while no run is followed. */
export function createStatusItem(store: RunStore): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("gradlens.status", vscode.StatusBarAlignment.Left, 0);
  item.name = "Gradlens";
  item.command = "gradlens.openDashboard";
  const subscription = store.onDidChange(({ run, what }) => {
    const shown = what === "removed" ? store.runs().at(-1) : run;
    if (shown === undefined || !settings.statusBar()) {
      item.hide();
    } else {
      describe(item, shown);
    }
  });
  return vscode.Disposable.from(item, subscription);
}

function describe(item: vscode.StatusBarItem, run: Run): void {
  const last = run.first("globalNorm")?.last();
  if (last === undefined) {
    return;
  }
  const norm = formatNorm(last.value);
  const { step } = last;
  item.text = `$(pulse) ‖g‖ ${norm}`;
  item.tooltip = t("Global gradient norm {0} at step {1} of {2}", norm, step, runName(run.id));
  item.accessibilityInformation = { label: item.tooltip };
  item.show();
}
