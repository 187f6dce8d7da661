import { t } from "@vscode/l10n";
import { paperTheme } from "../../shared/theme.ts";
import type { MountedTabs } from "../mountedTabs.ts";
import type { ShownRun } from "../run.ts";
import { createCellRows } from "../tensors/cellRows.ts";
import { paletteOf } from "../tensors/palette.ts";
import { normScale } from "../tensors/normScale.ts";
import { gridOf, placeIn } from "../tensors/place.ts";
import { shownRows } from "../tensors/rows.ts";
import type { OutlineGroup, ShownRow } from "../tensors/rows.ts";
import type { ReportPaper, ReportSection } from "./exported.ts";
import { reportOf } from "./report.ts";
import type { ReportQuestions } from "./reportQuestions.ts";
import { describeStep, moversTable, tensorsFigure } from "./tensorsExport.ts";

const PAPER: ReportPaper = { width: 960, theme: paperTheme() };
/** A page or two; a model with more is shown by blocks. */
const MOST_ROWS = 80;

/** A run as one HTML file. Rejects when the host answers something else than it was asked. */
export async function makeReport(
  run: ShownRun,
  questions: ReportQuestions,
  reported: MountedTabs["reported"],
): Promise<string> {
  const advice = await questions.advice();
  const tensors = run.tensors.length === 0 ? [] : await tensorsSection(run, questions);
  const before = [...reported("timeline", PAPER)];
  const after = [...tensors, ...reported("compare", PAPER)];
  return reportOf(run, advice, { before, after, madeAt: new Date(), paper: PAPER });
}

/** Which layer: all steps, in the order of the model, and the worst step. */
async function tensorsSection(run: ShownRun, { tensors }: ReportQuestions): Promise<readonly ReportSection[]> {
  const outline = await tensors("outline", (id) => ({ kind: "outline", id, knownTensors: 0 }));
  const { groups, steps, interval } = outline;
  if (groups === null || steps === null) {
    return [];
  }
  const all = rowsOf(groups, outline.tensors);
  const rows = all.slice(0, MOST_ROWS);
  const range = { min: steps.min - interval / 2, max: steps.max + interval / 2 };
  const place = placeIn(PAPER.width, range);
  const grid = gridOf(place, steps.min, interval);
  const asked = rows.map(({ kind, name }) => ({ kind, name }));
  const cells = createCellRows();
  cells.add(await tensors("cells", (id) => ({ kind: "cells", id, grid, rows: asked })));
  const atStep = await tensors("atStep", (id) => ({ kind: "atStep", id, row: null, steps: range }));
  const { theme, width } = PAPER;
  const scale = normScale(rows, outline);
  const heat = { rows, cells, place, mode: "norm", scale, palette: paletteOf(theme, "norm"), theme } as const;
  return [
    {
      title: t("Norm of each tensor by step"),
      sentences: [
        describeStep(run, atStep),
        ...(all.length > rows.length ? [t("The first {0} of {1} rows are shown.", rows.length, all.length)] : []),
      ],
      picture: tensorsFigure(run, { heat, atStep }, width),
      tables: [moversTable(atStep)],
    },
  ];
}

function rowsOf(groups: readonly OutlineGroup[], tensors: number): readonly ShownRow[] {
  const areAllFolded = tensors > MOST_ROWS;
  return shownRows(groups, { areAllFolded, except: new Set() }, { text: "", keeps: () => true });
}
