import { stepsFromTo } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import { formatNumber } from "#core/format.ts";
import { ruleName, severityName } from "#l10n/names.ts";
import { stepsIn, valueAt } from "../../charts/stepColumns.ts";
import type { StepColumn } from "../../charts/stepColumns.ts";
import type { StepRange } from "../../charts/viewport.ts";
import { readTheme } from "../../shared/theme.ts";
import { normLine, stepsOf } from "../run.ts";
import type { ShownRun } from "../run.ts";
import { describeSteps } from "../sentence.ts";
import { columnsOf } from "../timeline/columns.ts";
import { panelsOf } from "../timeline/picture.ts";
import type { TimelinePicture } from "../timeline/picture.ts";
import type { Smoother } from "../timeline/smoother.ts";
import type { Exported, ReportPaper, ReportSection } from "./exported.ts";
import { panelsFigure } from "./figures.ts";
import { escapeMarkdown, toMarkdown } from "./table.ts";
import type { ExportTable } from "./table.ts";

/** The timeline at the steps on screen: the run's series, its baseline, the other runs beside it. */
export function exportTimeline(
  picture: TimelinePicture,
  { smoother, range, width }: { readonly smoother: Smoother; readonly range: StepRange; readonly width: number },
): Exported {
  const { run, surroundings, norms, others, horizontal } = picture;
  return {
    name: `${run.name}-timeline`,
    picture: () =>
      panelsFigure(panelsOf(picture, smoother)(range), {
        id: "timeline",
        width,
        theme: readTheme(),
        name: nameOf(run),
      }),
    table: () => samplesTable(picture, range),
    json: () => ({
      schema: "gradlens/timeline@1",
      run: run.name,
      source: run.source,
      clipThreshold: run.clipThreshold,
      steps: [range.min, range.max],
      axis: horizontal.unit,
      places: [horizontal.fromStep(range.min), horizontal.fromStep(range.max)],
      series: [...run.lines, ...norms.map((norm) => ({ role: "globalNorm", ...norm }))].map(
        ({ role, name: series, curve }) => ({
          role,
          name: series,
          ...within({ name: series, points: curve.current() }, range),
        }),
      ),
      baseline: surroundings === undefined ? null : baselineWithin(surroundings, range),
      others: others.map((other) => ({
        name: other.name,
        ...within({ name: other.name, points: other.curve.current() }, range),
      })),
      findings: run.findings,
    }),
    markdown: () => `## ${escapeMarkdown(run.name)}\n\n${summary(run)}\n\n${toMarkdown(findingsTable(run))}`,
  };
}

/** All steps of the run, and of the runs beside it. */
export function timelineSection(
  picture: TimelinePicture,
  { smoother }: { readonly smoother: Smoother },
  paper: ReportPaper,
): ReportSection {
  const { run } = picture;
  const panels = panelsOf(picture, smoother)(stepsOf(run));
  return {
    title: t("Gradient norms"),
    sentences: [],
    picture: panelsFigure(panels, { id: "timeline", ...paper, name: nameOf(run) }),
    tables: [],
  };
}

function nameOf({ name }: ShownRun): string {
  return t("Gradient norms of {0}", name);
}

/** One row per step that any series has; of a step logged twice the value that counts. */
function samplesTable(picture: TimelinePicture, range: StepRange): ExportTable {
  const { unit, fromStep } = picture.horizontal;
  const columns = columnsOf(picture);
  const places = unit === "step" ? [] : [PLACE_HEADER[unit]];
  const rows = Array.from(stepsIn(columns, range), (step) => [
    step,
    ...(unit === "step" ? [] : [fromStep(step)]),
    ...columns.map((column) => valueAt(column, step) ?? null),
  ]);
  return { header: ["step", ...places, ...columns.map(({ name }) => name)], rows };
}

const PLACE_HEADER = { time: "elapsed seconds", samples: "samples", tokens: "tokens" } as const;

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
  return t(
    "{0}, {1}, {2}, clip threshold {3}.",
    escapeMarkdown(run.source),
    stepsFromTo(min, max, run.axis),
    norm,
    limit,
  );
}

function within(column: StepColumn, range: StepRange): { readonly steps: Float64Array; readonly values: Float64Array } {
  const steps = stepsIn([column], range);
  return { steps, values: steps.map((step) => valueAt(column, step) ?? Number.NaN) };
}

function baselineWithin(
  { steps, median, low, high }: NonNullable<TimelinePicture["surroundings"]>,
  range: StepRange,
): Readonly<Record<"steps" | "median" | "low" | "high", Float64Array>> {
  const valuesOf = (values: Float64Array): Float64Array =>
    within({ name: "", points: { steps, values } }, range).values;
  return {
    steps: stepsIn([{ name: "", points: { steps, values: median } }], range),
    median: valuesOf(median),
    low: valuesOf(low),
    high: valuesOf(high),
  };
}
