import { formatNumber } from "#core/format.ts";
import type { FromCheckpoint, ToCheckpoint } from "#protocol/checkpoint.ts";
import type { ComparisonShown } from "#protocol/checkpointTabs.ts";
import { t } from "@vscode/l10n";
import { button, element } from "../../shared/element.ts";
import { factList } from "../factList.ts";
import type { Fact } from "../factList.ts";
import { createFilteredTable } from "../filteredTable.ts";
import { findingList } from "../findings.ts";
import { createNotes } from "../notes.ts";
import { createProgressBar } from "../progressBar.ts";
import type { TabPanel } from "../tabPanel.ts";
import { formatCount, formatSpeed } from "../text.ts";
import { COMPARE_COLUMNS } from "./compareColumns.ts";
import { compareRows, FATES, fateName } from "./compareRows.ts";
import type { CompareRow } from "./compareRows.ts";
import { attachDropTarget } from "./dropTarget.ts";

type TaskMessage = Extract<ToCheckpoint, { kind: "taskProgress" | "taskStopped" }>;

/** This checkpoint beside another one. */
export interface CompareTab extends TabPanel {
  readonly showComparison: (comparison: ComparisonShown) => void;
  readonly hear: (message: TaskMessage) => void;
  /** Another state of the files. */
  readonly reset: () => void;
}

const HINT = t("Or drag a checkpoint from the Explorer onto this page, holding Shift.");

export function createCompareTab(post: (message: FromCheckpoint) => void): CompareTab {
  const progress = createProgressBar({
    label: t("Checkpoints compared"),
    cancel: () => post({ kind: "cancelTask", task: "comparison" }),
    compute: () => ask(null),
  });
  const choose = button(t("Compare with…"), {
    title: t("Choose a checkpoint to compare with"),
    onClick: () => ask(null),
  });
  const swap = button(t("Swap"), {
    title: t("Swap: compare the other way round"),
    class: "secondary",
    onClick: swapThem,
  });
  const result = element("div", { class: "tab-body" });
  const bar = element("div", { class: "tab-bar" }, [
    choose,
    swap,
    element("span", { class: "quiet-text", text: HINT }),
  ]);
  const body = element("div", { class: "tab-body drop-target" }, [bar, progress.element, result]);
  attachDropTarget(body, ask);
  reset();
  return { element: body, show: () => undefined, showComparison, hear, reset };

  function reset(): void {
    progress.element.hidden = true;
    swap.hidden = true;
    result.replaceChildren();
  }

  function ask(uri: string | null): void {
    post({ kind: "compare", uri });
  }

  function swapThem(): void {
    post({ kind: "swap" });
  }

  function hear(message: TaskMessage): void {
    progress.element.hidden = false;
    if (message.kind === "taskProgress") {
      progress.showProgress(message);
    } else {
      progress.showStopped(message.message === null ? t("Cancelled.") : `✕ ${message.message}`, t("Choose again"));
    }
  }

  function showComparison(comparison: ComparisonShown): void {
    const { readBytes, seconds, findings } = comparison;
    const notes = createNotes();
    notes.show(comparison.notes);
    progress.element.hidden = false;
    progress.showFinished(formatSpeed(readBytes, seconds));
    swap.hidden = false;
    const table = tableOf(compareRows(comparison));
    result.replaceChildren(factList(factsOf(comparison)), findingList(findings), notes.element, table);
  }
}

function tableOf(rows: readonly CompareRow[]): HTMLElement {
  const select = fateSelect(rows, (shown) => table.show(shown));
  const table = createFilteredTable({
    title: t("Tensors"),
    label: t("Tensors of both checkpoints"),
    columns: COMPARE_COLUMNS,
    nameOf: ({ name }: CompareRow) => name,
    rowClass: ({ update }) => (update !== null && !Number.isFinite(update.delta) ? "is-broken" : ""),
    control: select,
  });
  table.show(rows);
  return table.element;
}

/** "All 120 ▾": only tensors of which the same became. */
function fateSelect(rows: readonly CompareRow[], onDidChoose: (rows: readonly CompareRow[]) => void): HTMLElement {
  const ofFate = (fate: string): readonly CompareRow[] => rows.filter((row) => row.fate === fate);
  const choices = FATES.map((fate) => ({ fate, count: ofFate(fate).length })).filter(({ count }) => count > 0);
  const select = element("select", { attributes: { "aria-label": t("What became of the tensors") } }, [
    element("option", { text: t("all {0}", formatCount(rows.length)), attributes: { value: "" } }),
    ...choices.map(({ fate, count }) =>
      element("option", { text: `${fateName(fate)} ${formatCount(count)}`, attributes: { value: fate } }),
    ),
  ]);
  select.addEventListener("change", () => onDidChoose(select.value === "" ? rows : ofFate(select.value)));
  return select;
}

const SOURCES = { given: t("as given"), optimizer: t("by the optimizer's steps"), names: t("by their names") } as const;

function factsOf({ before, after, steps, whole, updates }: ComparisonShown): readonly Fact[] {
  const unmoved = updates.filter(({ isUnmoved }) => isUnmoved).length;
  const perStep = whole?.perStep ?? null;
  return [
    { label: t("Before"), value: before },
    { label: t("After"), value: after },
    {
      label: t("Steps between"),
      value: steps === null ? t("not told") : `${formatCount(steps.count)}, ${SOURCES[steps.from]}`,
    },
    ...(whole === null
      ? []
      : [{ label: t("All weights moved by"), value: t("{0} of their norm", formatNumber(whole.relative)) }]),
    ...(perStep === null
      ? []
      : [
          {
            label: t("Update/weight of a step"),
            value: t("{0} to {1}", formatNumber(perStep.low), formatNumber(perStep.high)),
            title: t("At least, if all steps went the same way; about, if each went its own"),
          },
        ]),
    { label: t("Unmoved"), value: t("{0} of {1}", formatCount(unmoved), formatCount(updates.length)) },
  ];
}
