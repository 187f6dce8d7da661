import type { Axis } from "#core/series.ts";
import { stepsFromTo } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import { createCellRows } from "./cellRows.ts";
import type { CellRows } from "./cellRows.ts";
import { describeCell } from "./describeCell.ts";
import { createFigure } from "../figure.ts";
import { askForCells, askForTable } from "./heatFeed.ts";
import { attachHeatKeys, HEAT_KEYS_HELP } from "./heatKeys.ts";
import type { HeatPicture } from "./heatFigure.ts";
import { createHeatmap } from "./heatmap.ts";
import { createHeatTable } from "./heatTable.ts";
import type { HeatView } from "./heatView.ts";
import { foldsOf, gridFor, placeOf } from "./layers.ts";
import type { Layers } from "./layers.ts";
import { createLegend } from "./legend.ts";
import { normScale } from "./normScale.ts";
import type { Scale } from "./paintRow.ts";
import { paletteOf } from "./palette.ts";
import { createRowFilter } from "./rowFilter.ts";
import { isSameRow, shownRows } from "./rows.ts";
import type { ShownRow } from "./rows.ts";

/** The picture of all tensors, with what it needs from the host. */
export interface HeatPart {
  readonly element: HTMLElement;
  readonly draw: () => void;
  /** Other rows: folded, filtered, or another run. */
  readonly arrange: () => void;
  /** The run has grown: what is on screen is asked for anew. */
  readonly renew: () => void;
  readonly clear: () => void;
  /** The rows in sight; undefined while there are none. */
  readonly picture: () => HeatPicture | undefined;
  /** Shows a row in the middle, if it is there. */
  readonly reveal: (row: Pick<ShownRow, "kind" | "name">) => void;
}

export interface HeatActions {
  readonly choose: (row: ShownRow, step: number) => void;
  readonly fold: (group: string) => void;
  readonly zoomTo: (range: { min: number; max: number } | undefined) => void;
  readonly zoomAt: (step: number, factor: number) => void;
  readonly pan: (share: number) => void;
}

export function createHeatPart(layers: Layers, actions: HeatActions): HeatPart {
  const heat = createHeat(layers, actions);
  attachHeatKeys(heat.map.focusable, {
    moveRow: (by) => moveTo(heat, heat.cursorRow + by, layers.cursorStep),
    moveStep: (by) => moveTo(heat, heat.cursorRow, layers.cursorStep + by * (viewOf(heat)?.grid.width ?? 0)),
    choose: () => choose(heat, heat.cursorRow, layers.cursorStep),
    fold: () => fold(heat, heat.cursorRow),
    zoom: (factor) => actions.zoomAt(layers.cursorStep, factor),
    pan: actions.pan,
    reset: () => actions.zoomTo(undefined),
  });
  return {
    element: heat.figure.element,
    draw: () => draw(heat),
    arrange: () => arrange(heat),
    renew() {
      heat.cells.age();
      draw(heat);
    },
    picture() {
      const view = viewOf(heat);
      return view && { ...view, rows: heat.map.inSight() };
    },
    clear() {
      heat.cells.clear();
      heat.rows = [];
      heat.cursorRow = 0;
    },
    reveal(wanted) {
      const index = heat.rows.findIndex((row) => isSameRow(row, wanted));
      if (index >= 0) {
        heat.cursorRow = index;
        heat.map.scrollTo(index);
      }
    },
  };
}

interface Heat {
  readonly layers: Layers;
  readonly actions: HeatActions;
  readonly cells: CellRows;
  readonly map: ReturnType<typeof createHeatmap>;
  readonly legend: ReturnType<typeof createLegend>;
  readonly table: ReturnType<typeof createHeatTable>;
  readonly figure: ReturnType<typeof createFigure>;
  rows: readonly ShownRow[];
  cursorRow: number;
}

