import type { RunStore } from "#store/runStore.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { FINDING_GROUPINGS, neighbour } from "./findingOrder.ts";
import type { FindingGrouping, RunFinding } from "./findingOrder.ts";
import { createFindingsView } from "./findingsView.ts";
import type { FindingsView } from "./findingsView.ts";
import { findTensor } from "./findTensor.ts";
import { askForStep } from "./askForStep.ts";
import { createNotifications } from "./notifications.ts";
import { openFinding, openStep } from "./openFinding.ts";
import { TENSOR_SORTS } from "./tensorSort.ts";
import type { TensorSort } from "./tensorSort.ts";
import { createTensorsView } from "./tensorsView.ts";
import type { TensorsView } from "./tensorsView.ts";

export interface ViewSources {
  readonly store: RunStore;
  readonly findings: FindingsBook;
  /** Remembers how the views are sorted and grouped. */
  readonly state: vscode.Memento;
}

export interface Views extends vscode.Disposable {
  readonly tensors: TensorsView;
  readonly findings: FindingsView;
  /** By id, what the views' commands do. */
  readonly commands: Readonly<Record<string, (argument: unknown) => unknown>>;
}

const SORT = "gradlens.tensorSort";
const GROUPING = "gradlens.findingGrouping";

/** The views Tensors and Findings, what can be done in them, and what is told without being asked. */
export function registerViews({ store, findings: book, state }: ViewSources): Views {
  const sort = TENSOR_SORTS.find((one) => one === state.get(SORT)) ?? "model";
  const grouping = FINDING_GROUPINGS.find((one) => one === state.get(GROUPING)) ?? "severity";
  const tensors = createTensorsView(store, book, sort);
  const findings = createFindingsView(store, book, grouping);
  const notifications = createNotifications(book);
  const remember = async (key: string, value: string): Promise<void> => {
    await vscode.commands.executeCommand("setContext", key, value);
    await state.update(key, value);
  };
  void vscode.commands.executeCommand("setContext", SORT, sort);
  void vscode.commands.executeCommand("setContext", GROUPING, grouping);

  const sortBy = async (wanted: TensorSort): Promise<void> => {
    tensors.sortBy(wanted);
    await remember(SORT, wanted);
  };
  const groupBy = async (wanted: FindingGrouping): Promise<void> => {
    findings.groupBy(wanted);
    await remember(GROUPING, wanted);
  };
  const commands = {
    "gradlens.sortTensorsByModel": () => sortBy("model"),
    "gradlens.sortTensorsByNorm": () => sortBy("norm"),
    "gradlens.sortTensorsByChange": () => sortBy("change"),
    "gradlens.sortTensorsByFindings": () => sortBy("findings"),
    "gradlens.groupFindingsBySeverity": () => groupBy("severity"),
    "gradlens.groupFindingsByRun": () => groupBy("run"),
    "gradlens.copyTensorName": (argument: unknown) => copyTensorName(argument),
    "gradlens.findTensor": () => findAndReveal(store, tensors),
    "gradlens.revealStep": () => revealStep(store),
    ...findingCommands(findings),
  };
  const parts = vscode.Disposable.from(tensors, findings, notifications);
  return { tensors, findings, commands, dispose: () => void parts.dispose() };
}

function findingCommands(view: FindingsView): Views["commands"] {
  let lastId: string | undefined;
  const show = async (found: RunFinding): Promise<void> => {
    lastId = found.id;
    await openFinding(found);
    await view.select(found);
  };
  const go = async (direction: "next" | "previous"): Promise<void> => {
    const { document, selection } = vscode.window.activeTextEditor ?? {};
    const cursor = document && selection && { path: document.uri.fsPath, line: selection.active.line + 1 };
    const found = neighbour(view.findings(), direction, {
      ...(cursor && { cursor }),
      ...(lastId !== undefined && { lastId }),
    });
    if (found === undefined) {
      void vscode.window.showInformationMessage(t("The followed runs have no findings."));
    } else {
      await show(found);
    }
  };
  return {
    "gradlens.nextFinding": () => go("next"),
    "gradlens.previousFinding": () => go("previous"),
    "gradlens.openFinding": onFinding(show),
    "gradlens.openFindingInDashboard": onFinding(({ run }) =>
      vscode.commands.executeCommand("gradlens.openDashboard", run.id),
    ),
    "gradlens.copyFinding": onFinding(({ finding }) => vscode.env.clipboard.writeText(finding.message)),
    "gradlens.ignoreRuleOfFinding": onFinding(({ finding }) =>
      vscode.commands.executeCommand("gradlens.ignoreRule", finding.rule),
    ),
    "gradlens.ignoreTensorOfFinding": onFinding(({ finding }) =>
      vscode.commands.executeCommand("gradlens.ignoreTensor", finding.tensor),
    ),
  };
}

function onFinding(act: (found: RunFinding) => unknown): (argument: unknown) => Promise<void> {
  return async (argument) => {
    if (isRunFinding(argument)) {
      await act(argument);
    }
  };
}

async function findAndReveal(store: RunStore, tensors: TensorsView): Promise<void> {
  const found = await findTensor(store.runs());
  if (found !== undefined) {
    await tensors.reveal(found.run, found.tensor);
    await vscode.commands.executeCommand("gradlens.openTensor", { run: found.run.id, tensor: found.tensor });
  }
}

async function revealStep(store: RunStore): Promise<void> {
  const asked = await askForStep(store.runs());
  if (asked !== undefined) {
    await openStep(asked.run, asked.step);
  }
}

async function copyTensorName(argument: unknown): Promise<void> {
  const node: unknown =
    typeof argument === "object" && argument !== null && "node" in argument ? argument.node : undefined;
  if (typeof node === "object" && node !== null && "tensor" in node && typeof node.tensor === "string") {
    await vscode.env.clipboard.writeText(node.tensor);
  }
}

/** Commands can be called by others too: only items of the view are taken. */
function isRunFinding(argument: unknown): argument is RunFinding {
  return (
    typeof argument === "object" && argument !== null && "finding" in argument && "run" in argument && "id" in argument
  );
}
