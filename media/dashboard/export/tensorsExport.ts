import { stepTitle } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import { CELL_MARKS } from "#core/cellMarks.ts";
import { formatNumber } from "#core/format.ts";
import { percent } from "#l10n/format.ts";
import type { TensorRow } from "#protocol/dashboard/tensorRows.ts";
import type { LayerMover, ToTensors } from "#protocol/dashboard/tensors.ts";
import { rankRows } from "../../shared/ranking.ts";
import type { SvgNode } from "../../vector/node.ts";
import type { ShownRun } from "../run.ts";
import { depthFigure, depthHeight } from "../tensors/depthFigure.ts";
import { heatFigure, heatHeight } from "../tensors/heatFigure.ts";
import type { HeatPicture } from "../tensors/heatFigure.ts";
import { describeMovers } from "../tensors/moversTable.ts";
import { NON_FINITE } from "../tensors/paintRow.ts";
import type { Exported } from "./exported.ts";
import { sheet } from "./figures.ts";
import { escapeMarkdown, toMarkdown } from "./table.ts";
import type { ExportTable } from "./table.ts";

export type AtStep = Extract<ToTensors, { kind: "atStep" }>;

/** The tab "Tensors" as it is on screen. */
export interface ShownTensors {
  readonly heat: HeatPicture;
  /** Undefined until the host has told what happened at the cursor's step. */
  readonly atStep: AtStep | undefined;
}

/** The heatmap's rows in sight, the gradient by depth, the movers, and every tensor with what is known of it. */
export function exportTensors(run: ShownRun, shown: ShownTensors, width: number): Exported {
  const { atStep } = shown;
  return {
    name: `${run.name}-tensors`,
    picture: () => tensorsFigure(run, shown, width),
    table: () => tensorsTable(run),
    json: () => ({
      schema: "gradlens/tensors@1",
      run: run.name,
      source: run.source,
      tensors: largestFirst(run),
      heatmap: heatRows(shown.heat),
      step: atStep?.step ?? null,
      movers: atStep?.movers ?? [],
      depth: atStep?.depth ?? null,
    }),
    markdown: () =>
      [
        `## ${escapeMarkdown(run.name)}\n`,
        ...(atStep === undefined
          ? []
          : [`${escapeMarkdown(describeStep(run, atStep))}\n`, toMarkdown(moversTable(atStep))]),
        toMarkdown(tensorsTable(run)),
      ].join("\n"),
  };
}

export function tensorsFigure(run: ShownRun, { heat, atStep }: ShownTensors, width: number): SvgNode {
  const { theme } = heat;
  const profiles = atStep?.depth.profiles ?? [];
  const below = heatHeight(heat) + GAP;
  const nodes = [...heatFigure(heat, GAP), ...depthFigure(profiles, { top: below, width, theme })];
  const height = below + depthHeight(profiles) + GAP;
  return sheet(nodes, { width, height, theme, name: t("Norms of the tensors of {0} by step", run.name) });
}

const GAP = 8;

export function describeStep({ axis }: ShownRun, { step, movers }: AtStep): string {
  return t("{0}: {1}", stepTitle(step, axis), describeMovers(movers));
}

export function moversTable({ movers }: AtStep): ExportTable {
  return { header: [t("Tensor"), t("Norm"), t("Share"), t("Before"), t("Jump")], rows: movers.map(moverCells) };
}

function moverCells({ tensor, norm, share, shareBefore, jump }: LayerMover): readonly (string | null)[] {
  return [
    tensor,
    formatNumber(norm),
    share === null ? null : percent(share),
    shareBefore === null ? null : percent(shareBefore),
    jump === null ? null : `×${formatNumber(Number(jump.toPrecision(3)))}`,
  ];
}

/** By the last norm. */
export function largestFirst({ tensors }: ShownRun): readonly TensorRow[] {
  return rankRows(tensors, ({ last }) => last, true);
}

export function tensorsTable(run: ShownRun): ExportTable {
  return {
    header: ["tensor", "last", "median", "p99", "share", "nonFinite", "zeros"],
    rows: largestFirst(run).map(({ name, last, median, p99, share, nonFinite, zeros }) => [
      name,
      last,
      median,
      p99,
      share,
      nonFinite,
      zeros,
    ]),
  };
}

/** Of each row the largest norm of each column of steps, null where there is none, and the columns with NaN, Inf or zero. */
function heatRows({ rows, cells }: HeatPicture): readonly unknown[] {
  return rows.flatMap((row) => {
    const known = cells.get(row);
    if (known === undefined) {
      return [];
    }
    const { grid, most, marks } = known;
    const columnsWith = (mask: number): readonly number[] =>
      Array.from(marks.keys()).filter((column) => ((marks[column] ?? 0) & mask) !== 0);
    return [
      {
        kind: row.kind,
        name: row.name,
        columns: grid,
        norms: Array.from(most, (log) => (Number.isNaN(log) ? null : Number((10 ** log).toPrecision(6)))),
        notFinite: columnsWith(NON_FINITE),
        zero: columnsWith(CELL_MARKS.zero),
      },
    ];
  });
}
