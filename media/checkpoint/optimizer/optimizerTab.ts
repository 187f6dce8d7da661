import { formatNumber } from "#core/format.ts";
import type { FromCheckpoint, ToCheckpoint } from "#protocol/checkpoint.ts";
import type { AdamRow, AdamShown } from "#protocol/checkpointTabs.ts";
import { t } from "@vscode/l10n";
import { button, element } from "../../shared/element.ts";
import type { TabPanel } from "../tabPanel.ts";
import { factList } from "../factList.ts";
import type { Fact } from "../factList.ts";
import { findingList } from "../findings.ts";
import { createFilteredTable } from "../filteredTable.ts";
import { createNotes } from "../notes.ts";
import { createProgressBar } from "../progressBar.ts";
import type { CheckpointIndex } from "../header.ts";
import { formatCount } from "../text.ts";
import { adamColumns } from "./adamColumns.ts";
import { createRatios } from "./ratios.ts";

type TaskMessage = Extract<ToCheckpoint, { kind: "taskProgress" | "taskStopped" }>;

/** What Adam's moments tell of the gradients that the optimizer saw. */
export interface OptimizerTab extends TabPanel {
  readonly open: (index: CheckpointIndex) => void;
  readonly showAdam: (adam: AdamShown | null) => void;
  readonly hear: (message: TaskMessage) => void;
}

export function createOptimizerTab(post: (message: FromCheckpoint) => void): OptimizerTab {
  const body = element("div", { class: "tab-body" });
  const progress = createProgressBar({
    label: t("Moments read"),
    cancel: () => post({ kind: "cancelTask", task: "adam" }),
    compute: measure,
  });
  let index: CheckpointIndex | undefined;
  let isAsked = false;
  return { element: body, show, open, showAdam, hear };

  function open(newIndex: CheckpointIndex): void {
    index = newIndex;
    isAsked = false;
    body.replaceChildren();
  }

  /** Moments are read when somebody wants to see them. */
  function show(): void {
    if (index !== undefined && !isAsked) {
      isAsked = true;
      if (hasMoments(index)) {
        measure();
      } else {
        body.replaceChildren(...withoutMoments(index, () => post({ kind: "openFolder" })));
      }
    }
  }

  function measure(): void {
    body.replaceChildren(progress.element);
    progress.showStart();
    post({ kind: "measureAdam" });
  }

  function hear(message: TaskMessage): void {
    if (message.kind === "taskProgress") {
      progress.showProgress(message);
    } else {
      progress.showStopped(message.message === null ? t("Cancelled.") : `✕ ${message.message}`, t("Try again"));
    }
  }

  function showAdam(adam: AdamShown | null): void {
    isAsked = true;
    if (adam === null || adam.rows.length === 0) {
      body.replaceChildren(element("p", { text: t("There are no first and second moments of Adam in it.") }));
      return;
    }
    body.replaceChildren(...partsOf(adam));
  }
}

/** Facts, findings, notes and the table. */
function partsOf(adam: AdamShown): readonly HTMLElement[] {
  const notes = createNotes();
  notes.show(adam.notes);
  const table = createFilteredTable({
    title: t("Parameters"),
    label: t("Gradients by parameter, from Adam's moments"),
    columns: adamColumns(adam),
    nameOf: ({ name }: AdamRow) => name,
    rowClass: ({ nonFinite }) => (nonFinite > 0 ? "is-broken" : ""),
  });
  table.show(adam.rows);
  const head = element("div", { class: "tab-head" }, [factList(factsOf(adam)), createRatios(adam.ratios)]);
  return [head, findingList(adam.findings), notes.element, table.element];
}

function withoutMoments({ isFolder }: CheckpointIndex, onDidOpen: () => void): HTMLElement[] {
  const text = t("No tensor here is a first or second moment of Adam, so nothing tells of gradients.");
  if (isFolder) {
    return [element("p", { text })];
  }
  const where = t("An optimizer's state often lies in a file of its own beside the weights.");
  const title = t("Open the folder as one checkpoint");
  const openFolder = button(t("Open the folder"), { title, class: "secondary", onClick: onDidOpen });
  return [element("p", { text: `${text} ${where}` }), element("p", {}, [openFolder])];
}

function hasMoments({ tensors }: CheckpointIndex): boolean {
  return tensors.some(({ kind }) => kind === "moment1") && tensors.some(({ kind }) => kind === "moment2");
}

function factsOf({ globalNorm, memory, steps, rows }: AdamShown): readonly Fact[] {
  const span = memory === null ? t("the last steps") : t("about the last {0} steps", formatCount(Math.round(memory)));
  return [
    {
      label: t("Global gradient norm"),
      value: formatNumber(globalNorm),
      title: t("sqrt(Σ v̂): root mean square over {0}, after clipping and unscaling", span),
    },
    { label: t("Averaged over"), value: span },
    { label: t("Parameters"), value: formatCount(rows.length) },
    { label: t("Steps taken"), value: describeSteps(steps), isBroken: false },
  ];
}

function describeSteps(steps: readonly number[]): string {
  const [fewest, most] = [steps[0], steps.at(-1)];
  if (fewest === undefined || most === undefined) {
    return t("not told");
  }
  return steps.length === 1
    ? formatCount(fewest)
    : t("▲ differ: {0} to {1}, so some had no gradient on some steps", formatCount(fewest), formatCount(most));
}
