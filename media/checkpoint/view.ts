import type { TensorKind } from "#core/tensor.ts";
import type { FromCheckpoint, ToCheckpoint } from "#protocol/checkpoint.ts";
import { element } from "../shared/element.ts";
import type { HostLink } from "../shared/hostLink.ts";
import { createCompareTab } from "./compare/compareTab.ts";
import { createTensorDetails } from "./details/tensorDetails.ts";
import { createHeader } from "./header.ts";
import type { CheckpointIndex } from "./header.ts";
import { createKindControl } from "./kindControl.ts";
import { createOptimizerTab } from "./optimizer/optimizerTab.ts";
import { createProgressBar } from "./progressBar.ts";
import { createCheckpointRows } from "./rows.ts";
import type { CheckpointRows } from "./rows.ts";
import { createStaleBar } from "./staleBar.ts";
import { createSummary, engineName } from "./summary.ts";
import { createTabs } from "./tabs.ts";
import { createTensorsTable } from "./tensors/tensorsTable.ts";
import { formatSpeed } from "./text.ts";
import { parseViewState, storedForm } from "./viewState.ts";

type Finished = Extract<ToCheckpoint, { kind: "finished" }>;
type TaskMessage = Extract<ToCheckpoint, { kind: "taskProgress" | "taskStopped" }>;

/** A checkpoint on the page, filled message by message. */
export interface CheckpointView {
  readonly receive: (message: ToCheckpoint) => void;
}

export function createCheckpointView(root: HTMLElement, host: HostLink<FromCheckpoint>): CheckpointView {
  const state = createState(host);
  let rows: CheckpointRows = createCheckpointRows([], "weight");
  let ties: CheckpointIndex["ties"] = [];
  const details = createTensorDetails(host.post);
  const table = createTensorsTable({ ...state.now(), onDidChange: state.store, onDidChoose: details.open });
  const optimizer = createOptimizerTab(host.post);
  const comparison = createCompareTab(host.post);
  const tensors = { element: element("div", { class: "tensors-and-details" }, [table.element, details.element]) };
  const tabs = createTabs(
    [
      { id: "tensors", label: "Tensors", panel: { ...tensors, show: () => undefined } },
      { id: "optimizer", label: "Optimizer", panel: optimizer },
      { id: "compare", label: "Compare", panel: comparison },
    ],
    { first: state.now().tab, onDidChoose: (tab) => state.store({ tab }) },
  );
  const stale = createStaleBar(compute);
  const label = "Norms computed";
  const progress = createProgressBar({ label, cancel: () => host.post({ kind: "cancel" }), compute });
  const summary = createSummary();
  const head = element("div");
  const page = element("main", {}, [head, stale.element, progress.element, ...summary.elements, tabs.element]);
  return { receive };

  function receive(message: ToCheckpoint): void {
    switch (message.kind) {
      case "index":
        return open(message);
      case "progress":
        rows.addNorms(message.tensors);
        table.showSoon(rows.all);
        return progress.showProgress(message);
      case "finished":
        return finish(message);
      case "cancelled":
        return progress.showStopped("Cancelled.", "Compute again");
      case "failed":
        root.replaceChildren(page);
        return progress.showStopped(`✕ ${message.message}`, "Retry");
      case "stale":
        root.dataset["stale"] = "true";
        return stale.show(message.message);
      case "statistics":
        return details.showStatistics(message);
      case "spectrum":
        return details.showSpectrum(message);
      case "adam":
        return optimizer.showAdam(message.adam);
      case "comparison":
        return comparison.showComparison(message.comparison);
      case "taskProgress":
      case "taskStopped":
        return hearTask(message);
    }
  }

  function hearTask(message: TaskMessage): void {
    switch (message.task) {
      case "adam":
        return optimizer.hear(message);
      case "comparison":
        return comparison.hear(message);
    }
  }

  function open(index: CheckpointIndex): void {
    const { tensors: entries, notes, takenAs } = index;
    ties = index.ties;
    rows = createCheckpointRows(entries, takenAs);
    summary.open(notes, takenAs);
    head.replaceChildren(createHeader(index));
    stale.hide();
    delete root.dataset["stale"];
    delete root.dataset["finished"];
    table.showControl(createKindControl(entries, { takenAs, onDidChoose: takeAs }));
    progress.showStart();
    details.close();
    optimizer.open(index);
    root.replaceChildren(page);
    table.open(rows.all(), ties);
    tabs.showAgain();
    root.dataset["indexedAt"] = String(Date.now());
  }

  function finish(message: Finished): void {
    const before = "Computed before; the files have not changed since. ";
    const speed = message.isCached ? before : `${formatSpeed(message.readBytes, message.seconds)}, `;
    progress.showFinished(speed, engineName(message));
    summary.finish(message);
    rows.addReasons(message.unmeasured);
    table.showSoon(rows.all);
    root.dataset["finished"] = "true";
  }

  function takeAs(kind: TensorKind): void {
    rows.takeAs(kind);
    table.open(rows.all(), ties);
    summary.takeAs(kind);
    host.post({ kind: "takeAs", tensorKind: kind });
  }

  /** The host answers with the index, as at first. */
  function compute(): void {
    progress.showStart();
    comparison.reset();
    host.post({ kind: "compute" });
  }
}

/** How the page looked, kept where VS Code keeps it while the page is hidden. */
function createState(host: HostLink<FromCheckpoint>): {
  readonly now: () => ReturnType<typeof parseViewState>;
  readonly store: (change: Partial<ReturnType<typeof parseViewState>>) => void;
} {
  let state = parseViewState(host.readState());
  return {
    now: () => state,
    store(change) {
      state = { ...state, ...change };
      host.writeState(storedForm(state));
    },
  };
}
