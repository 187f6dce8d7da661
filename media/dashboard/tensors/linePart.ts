import type { Axis } from "#core/series.ts";
import type { ToTensors } from "#protocol/dashboard/tensors.ts";
import { t } from "@vscode/l10n";
import { createDataTable } from "../../shared/dataTable.ts";
import { element } from "../../shared/element.ts";
import { createCellRows } from "./cellRows.ts";
import type { CellRow } from "./cellRows.ts";
import { describeColumn, describeNorm } from "./describeCell.ts";
import { createFigure } from "../figure.ts";
import { gridFor, placeOf } from "./layers.ts";
import type { Layers } from "./layers.ts";
import { createLineChart } from "./lineChart.ts";
import { createLogLines } from "./logLines.ts";

/** The chosen row's own line, with the lines of the log around the cursor. */
export interface LinePart {
  readonly element: HTMLElement;
  readonly draw: () => void;
  /** Asks anew: another row, other steps, or the run has grown. */
  readonly ask: () => void;
  /** Scrolls to the line that comes next: it was asked for from where it cannot be seen. */
  readonly showNext: () => void;
}

export function createLinePart(layers: Layers, onDidReveal: (step: number) => void): LinePart {
  const chart = createLineChart();
  const lines = createLogLines(onDidReveal);
  const table = element("div");
  const cells = createCellRows();
  const figure = createFigure({
    title: t("Norm of one tensor"),
    chart: chart.element,
    table,
    onDidSwitch: () => draw(),
  });
  figure.element.append(lines.element);
  figure.element.hidden = true;
  let isWanted = false;
  return { element: figure.element, draw, ask, showNext: () => void (isWanted = true) };

  function ask(): void {
    const { extent, selected, cursorStep, width } = layers;
    if (extent !== undefined && selected !== undefined && width > 0) {
      const grid = gridFor(placeOf(layers, extent), extent);
      const row = { kind: selected.kind, name: selected.name };
      layers.asker.ask("line", {
        request: (id) => ({ kind: "line", id, row, grid, step: cursorStep }),
        receive: (answer) => receive(answer),
      });
    }
    draw();
  }

  function receive(answer: ToTensors): void {
    if (answer.kind === "line") {
      cells.clear();
      cells.add(answer);
      lines.show(answer.points, layers.cursorStep);
      draw();
      if (isWanted && figure.element.hidden === false) {
        isWanted = false;
        figure.element.scrollIntoView({ block: "nearest" });
      }
    }
  }

  function draw(): void {
    const { extent, selected, theme, cursorStep, width } = layers;
    const shown = selected && cells.get(selected);
    figure.element.hidden = shown === undefined;
    if (extent === undefined || selected === undefined || shown === undefined || width <= 0) {
      return;
    }
    figure.setTitle(selected.kind === "group" ? t("{0}, all its tensors", selected.name) : selected.name);
    if (figure.isTable()) {
      table.replaceChildren(tableOf(shown, layers.session.run?.axis));
    } else {
      chart.draw({ cells: shown, place: placeOf(layers, extent), theme, cursorStep });
    }
    const cell = Math.floor((cursorStep - shown.grid.from) / shown.grid.width);
    figure.describe(
      `${selected.name}, ${describeColumn(shown.grid, cursorStep, layers.session.run?.axis)}: ${describeNorm(shown, cell)}`,
    );
  }
}

function tableOf(cells: CellRow, axis: Axis | undefined): HTMLElement {
  const filled = Array.from(cells.steps.keys()).filter((cell) => (cells.steps[cell] ?? 0) > 0);
  const middle = (cell: number): number => cells.grid.from + (cell + 0.5) * cells.grid.width;
  const table = createDataTable<number>({
    label: t("Norm by steps"),
    order: { column: "", descending: false },
    onDidSort: () => undefined,
    columns: [
      {
        id: "steps",
        label: t("Steps"),
        title: t("Steps of the log"),
        align: "left",
        valueOf: (cell) => cell,
        cell: (cell) => describeColumn(cells.grid, middle(cell), axis),
      },
      {
        id: "most",
        label: t("Norm"),
        title: t("The largest norm at these steps"),
        align: "right",
        valueOf: (cell) => cells.most[cell] ?? null,
        cell: (cell) => describeNorm(cells, cell),
      },
    ],
  });
  table.show(filled);
  return table.element;
}
