import { t } from "@vscode/l10n";
import { stepsIn, valueAt } from "../../charts/stepColumns.ts";
import type { StepRange } from "../../charts/viewport.ts";
import { readTheme } from "../../shared/theme.ts";
import type { Exported, ReportPaper, ReportSection } from "../export/exported.ts";
import { panelsFigure } from "../export/figures.ts";
import { escapeMarkdown, toMarkdown } from "../export/table.ts";
import type { ExportTable } from "../export/table.ts";
import { stepsOf } from "../run.ts";
import { comparisonColumns, comparisonPanels } from "./comparisonPanels.ts";
import type { ShownComparison } from "./comparisonPanels.ts";
import { describeComparison } from "./verdict.ts";

/** Two runs at the steps on screen: their norms, the ratio, and what differs. */
export function exportComparison(
  shown: ShownComparison,
  { range, width }: { readonly range: StepRange; readonly width: number },
): Exported {
  const { comparison, names } = shown;
  const { steps: _steps, values: _values, ratioSteps: _ratioSteps, ratios: _ratios, ...facts } = comparison;
  return {
    name: `${names.own}-compared-with-${names.other}`,
    picture: () =>
      panelsFigure(comparisonPanels(shown)(range), {
        id: "comparison",
        width,
        theme: readTheme(),
        name: titleOf(shown),
      }),
    table: () => normsTable(shown, range),
    json: () => ({
      schema: "gradlens/comparison@1",
      run: names.own,
      other: names.other,
      ...facts,
      ...normsTable(shown, range),
    }),
    markdown: () =>
      [
        `## ${escapeMarkdown(titleOf(shown))}\n`,
        ...describeComparison(comparison, names).map((sentence) => `${escapeMarkdown(sentence)}\n`),
        toMarkdown(factsTable(shown)),
        toMarkdown(divergingTable(shown)),
      ].join("\n"),
  };
}

export function comparisonSection(shown: ShownComparison, paper: ReportPaper): ReportSection {
  const { run, comparison, names } = shown;
  const panels = comparisonPanels(shown)(stepsOf(run));
  return {
    title: titleOf(shown),
    sentences: describeComparison(comparison, names),
    picture: panelsFigure(panels, { id: "comparison", ...paper, name: titleOf(shown) }),
    tables: [factsTable(shown), ...(comparison.tensors.length === 0 ? [] : [divergingTable(shown)])],
  };
}

function titleOf({ names }: ShownComparison): string {
  return t("{0} compared with {1}", names.own, names.other);
}

function normsTable(shown: ShownComparison, range: StepRange): ExportTable {
  const columns = comparisonColumns(shown);
  return {
    header: ["step", ...columns.map(({ name }) => name)],
    rows: Array.from(stepsIn(columns, range), (step) => [step, ...columns.map((one) => valueAt(one, step) ?? null)]),
  };
}

function factsTable({ comparison, names }: ShownComparison): ExportTable {
  return {
    header: ["", names.own, names.other],
    rows: comparison.facts.map(({ label, own, other }) => [label, own, other]),
  };
}

function divergingTable({ comparison, names }: ShownComparison): ExportTable {
  return {
    header: [t("Tensor"), t("First step"), names.own, names.other, t("Difference")],
    rows: comparison.tensors.map(({ tensor, step, own, other, difference }) => [tensor, step, own, other, difference]),
  };
}
