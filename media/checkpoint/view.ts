import type { TensorKind } from "#core/tensor.ts";
import type { FromCheckpoint, ToCheckpoint } from "#protocol/checkpoint.ts";
import { t } from "@vscode/l10n";
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
type OfNorms = Extract<ToCheckpoint, { kind: "index" | "progress" | "finished" }>;
type Other = Exclude<ToCheckpoint, OfNorms>;

function isOfNorms(message: ToCheckpoint): message is OfNorms {
  return message.kind === "index" || message.kind === "progress" || message.kind === "finished";
}

/** A checkpoint on the page, filled message by message. */
export interface CheckpointView {
  readonly receive: (message: ToCheckpoint) => void;
}

export function createCheckpointView(root: HTMLElement, host: HostLink<FromCheckpoint>): CheckpointView {
  let rows: CheckpointRows = createCheckpointRows([], "weight");
  let ties: CheckpointIndex["ties"] = [];
  const parts = createParts(host, compute);
  const { table, tabs, stale, progress, summary } = parts;
  return { receive };

  function receive(message: ToCheckpoint): void {
    if (!isOfNorms(message)) {
      return showOther(root, parts, message);
    }
    switch (message.kind) {
      case "index":
        return open(message);
      case "progress":
        rows.addNorms(message.tensors);
        table.showSoon(rows.all);
        return progress.showProgress(message);
      case "finished":
        rows.addReasons(message.unmeasured);
        table.showSoon(rows.all);
        return finish(root, parts, message);
    }
  }

  function open(index: CheckpointIndex): void {
    const { tensors: entries, notes, takenAs } = index;
    ties = index.ties;
    rows = createCheckpointRows(entries, takenAs);
    summary.open(notes, takenAs);
    parts.head.replaceChildren(createHeader(index));
    stale.hide();
    delete root.dataset["stale"];
    delete root.dataset["finished"];
    table.showControl(createKindControl(entries, { takenAs, onDidChoose: takeAs }));
    progress.showStart();
    parts.details.close();
    parts.optimizer.open(index);
    root.replaceChildren(parts.page);
    table.open(rows.all(), ties);
    tabs.element.hidden = false;
    tabs.showAgain();
    root.dataset["indexedAt"] = String(Date.now()); // For measuring the way from a click to the page.
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
    parts.comparison.reset();
    host.post({ kind: "compute" });
  }
}

function finish(root: HTMLElement, { progress, summary }: Parts, message: Finished): void {
  const before = t("Computed before; the files have not changed since.");
  const speed = message.isCached ? `${before} ` : `${formatSpeed(message.readBytes, message.seconds)}, `;
  progress.showFinished(speed, engineName(message));
  summary.finish(message);
  root.dataset["finished"] = "true";
}

/** What stops the norms, or stands beside them: one tensor, the optimizer, another checkpoint. */
function showOther(root: HTMLElement, parts: Parts, message: Other): void {
  const { page, progress, stale, details, optimizer, comparison } = parts;
  switch (message.kind) {
    case "cancelled":
      return progress.showStopped(t("Cancelled."), t("Compute again"));
    case "failed":
      root.replaceChildren(page);
      return progress.showStopped(`✕ ${message.message}`, t("Retry"));
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
      return { adam: optimizer, comparison }[message.task].hear(message);
  }
}

type Parts = ReturnType<typeof createParts>;

/** The parts of the page and where they stand. */
// oxlint-disable-next-line typescript/explicit-function-return-type -- It is the list of what is created here.
function createParts(host: HostLink<FromCheckpoint>, compute: () => void) {
  const state = createState(host);
  const details = createTensorDetails(host.post);
  const table = createTensorsTable({ ...state.now(), onDidChange: state.store, onDidChoose: details.open });
  const optimizer = createOptimizerTab(host.post);
  const comparison = createCompareTab(host.post);
  const both = element("div", { class: "tensors-and-details" }, [table.element, details.element]);
  const tabs = createTabs(
    [
      { id: "tensors", label: t("Tensors"), panel: { element: both, show: () => undefined } },
      { id: "optimizer", label: t("Optimizer"), panel: optimizer },
      { id: "compare", label: t("Compare"), panel: comparison },
    ],
    { first: state.now().tab, onDidChoose: (tab) => state.store({ tab }) },
  );
  const stale = createStaleBar(compute);
  const label = t("Norms computed");
  const progress = createProgressBar({ label, cancel: () => host.post({ kind: "cancel" }), compute });
  const summary = createSummary();
  const head = element("div");
  tabs.element.hidden = true; // Until there is something to list.
  const page = element("main", {}, [head, stale.element, progress.element, ...summary.elements, tabs.element]);
  return { page, head, details, table, optimizer, comparison, tabs, stale, progress, summary };
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
