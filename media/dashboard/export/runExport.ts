import { formatNumber } from "#core/format.ts";
import { ruleName, severityName } from "#l10n/names.ts";
import { t } from "@vscode/l10n";
import { readTheme } from "../../shared/theme.ts";
import { normLine, stepsOf } from "../run.ts";
import type { ShownRun } from "../run.ts";
import { describeSteps } from "../sentence.ts";
import type { StepRange } from "../../charts/viewport.ts";
import type { Exported } from "./exported.ts";
import { runFigure } from "./runFigure.ts";
import { escapeMarkdown, toMarkdown } from "./table.ts";
import type { Cell, ExportTable } from "./table.ts";

/** The timeline: every series of the run at the steps on screen. */
export function exportRun(run: ShownRun, range: StepRange, width: number): Exported {
  return {
    name: `${run.name}-timeline`,
    picture: () => runFigure(run, { range, width, theme: readTheme() }),
    table: () => samplesTable(run, range),
    json: () => ({
      schema: "gradlens/timeline@1",
      run: run.name,
      source: run.source,
      clipThreshold: run.clipThreshold,
      steps: [range.min, range.max],
      series: run.lines.map(({ role, name, curve }) => ({ role, name, ...within(curve.current(), range) })),
      findings: run.findings,
    }),
    markdown: () => `## ${escapeMarkdown(run.name)}\n\n${summary(run)}\n\n${toMarkdown(findingsTable(run))}`,
  };
}

/** One row per step that any series has; of a step logged twice the value that counts. */
export function samplesTable(run: ShownRun, range: StepRange): ExportTable {
  const rows = new Map<number, Cell[]>();
  for (const [column, { curve }] of run.lines.entries()) {
    const { steps, values } = within(curve.current(), range);
    for (const [index, step] of steps.entries()) {
      const row = rows.get(step) ?? Array<Cell>(run.lines.length).fill(null);
      row[column] = values[index] ?? null;
      rows.set(step, row);
    }
  }
  const ordered = [...rows].toSorted(([a], [b]) => a - b);
  return { header: ["step", ...run.lines.map(({ name }) => name)], rows: ordered.map(([step, row]) => [step, ...row]) };
}

export function findingsTable({ findings }: ShownRun): ExportTable {
  return {
    header: [t("Severity"), t("Rule"), t("Steps"), t("Tensor"), t("What")],
    rows: findings.map((finding) => [
      severityName(finding.severity),
      `${finding.rule} ${ruleName(finding.rule)}`,
      describeSteps(finding),
      finding.tensor,
      finding.message,
    ]),
  };
}

function summary(run: ShownRun): string {
  const { min, max } = stepsOf(run);
  const last = normLine(run)?.curve.current().values.at(-1);
  const norm = last === undefined ? t("no gradient norm was logged") : t("last gradient norm {0}", formatNumber(last));
  const limit = run.clipThreshold === null ? t("unknown") : formatNumber(run.clipThreshold.value);
  return t("{0}, steps {1} to {2}, {3}, clip threshold {4}.", escapeMarkdown(run.source), min, max, norm, limit);
}

function within(
  { steps, values }: { readonly steps: Float64Array; readonly values: Float64Array },
  { min, max }: StepRange,
): { readonly steps: Float64Array; readonly values: Float64Array } {
  const isIn = (step: number): boolean => step >= min && step <= max;
  return { steps: steps.filter(isIn), values: values.filter((_, index) => isIn(steps[index] ?? Number.NaN)) };
}
