import { formatNumber, percentInTwoDigits } from "#core/format.ts";
import type { Severity } from "#core/rules.ts";
import { countFindings, countTensors } from "#l10n/counts.ts";
import { formatNorm } from "#l10n/format.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { ModuleMeasure } from "./moduleMeasures.ts";
import type { ModuleNode } from "./moduleTree.ts";

/** How a module or tensor stands in the Tensors view. */
export function tensorItem(node: ModuleNode, measure: ModuleMeasure | undefined, runId: string): vscode.TreeItem {
  const isTensor = node.tensor !== null;
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(node.label, isTensor ? None : Collapsed);
  item.id = `${runId}\n${node.id}`;
  item.contextValue = isTensor ? "gradlens.tensor" : "gradlens.module";
  item.iconPath = iconOf(measure?.severity ?? null, isTensor);
  if (node.tensor !== null) {
    const argument = { run: runId, tensor: node.tensor };
    item.command = {
      command: "gradlens.openTensor",
      title: t("Open Tensor in Dashboard"),
      arguments: [argument],
    };
  }
  if (measure !== undefined) {
    item.description = shortFacts(measure).join(" · ");
    item.accessibilityInformation = { label: [node.label, ...longFacts(measure)].join(", ") };
  }
  return item;
}

/** The facts behind the item, made when people point at it. */
export function tensorTooltip(node: ModuleNode, measure: ModuleMeasure | undefined, step: string): string {
  const title = node.tensor ?? node.label;
  return measure === undefined ? title : [title, ...longFacts(measure), t("at {0}", step)].join("\n");
}

// A smaller share says no more than that it is small.
const LEAST_SHARE = 1e-5;
// A norm that moves less is no news.
const MUCH = 2;

function shortFacts({ norm, share, change, findings }: ModuleMeasure): string[] {
  return [
    formatNorm(norm),
    share === null ? "" : percent(share),
    change !== null && (change >= MUCH || change <= 1 / MUCH) ? `×${formatNumber(Number(change.toPrecision(2)))}` : "",
    findings === 0 ? "" : countFindings(findings),
  ].filter((fact) => fact !== "");
}

function longFacts({ norm, share, change, tensors, measured, findings }: ModuleMeasure): string[] {
  return [
    t("gradient norm {0}", formatNorm(norm)),
    share === null ? "" : t("{0} of the squared norm of all tensors", percent(share)),
    change === null ? "" : t("{0} × the median of the steps before", formatNumber(change)),
    tensors === 1 ? "" : describeMeasured(tensors, measured),
    findings === 0 ? "" : countFindings(findings),
  ].filter((fact) => fact !== "");
}

function describeMeasured(tensors: number, measured: number): string {
  return measured === tensors ? countTensors(tensors) : t("{0} tensors, {1} of them measured", tensors, measured);
}

function percent(share: number): string {
  return share > 0 && share < LEAST_SHARE ? `< ${LEAST_SHARE * 100} %` : percentInTwoDigits(share);
}

function iconOf(severity: Severity | null, isTensor: boolean): vscode.ThemeIcon {
  return severity === null
    ? new vscode.ThemeIcon(isTensor ? "symbol-array" : "symbol-namespace")
    : severityIcon(severity);
}

export function severityIcon(severity: Severity): vscode.ThemeIcon {
  switch (severity) {
    case "error":
      return new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
    case "warning":
      return new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
    case "info":
      return new vscode.ThemeIcon("info");
  }
}
