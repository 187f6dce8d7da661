import type { Disposable } from "#core/event.ts";
import type { RunStore } from "#store/runStore.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { countFindings } from "#l10n/counts.ts";
import { ruleName, severityName } from "#l10n/names.ts";
import { runNamesAmong } from "../runs/runNames.ts";
import { groupFindings, listFindings } from "./findingOrder.ts";
import type { FindingGroup, FindingGrouping, RunFinding } from "./findingOrder.ts";
import { severityIcon } from "./tensorItem.ts";
import { createSparingThrottle } from "../throttle.ts";

export type FindingItem = FindingGroup | RunFinding;

export interface FindingsView extends Disposable {
  /** As shown: run by run, in the order of steps. */
  readonly findings: () => readonly RunFinding[];
  /** Selects a finding where the view is open. */
  readonly select: (found: RunFinding) => Promise<void>;
  readonly groupBy: (grouping: FindingGrouping) => void;
  /** For tests: what the view shows. */
  readonly provider: vscode.TreeDataProvider<FindingItem>;
  readonly badge: () => vscode.ViewBadge | undefined;
}

/** Shows the *Findings* view: what is wrong with the followed runs, by severity or by run, and how many on its badge. */
export function createFindingsView(store: RunStore, book: FindingsBook, first: FindingGrouping): FindingsView {
  const changed = new vscode.EventEmitter<undefined>();
  let grouping = first;
  let groups: readonly FindingGroup[] = [];
  let all: readonly RunFinding[] = [];

  const provider: vscode.TreeDataProvider<FindingItem> = {
    onDidChangeTreeData: changed.event,
    getChildren: (item) => (item === undefined ? [...groups] : "findings" in item ? [...item.findings] : []),
    getParent: (item) => ("findings" in item ? undefined : groups.find(({ findings }) => findings.includes(item))),
    getTreeItem: (item) =>
      "findings" in item ? groupItem(item, grouping, nameOf) : findingItem(item, grouping, nameOf),
  };
  const view = vscode.window.createTreeView("gradlens.findings", { treeDataProvider: provider, showCollapseAll: true });

  let shown = "";
  let nameOf = runNamesAmong([]);

  function update(): void {
    all = listFindings(store.runs(), book.of);
    const next = JSON.stringify([
      grouping,
      store.runs().length,
      all.map(({ id, finding }) => [id, finding.end, finding.message]),
    ]);
    if (next === shown) {
      return; // Samples came, and nothing is said of them.
    }
    shown = next;
    groups = groupFindings(all, grouping);
    nameOf = runNamesAmong(store.runs().map(({ id }) => id));
    view.badge = badgeOf(all);
    void vscode.commands.executeCommand("setContext", "gradlens.followsRun", store.runs().length > 0);
    changed.fire(undefined);
  }

  const refresh = createSparingThrottle(update);
  update();
  const subscriptions = [view, changed, refresh, store.onDidChange(refresh.soon), book.onDidChange(refresh.soon)];
  return {
    provider,
    badge: () => view.badge,
    findings: () => listFindings(store.runs(), book.of),
    async select({ id }) {
      const found = all.find((one) => one.id === id);
      if (view.visible && found !== undefined) {
        await view.reveal(found, { select: true, focus: false });
      }
    },
    groupBy(wanted) {
      grouping = wanted;
      update();
    },
    dispose: () => subscriptions.forEach((one) => one.dispose()),
  };
}

/** What is only worth knowing does not count. */
function badgeOf(all: readonly RunFinding[]): vscode.ViewBadge | undefined {
  const value = all.filter(({ finding }) => finding.severity !== "info").length;
  return value === 0 ? undefined : { value, tooltip: countFindings(value) };
}

const SEVERITY_TITLES: Readonly<Record<string, string>> = {
  error: t("Errors"),
  warning: t("Warnings"),
  info: t("Information"),
};

type NameOf = ReturnType<typeof runNamesAmong>;

function groupItem({ key, findings }: FindingGroup, grouping: FindingGrouping, nameOf: NameOf): vscode.TreeItem {
  const title = grouping === "run" ? nameOf(key) : (SEVERITY_TITLES[key] ?? key);
  const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `${grouping} ${key}`;
  item.description = String(findings.length);
  item.contextValue = "gradlens.findingGroup";
  if (grouping === "run") {
    item.iconPath = new vscode.ThemeIcon("pulse");
  }
  return item;
}

function findingItem(found: RunFinding, grouping: FindingGrouping, nameOf: NameOf): vscode.TreeItem {
  const { run, finding, id } = found;
  const { rule, tensor, start, peak, end, axis, severity, message } = finding;
  const item = new vscode.TreeItem(tensor === null ? titleOf(rule) : `${titleOf(rule)}: ${tensor}`);
  const steps = end === null ? t("since {0}", stepName(start, axis)) : stepName(peak, axis);
  item.id = id;
  item.description = [steps, grouping === "run" ? "" : nameOf(run.id), rule].filter((part) => part !== "").join(" · ");
  item.tooltip = message;
  item.iconPath = severityIcon(severity);
  item.contextValue = tensor === null ? "gradlens.finding" : "gradlens.finding;tensor";
  item.accessibilityInformation = { label: `${severityName(severity)}: ${message}` };
  item.command = { command: "gradlens.openFinding", title: t("Open Log"), arguments: [found] };
  return item;
}

function titleOf(rule: RunFinding["finding"]["rule"]): string {
  const name = ruleName(rule);
  return name.charAt(0).toUpperCase() + name.slice(1);
}
