import { formatNumber } from "#core/format.ts";
import { countPoints as pointsOf } from "#l10n/counts.ts";
import { percent } from "#l10n/format.ts";
import type { Advice } from "#protocol/dashboard/clipping.ts";
import { t } from "@vscode/l10n";
import { escapeText, toText } from "../../vector/node.ts";
import { countPoints } from "../../charts/segments.ts";
import { candidatesTable, clipFigure } from "../clipping/clipExport.ts";
import { createClipModel } from "../clipping/clipModel.ts";
import { normLine, stepsOf } from "../run.ts";
import type { ShownRun } from "../run.ts";
import { REPORT_STYLE } from "./reportStyle.ts";
import type { ReportPaper, ReportSection } from "./exported.ts";
import { findingsTable } from "./timelineExport.ts";
import { toHtml } from "./table.ts";
import type { ExportTable } from "./table.ts";
import { countingNorms } from "../clipping/countingNorms.ts";
import { largestFirst } from "./tensorsExport.ts";

interface ReportParts {
  /** What stands before the findings, and after the clipping advice. */
  readonly before: readonly ReportSection[];
  readonly after: readonly ReportSection[];
  readonly madeAt: Date;
  readonly paper: ReportPaper;
}

/**
 * A run as one file for people who have no Gradlens: charts, findings, advice and where it comes from. It loads and runs
 * nothing.
 */
export function reportOf(run: ShownRun, advice: Advice, { before, after, madeAt, paper }: ReportParts): string {
  const sections = [
    ...before.map(tabSection),
    section(t("Findings"), run.findings.length === 0 ? paragraph(t("No findings.")) : toHtml(findingsTable(run))),
    section(t("Clipping"), clippingPart(advice, paper)),
    ...after.map(tabSection),
    ...(run.tensors.length === 0 ? [] : [section(t("Tensors at the last step"), toHtml(shownTensors(run)))]),
    section(t("Where this comes from"), toHtml(provenance(run, advice, madeAt))),
  ];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Gradlens">
<title>${escapeText(run.name)}: gradient norms</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeText(run.name)}</h1>
${sections.join("\n")}
</main>
</body>
</html>
`;
}

function tabSection({ title, sentences, picture, tables }: ReportSection): string {
  const parts = [...sentences.map(paragraph), picture === undefined ? "" : toText(picture), ...tables.map(toHtml)];
  return section(title, parts.join("\n"));
}

function clippingPart(advice: Advice, paper: ReportPaper): string {
  if (advice.refused !== null) {
    return paragraph(t("No advice: {0}", advice.refused));
  }
  const model = createClipModel(advice);
  const figure = toText(clipFigure(model, model.start, paper));
  const cautions = advice.cautions.map(({ message }) => `<li>${escapeText(message)}</li>`).join("");
  return [
    paragraph(`${countingNorms(advice)} ${t("The line is at {0}.", formatNumber(model.start))}`),
    figure,
    toHtml(candidatesTable(advice)),
    cautions === "" ? "" : `<ul>${cautions}</ul>`,
    paragraph(advice.note),
  ].join("\n");
}

function shownTensors(run: ShownRun): ExportTable {
  return {
    header: [t("Tensor"), t("Last"), t("Median"), "p99", t("Share"), "NaN/Inf", t("Zeros")],
    rows: largestFirst(run).map(({ name, last, median, p99, share, nonFinite, zeros }) => [
      name,
      formatNumber(last),
      median === null ? null : formatNumber(median),
      p99 === null ? null : formatNumber(p99),
      share === null ? null : percent(share),
      nonFinite,
      zeros,
    ]),
  };
}

function provenance(run: ShownRun, { clipState }: Advice, madeAt: Date): ExportTable {
  const line = normLine(run);
  const { min, max } = stepsOf(run);
  const { clipThreshold } = run;
  const threshold =
    clipThreshold === null ? t("unknown") : `${formatNumber(clipThreshold.value)} (${clipThreshold.source})`;
  return {
    header: ["", ""],
    rows: [
      [t("Run"), run.name],
      [t("Log"), run.source],
      [t("Gradient norm"), line === undefined ? t("not logged") : `${line.name}, ${pointsOf(countPoints(line.curve))}`],
      [t("Steps"), t("{0} to {1}", min, max)],
      [t("Clip threshold"), threshold],
      [t("Logged"), CLIP_STATES[clipState]],
      [t("Checkpoints"), String(run.checkpoints.length)],
      [t("Made"), madeAt.toISOString()],
      [
        t("Norm"),
        t(
          "L2; the global norm is √(Σ norm²) over the tensors. NaN, ±Inf, zero and what was not measured are told apart.",
        ),
      ],
    ],
  };
}

const CLIP_STATES: Readonly<Record<Advice["clipState"], string>> = {
  pre: t("before clipping"),
  post: t("after clipping"),
  undetermined: t("before or after clipping: the log does not tell"),
};

function section(title: string, content: string): string {
  return `<section><h2>${escapeText(title)}</h2>\n${content}\n</section>`;
}

function paragraph(text: string): string {
  return `<p>${escapeText(text)}</p>`;
}
