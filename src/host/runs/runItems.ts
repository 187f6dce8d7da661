import { relative } from "node:path";
import type { CheckpointFile, RunFiles } from "#core/run.ts";
import type { CheckpointSummary } from "#store/checkpointSummary.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { countFindings } from "#l10n/counts.ts";
import { formatNorm } from "#l10n/format.ts";
import { stepName } from "#l10n/stepName.ts";
import { describeLastNorms } from "./lastNorms.ts";
import { iconOfRun } from "./runIcon.ts";
import { describeProblems } from "./problemsText.ts";
import type { SuspicionsBook } from "../language/suspicionsBook.ts";

/** An entry of the *Runs* view. */
export type RunNode =
  | { readonly kind: "run"; readonly files: RunFiles; readonly name: string }
  | { readonly kind: "log"; readonly path: string; readonly runFolder: string }
  | { readonly kind: "checkpoint"; readonly checkpoint: CheckpointFile; readonly runFolder: string };

export interface ItemSources {
  readonly store: RunStore;
  readonly findings: FindingsBook;
  readonly suspicions: SuspicionsBook;
}

/** How an entry of the *Runs* view looks now: a run with its last norm, a log with what could not be read, a checkpoint with its norms. */
export function itemOf(node: RunNode, sources: ItemSources): vscode.TreeItem {
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
  { store, findings, suspicions }: ItemSources,
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
      ...describeLastNorms(run),
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
