import { element, setText } from "../../shared/element.ts";
import { createCanvas } from "./canvas.ts";
import { describeCell } from "./describeCell.ts";
import { createHeatBody } from "./heatBody.ts";
import { drawCursor } from "./heatCursor.ts";
import { attachHeatGestures } from "./heatGestures.ts";
import { drawNames } from "./heatNames.ts";
import { rowsInSight } from "./heatView.ts";
import type { HeatView, Sight } from "./heatView.ts";
import { stepAt } from "./place.ts";
import type { ShownRow } from "./rows.ts";
import { AXIS_HEIGHT, drawStepAxis } from "./stepAxis.ts";

/** Tensors from top to bottom, steps from left to right, norms as colours. */
export interface Heatmap {
  readonly element: HTMLElement;
  /** What takes the keys. */
  readonly focusable: HTMLElement;
  readonly draw: (view: HeatView) => void;
  /** The rows on screen and around it. */
  readonly wanted: () => readonly ShownRow[];
  readonly scrollTo: (row: number) => void;
}

export interface HeatmapActions {
  readonly didScroll: () => void;
  readonly choose: (row: number, step: number) => void;
  readonly fold: (row: number) => void;
  /** Steps to zoom to; all of them when undefined. */
  readonly zoomTo: (range: { min: number; max: number } | undefined) => void;
  readonly zoomAt: (step: number, factor: number) => void;
  readonly pan: (share: number) => void;
}

/** CSS pixels. */
const MOST_HEIGHT = 460;
/** Rows above and below that are read before they come into sight, as a part of those in sight. */
const AHEAD = 0.5;

export function createHeatmap(actions: HeatmapActions): Heatmap {
  const canvas = createCanvas({ class: "heat-canvas" });
  const axis = createCanvas({ class: "heat-axis" });
  const space = element("div", { class: "heat-space" }, [canvas.element]);
  const scroller = element("div", { class: "heat-scroller", attributes: { role: "img", tabindex: "0" } }, [space]);
  const brush = element("div", { class: "heat-brush" });
  const tip = element("div", { class: "heat-tip", attributes: { "aria-hidden": "true" } });
  brush.hidden = true;
  tip.hidden = true;
  const body = createHeatBody();
  let view: HeatView | undefined;
  scroller.addEventListener("scroll", () => {
    paint();
    actions.didScroll();
  });
  attachHeatGestures(canvas.element, {
    point: (x, y) => showTip(x, y),
    leave: () => (tip.hidden = true),
    click,
    brushing: (from, to) => showBrush(Math.min(from, to), Math.max(from, to)),
    brushed(from, to) {
      brush.hidden = true;
      if (view !== undefined) {
        const { place } = view;
        const [min, max] = [Math.min(from, to), Math.max(from, to)].map((x) => stepAt(place, x - place.left));
        actions.zoomTo({ min: min ?? 0, max: max ?? 0 });
      }
    },
    panned: (pixels) => view && actions.pan(pixels / view.place.width),
    zoomed: (x, factor) => view && actions.zoomAt(stepAt(view.place, x - view.place.left), factor),
    reset: () => actions.zoomTo(undefined),
  });
  return {
    element: element("div", { class: "heat" }, [scroller, axis.element, brush, tip]),
    focusable: scroller,
    draw(newView) {
      view = newView;
      const height = view.rows.length * view.rowHeight;
      space.style.setProperty("height", `${height}px`);
      scroller.style.setProperty("height", `${Math.min(MOST_HEIGHT, height)}px`);
      paint();
    },
    wanted() {
      if (view === undefined) {
        return [];
      }
      const { top, height } = sight();
      const ahead = height * AHEAD;
      return view.rows.slice(...rowsInSight(view, { top: Math.max(0, top - ahead), height: height + 2 * ahead }));
    },
    scrollTo(row) {
      const rowHeight = view?.rowHeight ?? 0;
      const { top, height } = sight();
      if (row * rowHeight < top || (row + 1) * rowHeight > top + height) {
        scroller.scrollTop = row * rowHeight - height / 2;
      }
    },
  };

  function sight(): Sight {
    const all = view === undefined ? 0 : view.rows.length * view.rowHeight;
    return { top: scroller.scrollTop, height: Math.min(MOST_HEIGHT, all) };
  }

  function paint(): void {
    if (view === undefined) {
      return;
    }
    const shown = view;
    const seen = sight();
    const width = shown.place.left + shown.place.width;
    canvas.paint({ width, height: Math.max(1, seen.height) }, (context) => {
      body.draw(context, shown, seen);
      drawNames(context, shown, seen);
      drawCursor(context, shown, seen);
    });
    axis.paint({ width: scroller.clientWidth, height: AXIS_HEIGHT }, (context) => {
      const { place, theme, findings } = shown;
      drawStepAxis(context, { place, theme, findings, top: 0 });
    });
  }

  function rowAt(y: number): number {
    return view === undefined ? -1 : Math.floor((sight().top + y) / view.rowHeight);
  }

  function click(x: number, y: number): void {
    const row = rowAt(y);
    const shown = view?.rows[row];
    if (view === undefined || shown === undefined) {
      return;
    }
    if (x < view.place.left) {
      if (shown.kind === "group") {
        actions.fold(row);
      } else {
        actions.choose(row, view.cursor.step);
      }
    } else {
      actions.choose(row, stepAt(view.place, x - view.place.left));
    }
  }

  function showTip(x: number, y: number): void {
    const row = view?.rows[rowAt(y)];
    if (view === undefined || row === undefined) {
      tip.hidden = true;
      return;
    }
    const isOnCells = x >= view.place.left;
    setText(
      tip,
      isOnCells ? describeCell(row, view.cells.get(row), stepAt(view.place, x - view.place.left)) : row.name,
    );
    tip.hidden = false;
    const isLeft = x < (view.place.left + view.place.width) / 2;
    tip.style.setProperty("left", isLeft ? `${x + 14}px` : "auto");
    tip.style.setProperty("right", isLeft ? "auto" : `${scroller.clientWidth - x + 14}px`);
    tip.style.setProperty("top", `${y + 16}px`);
  }

  function showBrush(from: number, to: number): void {
    brush.hidden = false;
    brush.style.setProperty("left", `${from}px`);
    brush.style.setProperty("width", `${to - from}px`);
  }
}
