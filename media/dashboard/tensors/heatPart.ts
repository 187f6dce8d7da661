import type { ToTensors } from "#protocol/dashboard/tensors.ts";
import { createCellRows } from "./cellRows.ts";
import { describeCell } from "./describeCell.ts";
import { createFigure } from "./figure.ts";
import { attachHeatKeys, HEAT_KEYS_HELP } from "./heatKeys.ts";
import { createHeatmap } from "./heatmap.ts";
import { createHeatTable, TABLE_COLUMNS } from "./heatTable.ts";
import type { HeatView } from "./heatView.ts";
import { gridFor, placeOf } from "./layers.ts";
import type { Extent, Layers } from "./layers.ts";
import { createLegend } from "./legend.ts";
import type { Scale } from "./paintRow.ts";
import { paletteOf } from "./palette.ts";
import { createRowFilter } from "./rowFilter.ts";
import { isSameRow, shownRows } from "./rows.ts";
import type { Folds, ShownRow } from "./rows.ts";
import { element } from "../../shared/element.ts";

/** The picture of all tensors, with what it needs from the host. */
export interface HeatPart {
  readonly element: HTMLElement;
  readonly draw: () => void;
  /** Other rows: folded, filtered, or another run. */
  readonly arrange: () => void;
  /** The run has grown: what is on screen is asked for anew. */
  readonly renew: () => void;
  readonly clear: () => void;
  readonly rows: () => readonly ShownRow[];
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

/** More tensors than this are folded at first. */
export const FEW_TENSORS = 60;
/** Cells of one question: a large answer would keep the next one waiting. */
const CELLS_AT_ONCE = 150_000;

export function createHeatPart(layers: Layers, actions: HeatActions): HeatPart {
  const cells = createCellRows();
  const legend = createLegend();
  const table = createHeatTable();
  let rows: readonly ShownRow[] = [];
  let cursorRow = 0;
  const heatmap = createHeatmap({
    ...actions,
    didScroll: askCells,
    choose: (row, step) => chooseRow(row, step),
    fold: (row) => foldAt(row),
  });
  const help = element("p", { class: "visually-hidden", text: HEAT_KEYS_HELP, attributes: { id: "heat-keys" } });
  heatmap.focusable.setAttribute("aria-describedby", "heat-keys");
  const figure = createFigure({
    title: "Norm of each tensor by step",
    chart: element("div", {}, [legend.element, heatmap.element, help]),
    table: table.element,
    onDidSwitch: () => draw(),
  });
  attachHeatKeys(heatmap.focusable, {
    moveRow: (by) => moveTo(cursorRow + by, layers.cursorStep),
    moveStep: (direction) => {
      const { grid } = viewOf(layers.extent) ?? {};
      moveTo(cursorRow, layers.cursorStep + direction * (grid?.width ?? 0));
    },
    choose: () => chooseRow(cursorRow, layers.cursorStep),
    fold: () => foldAt(cursorRow),
    zoom: (factor) => actions.zoomAt(layers.cursorStep, factor),
    pan: actions.pan,
    reset: () => actions.zoomTo(undefined),
  });
  return { element: figure.element, draw, arrange, renew, clear, rows: () => rows, reveal };

  function arrange(): void {
    const { filter } = layers.state;
    const before = rows[cursorRow];
    rows = shownRows(layers.groups, foldsOf(layers), { text: filter, keeps: createRowFilter(filter) });
    cursorRow = Math.max(
      0,
      rows.findIndex((row) => isSameRow(row, before)),
    );
    draw();
  }

  function renew(): void {
    cells.age();
    draw();
  }

  function clear(): void {
    cells.clear();
    rows = [];
    cursorRow = 0;
  }

  function draw(): void {
    const view = viewOf(layers.extent);
    if (view === undefined) {
      return;
    }
    if (figure.isTable()) {
      askTable();
      return;
    }
    const { palette, scale, mode, theme } = view;
    legend.draw({ palette, scale, mode, theme });
    heatmap.draw(view);
    describe(view);
    askCells();
  }

  function describe({ place }: HeatView): void {
    const [min, max] = [Math.ceil(place.range.min), Math.floor(place.range.max)];
    const text = `Norms of ${layers.extent?.tensors ?? 0} tensors in ${rows.length} rows as colours, steps ${min} to ${max}.`;
    figure.describe(text);
    heatmap.focusable.setAttribute("aria-label", text);
  }

  function viewOf(extent: Extent | undefined): HeatView | undefined {
    if (extent === undefined || layers.width <= 0) {
      return undefined;
    }
    const { state, theme, session, selected } = layers;
    const place = placeOf(layers, extent);
    return {
      rows,
      rowHeight: state.rowHeight,
      place,
      grid: gridFor(place, extent),
      cells,
      mode: state.mode,
      scale: state.mode === "norm" ? extent.scale : CHANGE_SCALE,
      palette: paletteOf(theme, state.mode),
      theme,
      cursor: { row: cursorRow, step: layers.cursorStep },
      selected,
      findings: session.run?.findings ?? [],
    };
  }

  function askCells(): void {
    const view = viewOf(layers.extent);
    const missing = view && heatmap.wanted().filter((row) => !view.cells.isFresh(row, view.grid));
    if (view === undefined || missing === undefined || missing.length === 0) {
      return;
    }
    const { grid } = view;
    const asked = missing.slice(0, Math.max(1, Math.floor(CELLS_AT_ONCE / grid.columns)));
    layers.asker.ask("heat", {
      request: (id) => ({ kind: "cells", id, grid, rows: asked.map(({ kind, name }) => ({ kind, name })) }),
      receive: (answer) => receiveCells(answer),
    });
  }

  function receiveCells(answer: ToTensors): void {
    if (answer.kind === "cells") {
      cells.add(answer);
      draw();
    }
  }

  function askTable(): void {
    const view = viewOf(layers.extent);
    if (view !== undefined) {
      const { min, max } = view.place.range;
      const grid = { from: min, width: ((max - min) / TABLE_COLUMNS) * (1 + 1e-9), columns: TABLE_COLUMNS };
      const asked = rows;
      layers.asker.ask("table", {
        request: (id) => ({ kind: "cells", id, grid, rows: asked.map(({ kind, name }) => ({ kind, name })) }),
        receive: (answer) => answer.kind === "cells" && table.show(asked, answer),
      });
    }
  }

  function moveTo(row: number, step: number): void {
    const view = viewOf(layers.extent);
    if (view !== undefined) {
      cursorRow = Math.max(0, Math.min(rows.length - 1, row));
      layers.cursorStep = Math.max(view.place.range.min, Math.min(view.place.range.max, step));
      heatmap.scrollTo(cursorRow);
      heatmap.draw({ ...view, cursor: { row: cursorRow, step: layers.cursorStep } });
      askCells();
      const shown = rows[cursorRow];
      layers.session.say(shown === undefined ? "" : describeCell(shown, cells.get(shown), layers.cursorStep));
    }
  }

  function chooseRow(index: number, step: number): void {
    const row = rows[index];
    if (row !== undefined) {
      cursorRow = index;
      actions.choose(row, step);
    }
  }

  function foldAt(index: number): void {
    const row = rows[index];
    if (row !== undefined) {
      cursorRow = index;
      actions.fold(row.group);
    }
  }

  function reveal(wanted: Pick<ShownRow, "kind" | "name">): void {
    const index = rows.findIndex((row) => isSameRow(row, wanted));
    if (index >= 0) {
      cursorRow = index;
      heatmap.scrollTo(index);
    }
  }
}

/** Where nobody chose, many tensors are folded. */
export function foldsOf({ state, extent }: Layers): Folds {
  return state.folds ?? { areAllFolded: (extent?.tensors ?? 0) > FEW_TENSORS, except: new Set() };
}

/** A hundredth to a hundredfold of what is usual. */
const CHANGE_SCALE: Scale = { low: -2, high: 2 };
