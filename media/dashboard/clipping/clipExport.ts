import { formatNumber } from "#core/format.ts";
import type { Advice } from "#protocol/dashboard/clipping.ts";
import { t } from "@vscode/l10n";
import { readTheme } from "../../shared/theme.ts";
import type { Theme } from "../../shared/theme.ts";
import { label } from "../../vector/frame.ts";
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import type { Exported } from "../export/exported.ts";
import { sheet } from "../export/figures.ts";
import { escapeMarkdown, toMarkdown } from "../export/table.ts";
import type { ExportTable } from "../export/table.ts";
import { CANDIDATE_HEADER, candidateCells } from "./candidateCells.ts";
import { measure } from "./clipModel.ts";
import type { ClipModel } from "./clipModel.ts";
import { DISTRIBUTION_HEIGHT, distributionFigure, distributionFrame, thresholdMark } from "./distribution.ts";
import { factsOf } from "./effectFacts.ts";
import { HISTORY_HEIGHT, cutRegion, historyFigure, historyFrame, thresholdLine } from "./history.ts";

/** The simulator as it is: its two charts, and the norms with the coefficient that each would have got. */
export function exportClipping(
  model: ClipModel,
  threshold: number,
  { run, width }: { run: string; width: number },
): Exported {
  const { advice } = model;
  return {
    name: `${run}-clipping`,
    picture: () => clipFigure(model, threshold, { width, theme: readTheme() }),
    table: () => ({
      header: ["step", advice.norm ?? "grad_norm", "clip_coefficient"],
      rows: Array.from(advice.norms, (norm, index) => [
        advice.steps[index] ?? null,
        norm,
        Math.min(1, threshold / norm),
      ]),
    }),
    json: () => ({
      schema: "gradlens/clipping@1",
      run,
      ...(advice.norm !== undefined && { norm: advice.norm }),
      clipState: advice.clipState,
      effect: measure(model, threshold),
      candidates: advice.candidates,
      cautions: advice.cautions,
      note: advice.note,
      steps: advice.steps,
      norms: advice.norms,
    }),
    markdown: () =>
      `## Clipping ${escapeMarkdown(run)}\n\n${describeThreshold(model, threshold)}\n\n${toMarkdown(candidatesTable(advice))}\n${closing(advice)}`,
  };
}

export function candidatesTable({ candidates }: Advice): ExportTable {
  return { header: CANDIDATE_HEADER, rows: candidates.map(candidateCells) };
}

/** Both charts below each other, with the threshold where it is. */
export function clipFigure(
  model: ClipModel,
  threshold: number,
  { width, theme }: { readonly width: number; readonly theme: Theme },
): SvgNode {
  const [above, below] = [distributionFrame(model, width), historyFrame(model.history, width)];
  const title = (text: string): SvgNode =>
    label(text, { x: 8, y: 10, theme, anchor: "start", colour: theme.foreground });
  const clipId = "clipped-part";
  const parts = [
    svg("g", { transform: "translate(0 18)" }, [
      ...distributionFigure(model, above, theme),
      ...thresholdMark(above, threshold, theme),
    ]),
    title(t("Share of steps up to each norm")),
    svg("g", { transform: `translate(0 ${DISTRIBUTION_HEIGHT + 24})` }, [
      title(t("The norms that count; what would have been cut is filled")),
      svg("g", { transform: "translate(0 18)" }, [
        svg("clipPath", { id: clipId }, [cutRegion(below, threshold)]),
        ...historyFigure(model.history, below, { theme, clipId }),
        ...thresholdLine(below, threshold, theme),
      ]),
    ]),
  ];
  const height = DISTRIBUTION_HEIGHT + HISTORY_HEIGHT + 50;
  return sheet(parts, { width, height, theme, name: t("Clipping to {0}", formatNumber(threshold)) });
}

/** `Threshold 0.51: steps clipped 7 % (24), mean coefficient 0.98, …`. */
export function describeThreshold(model: ClipModel, threshold: number): string {
  const facts = factsOf(measure(model, threshold)).map(({ label: name, value }) => `${name.toLowerCase()} ${value}`);
  return t("Threshold {0}: {1}.", formatNumber(threshold), facts.join(", "));
}

function closing({ cautions, note }: Advice): string {
  return [...cautions.map(({ message }) => `- ${escapeMarkdown(message)}\n`), `\n${note}\n`].join("");
}
