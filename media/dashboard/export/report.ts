import { formatNumber, percent } from "#core/format.ts";
import type { Advice } from "#protocol/dashboard/clipping.ts";
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
import { largestFirst } from "./tensorsExport.ts";

interface ReportParts {
  /** What stands before the findings, and after the clipping advice. */
  readonly before: readonly ReportSection[];
  readonly after: readonly ReportSection[];
  readonly madeAt: Date;
  readonly paper: ReportPaper;
}

/** A run as one file for people who have no Gradlens: charts, findings, advice and where it comes from. It loads and runs nothing. */
export function reportOf(run: ShownRun, advice: Advice, { before, after, madeAt, paper }: ReportParts): string {
  const sections = [
    ...before.map(tabSection),
    section("Findings", run.findings.length === 0 ? paragraph("No findings.") : toHtml(findingsTable(run))),
    section("Clipping", clippingPart(advice, paper)),
    ...after.map(tabSection),
    ...(run.tensors.length === 0 ? [] : [section("Tensors at the last step", toHtml(shownTensors(run)))]),
    section("Where this comes from", toHtml(provenance(run, advice, madeAt))),
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
    return paragraph(`No advice: ${advice.refused}`);
  }
  const model = createClipModel(advice);
  const figure = toText(clipFigure(model, model.start, paper));
  const cautions = advice.cautions.map(({ message }) => `<li>${escapeText(message)}</li>`).join("");
  return [
    paragraph(`${advice.norms.length} norms count${advice.leftOut}. The line is at ${formatNumber(model.start)}.`),
    figure,
    toHtml(candidatesTable(advice)),
    cautions === "" ? "" : `<ul>${cautions}</ul>`,
    paragraph(advice.note),
  ].join("\n");
}

function shownTensors(run: ShownRun): ExportTable {
  return {
    header: ["Tensor", "Last", "Median", "p99", "Share", "NaN/Inf", "Zeros"],
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
    clipThreshold === null ? "unknown" : `${formatNumber(clipThreshold.value)} (${clipThreshold.source})`;
  return {
    header: ["", ""],
    rows: [
      ["Run", run.name],
      ["Log", run.source],
      ["Gradient norm", line === undefined ? "not logged" : `${line.name}, ${countPoints(line.curve)} points`],
      ["Steps", `${min} to ${max}`],
      ["Clip threshold", threshold],
      ["Logged", CLIP_STATES[clipState]],
      ["Checkpoints", String(run.checkpoints.length)],
      ["Made", madeAt.toISOString()],
      [
        "Norm",
        "L2; the global norm is √(Σ norm²) over the tensors. NaN, ±Inf, zero and what was not measured are told apart.",
      ],
    ],
  };
}

const CLIP_STATES: Readonly<Record<Advice["clipState"], string>> = {
  pre: "before clipping",
  post: "after clipping",
  undetermined: "before or after clipping: the log does not tell",
};

function section(title: string, content: string): string {
  return `<section><h2>${escapeText(title)}</h2>\n${content}\n</section>`;
}

function paragraph(text: string): string {
  return `<p>${escapeText(text)}</p>`;
}