function createHeat(layers: Layers, actions: HeatActions): Heat {
  const map = createHeatmap({
    ...actions,
    didScroll: () => askCells(heat),
    choose: (row, step) => choose(heat, row, step),
    fold: (row) => fold(heat, row),
  });
  const legend = createLegend();
  const table = createHeatTable();
  const help = element("p", { class: "visually-hidden", text: HEAT_KEYS_HELP, attributes: { id: "heat-keys" } });
  map.focusable.setAttribute("aria-describedby", "heat-keys");
  const figure = createFigure({
    title: t("Norm of each tensor by step"),
    chart: element("div", {}, [legend.element, map.element, help]),
    table: table.element,
    onDidSwitch: () => draw(heat),
  });
  const heat: Heat = { layers, actions, cells: createCellRows(), map, legend, table, figure, rows: [], cursorRow: 0 };
  return heat;
}

function arrange(heat: Heat): void {
  const { filter } = heat.layers.state;
  const before = heat.rows[heat.cursorRow];
  heat.rows = shownRows(heat.layers.groups, foldsOf(heat.layers), { text: filter, keeps: createRowFilter(filter) });
  heat.cursorRow = Math.max(
    0,
    heat.rows.findIndex((row) => isSameRow(row, before)),
  );
  draw(heat);
}

function draw(heat: Heat): void {
  const view = viewOf(heat);
  if (view === undefined) {
    return;
  }
  const { layers, map, legend, figure, table } = heat;
  if (figure.isTable()) {
    askForTable(layers.asker, view, table);
    return;
  }
  legend.draw(view);
  map.draw(view);
  const text = describe(view, layers.extent?.tensors ?? 0);
  figure.describe(text);
  map.focusable.setAttribute("aria-label", text);
  askCells(heat);
}

function axisOf({ layers: { session } }: Heat): Axis | undefined {
  return session.run?.axis;
}

function describe({ place: { range }, rows, axis }: HeatView, tensors: number): string {
  const [min, max] = [Math.ceil(range.min), Math.floor(range.max)];
  return t("Norms of {0} tensors in {1} rows as colours, {2}.", tensors, rows.length, stepsFromTo(min, max, axis));
}

/** A hundredth to a hundredfold of what is usual. */
const CHANGE_SCALE: Scale = { low: -2, high: 2 };

function viewOf({ layers, rows, cells, cursorRow }: Heat): HeatView | undefined {
  const { extent, state, theme, session, selected } = layers;
  if (extent === undefined || layers.width <= 0) {
    return undefined;
  }
  const place = placeOf(layers, extent);
  return {
    rows,
    rowHeight: state.rowHeight,
    place,
    axis: session.run?.axis,
    grid: gridFor(place, extent),
    cells,
    mode: state.mode,
    scale: state.mode === "norm" ? normScale(rows, extent) : CHANGE_SCALE,
    palette: paletteOf(theme, state.mode),
    theme,
    cursor: { row: cursorRow, step: layers.cursorStep },
    selected,
    findings: session.run?.findings ?? [],
  };
}

function askCells(heat: Heat): void {
  const view = viewOf(heat);
  if (view !== undefined) {
    askForCells(heat.layers.asker, view, { wanted: heat.map.wanted(), didArrive: () => draw(heat) });
  }
}

function moveTo(heat: Heat, row: number, step: number): void {
  const range = viewOf(heat)?.place.range;
  if (range !== undefined) {
    heat.cursorRow = Math.max(0, Math.min(heat.rows.length - 1, row));
    heat.layers.cursorStep = Math.max(range.min, Math.min(range.max, step));
    heat.map.scrollTo(heat.cursorRow);
    draw(heat);
    const shown = heat.rows[heat.cursorRow];
    heat.layers.session.say(
      shown === undefined
        ? ""
        : describeCell(shown, heat.cells.get(shown), { step: heat.layers.cursorStep, axis: axisOf(heat) }),
    );
  }
}

function choose(heat: Heat, index: number, step: number): void {
  const row = heat.rows[index];
  if (row !== undefined) {
    heat.cursorRow = index;
    heat.actions.choose(row, step);
  }
}

function fold(heat: Heat, index: number): void {
  const row = heat.rows[index];
  if (row !== undefined) {
    heat.cursorRow = index;
    heat.actions.fold(row.group);
  }
}
