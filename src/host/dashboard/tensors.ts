import { createCells, fillRow } from "#analysis/layers/cells.ts";
import type { Cells } from "#analysis/layers/cells.ts";
import { firstAtLeast } from "#analysis/layers/samples.ts";
import { shareColumns } from "#analysis/layers/shares.ts";
import { fillGroupRow } from "#analysis/layers/squares.ts";
import { endOf } from "#analysis/layers/stepGrid.ts";
import type { FromTensors, LayerGrid, LayerRow, LogPoint, ToTensors } from "#protocol/dashboard/tensors.ts";
import { ALL_STEPS } from "#store/columns/bucket.ts";
import type { StepWindow } from "#store/columns/bucket.ts";
import type { Run } from "#store/run.ts";
import { describeStep } from "./layerAtStep.ts";
import { describeOutline } from "./layerOutline.ts";
import { samplesOfAll, samplesOfRow } from "./layerSamples.ts";
import type { TabContext } from "./tabContext.ts";

/** Answers the tab "Tensors". */
export function answerTensors(request: FromTensors, { run, post }: TabContext<ToTensors>): void {
  switch (request.kind) {
    case "outline":
      return post({ kind: "outline", id: request.id, ...describeOutline(run, request.knownTensors) });
    case "cells":
      return answerCells(request, run, post);
    case "shares":
      return answerShares(request, run, post);
    case "atStep":
      return answerAtStep(request, run, post);
    case "line":
      return answerLine(request, run, post);
  }
}

type Post = (answer: ToTensors) => void;
type Request<Kind> = Extract<FromTensors, { kind: Kind }>;

/** A request that asks for more cells is a mistake: so many fill the memory of the page. */
const MOST_CELLS = 2 ** 25;

function answerCells({ id, grid, rows }: Request<"cells">, run: Run, post: Post): void {
  if (rows.length * grid.columns <= MOST_CELLS) {
    post({ kind: "cells", id, grid, rows, ...cellsOf(run, rows, grid) });
  }
}

function cellsOf(run: Run, rows: readonly LayerRow[], grid: LayerGrid): Cells {
  const cells = createCells(rows.length * grid.columns);
  for (const [index, row] of rows.entries()) {
    const samples = samplesOfRow(run, row, windowOf(grid));
    const [only] = samples;
    if (row.kind === "tensor" && only !== undefined) {
      fillRow(cells, index, only, grid);
    } else {
      fillGroupRow(cells, index, samples, grid);
    }
  }
  return cells;
}

const MOST_SHARES = 6;

function answerShares({ id, grid }: Request<"shares">, run: Run, post: Post): void {
  const { names, ...columns } = shareColumns(samplesOfAll(run, windowOf(grid)), grid, MOST_SHARES);
  post({ kind: "shares", id, grid, names: [...names], ...columns });
}

function answerAtStep(request: Request<"atStep">, run: Run, post: Post): void {
  const described = describeStep(run, request);
  if (described !== undefined) {
    post({ kind: "atStep", id: request.id, ...described });
  }
}

function answerLine({ id, row, grid, step }: Request<"line">, run: Run, post: Post): void {
  post({ kind: "line", id, row, grid, ...cellsOf(run, [row], grid), points: pointsAround(run, row, step) });
}

/** How many samples before and after a step are told with their lines. */
const POINTS_AROUND = 4;

function pointsAround(run: Run, { kind, name }: LayerRow, step: number): LogPoint[] {
  const series = kind === "tensor" ? run.tensors().get(name) : undefined;
  if (series === undefined) {
    return [];
  }
  const { steps, values } = series.counted(ALL_STEPS);
  const place = firstAtLeast(steps, step);
  const from = Math.max(0, place - POINTS_AROUND);
  return Array.from(steps.subarray(from, place + POINTS_AROUND + 1), (at, index) => ({
    step: at,
    value: values[from + index] ?? Number.NaN,
    place: series.placeAt(at) ?? null,
  }));
}

function windowOf(grid: LayerGrid): StepWindow {
  return { from: grid.from, until: endOf(grid) };
}
