import type { Finding } from "#core/finding.ts";
import type { Axis } from "#core/series.ts";
import type { FindingsBook } from "#following/findingsBook.ts";
import { countFindings } from "#l10n/counts.ts";
import { formatNorm } from "#l10n/format.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { mainName } from "#analysis/normNames.ts";
import { describeLastNorms } from "./lastNorms.ts";
import { iconOfRun } from "./runIcon.ts";
import { runName } from "./runNames.ts";
import { settings } from "../settings/settings.ts";

/** One item with the last global norm of the run that grew last, and how that run is; hidden while no norm is known. */
export function createStatusItem(store: RunStore, findings: FindingsBook): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("gradlens.status", vscode.StatusBarAlignment.Left, 0);
  item.name = "Gradlens";
  item.command = "gradlens.openDashboard";
  let shown: Run | undefined;
  const show = (): void => {
    const last = settings.statusBar() ? shown?.first("globalNorm")?.last() : undefined;
    if (shown === undefined || last === undefined) {
      item.hide();
    } else {
      describe(item, { run: shown, last, findings: findings.of(shown) });
    }
  };
  return vscode.Disposable.from(
    item,
    store.onDidChange(({ run, what }) => {
      shown = what === "removed" ? store.runs().at(-1) : run;
      show();
    }),
    findings.onDidChange(show),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("gradlens.statusBar.enabled")) {
        show();
      }
    }),
  );
}

interface RunState {
  readonly run: Run;
  readonly last: { readonly step: number; readonly value: number };
  readonly findings: readonly Finding[];
}

/** The icon tells how the run is; colours are left to what needs an answer at once. */
function describe(item: vscode.StatusBarItem, { run, last: { step, value }, findings }: RunState): void {
  const norm = formatNorm(value);
  const text =
    mainName(run) === null
      ? [t("Global gradient norm {0} at {1} of {2}", norm, stepName(step, axisOf(run)), runName(run.id))]
      : [runName(run.id), ...describeLastNorms(run)];
  item.text = `$(${iconOfRun(findings)}) ‖g‖ ${norm}`;
  item.tooltip = [...text, findings.length === 0 ? t("No findings so far") : countFindings(findings.length)].join("\n");
  item.accessibilityInformation = { label: item.tooltip };
  item.show();
}

function axisOf(run: Run): Axis | undefined {
  return run.first("globalNorm")?.key.axis;
}
