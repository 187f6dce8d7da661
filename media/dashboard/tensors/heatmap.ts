import { element } from "../../shared/element.ts";
import { describeCell } from "./describeCell.ts";
import { attachHeatGestures } from "./heatGestures.ts";
import { createHeatOverlay } from "./heatOverlay.ts";
import type { HeatOverlay } from "./heatOverlay.ts";
import { createHeatSurface } from "./heatSurface.ts";
import { rowsInSight } from "./heatView.ts";
import type { HeatView, Sight } from "./heatView.ts";
import { stepAt } from "./place.ts";
import type { ShownRow } from "./rows.ts";

/** Tensors from top to bottom, steps from left to right, norms as colours. */
export interface Heatmap {
  readonly element: HTMLElement;
  /** What takes the keys. */
  readonly focusable: HTMLElement;
  readonly draw: (view: HeatView) => void;
  /** The rows on screen. */
  readonly inSight: () => readonly ShownRow[];
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

/** Rows above and below that are read before they come into sight, as a part of those in sight. */
const AHEAD = 0.5;

export function createHeatmap(actions: HeatmapActions): Heatmap {
  const surface = createHeatSurface();
  const overlay = createHeatOverlay();
  let view: HeatView | undefined;
  const withView = (act: (shown: HeatView) => void): void => {
    if (view !== undefined) {
      act(view);
    }
  };
  surface.scroller.addEventListener("scroll", () => {
    withView(surface.drawRows);
    actions.didScroll();
  });
  attachHeatGestures(surface.canvas, {
    point: (x, y) => withView((shown) => showTip(overlay, shown, { x, y, sight: surface.sight() })),
    leave: () => overlay.showTip(undefined, { x: 0, y: 0, width: 0 }),
    click: (x, y) => withView((shown) => click(actions, shown, { x, y, sight: surface.sight() })),
    brushing: overlay.showBrush,
    brushed(from, to) {
      overlay.showBrush(from, from);
      withView(({ place }) => {
        const [one, other] = [stepAt(place, from - place.left), stepAt(place, to - place.left)];
        actions.zoomTo({ min: Math.min(one, other), max: Math.max(one, other) });
      });
    },
    panned: (pixels) => withView(({ place }) => actions.pan(pixels / place.width)),
    zoomed: (x, factor) => withView(({ place }) => actions.zoomAt(stepAt(place, x - place.left), factor)),
    reset: () => actions.zoomTo(undefined),
  });
  surface.canvas.addEventListener("contextmenu", ({ offsetY }) =>
    withView((shown) => describeForMenu(surface.canvas, rowAt(shown, surface.sight(), offsetY))),
  );
  return {
    element: element("div", { class: "heat" }, [surface.scroller, surface.axis, ...overlay.elements]),
    focusable: surface.scroller,
    draw(newView) {
      view = newView;
      surface.draw(newView);
    },
    inSight: () => (view === undefined ? [] : view.rows.slice(...rowsInSight(view, surface.sight()))),
    wanted: () => (view === undefined ? [] : rowsAround(view, surface.sight())),
    scrollTo: surface.scrollTo,
  };
}

function rowsAround(view: HeatView, { top, height }: Sight): readonly ShownRow[] {
  const ahead = height * AHEAD;
  return view.rows.slice(...rowsInSight(view, { top: Math.max(0, top - ahead), height: height + 2 * ahead }));
}

/** VS Code reads the attribute when its own listener hears of the right click, after this one. */
function describeForMenu(canvas: HTMLElement, row: ShownRow | undefined): void {
  if (row?.kind === "tensor") {
    const context = {
      webviewSection: "tensor",
      preventDefaultContextMenuItems: true,
      hasTensor: true,
      tensor: row.name,
    };
    canvas.dataset["vscodeContext"] = JSON.stringify(context);
  } else {
    delete canvas.dataset["vscodeContext"];
  }
}

function rowAt({ rows, rowHeight }: HeatView, { top }: Sight, y: number): ShownRow | undefined {
  return rows[Math.floor((top + y) / rowHeight)];
}

/** A position on the canvas, in CSS pixels. */
interface Spot {
  readonly x: number;
  readonly y: number;
  readonly sight: Sight;
}

/** A name folds its group or shows its line; a cell is chosen with its steps. */
function click(actions: HeatmapActions, view: HeatView, { x, y, sight }: Spot): void {
  const index = Math.floor((sight.top + y) / view.rowHeight);
  const row = view.rows[index];
  const isOnName = x < view.place.left;
  if (row?.kind === "group" && isOnName) {
    actions.fold(index);
  } else if (row !== undefined) {
    actions.choose(index, isOnName ? view.cursor.step : stepAt(view.place, x - view.place.left));
  }
}

function showTip(overlay: HeatOverlay, view: HeatView, { x, y, sight }: Spot): void {
  const { place, cells, axis } = view;
  const row = rowAt(view, sight, y);
  const isOnName = x < place.left;
  const text =
    row && (isOnName ? row.name : describeCell(row, cells.get(row), { step: stepAt(place, x - place.left), axis }));
  overlay.showTip(text, { x, y, width: place.left + place.width });
}
